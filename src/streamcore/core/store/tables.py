"""Which tables of the database grow with the stream, and which stay small."""

from __future__ import annotations

import sqlite3

__all__ = ["small_tables"]

GROWING = frozenset({"log", "seen"})


def small_tables(connection: sqlite3.Connection) -> list[str]:
    """Return the tables that do not, by name; the schema itself is asked, so none is forgotten."""
    found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    # A database of schema 1 has its word index inside, and that grows too.
    return [
        name
        for (name,) in found.fetchall()
        if name not in GROWING and not name.startswith(("sqlite_", "search"))
    ]
