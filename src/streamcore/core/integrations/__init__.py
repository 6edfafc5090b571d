"""Adapters: every platform behind one interface, each a stranger to the others."""
