"""What SQLite's result codes say (https://www.sqlite.org/rescode.html)."""

from __future__ import annotations

import sqlite3

__all__ = ["is_damage", "primary_code"]


def primary_code(error: BaseException) -> int:
    """Return the primary result code, 0 for an error that SQLite gave no code."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def is_damage(error: BaseException) -> bool:
    """Tell whether the file itself is damaged."""
    return primary_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
