"""The words that core, SDK, module pages and dashboard share: light types, no I/O.

One source: JSON Schema, OpenAPI and TypeScript are generated from these types.
"""

from __future__ import annotations

__all__ = ["PROTOCOL_VERSION"]

PROTOCOL_VERSION = 1
"""Raised when something is removed or renamed; adding is free."""
