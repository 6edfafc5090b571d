"""Generators: from the protocol's Python types to every other form of them."""
