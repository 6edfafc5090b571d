"""Runs one module in its own process."""
