"""Looks over the whole database while it is in use, in slices that nobody notices."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from streamcore.core.store.opening import open_reader
from streamcore.core.store.tables import small_tables

__all__ = ["check_in_slices"]

SLICE = 1_000
_LONG_TABLES = (
    # Looking for something in the body has all of it read.
    "SELECT max(seq), total(instr(body, x'00')) FROM "
    "(SELECT seq, body FROM log WHERE seq > ? ORDER BY seq LIMIT ?)",
    "SELECT max(key), total(at_ms) FROM "
    "(SELECT key, at_ms FROM seen WHERE key > ? ORDER BY key LIMIT ?)",
)
FIRST = -(1 << 63)


def check_in_slices(database: Path) -> Generator[None, None, None]:
    """Read every row; between two steps the caller may rest, or leave off.

    Raises sqlite3.DatabaseError where something is damaged.
    """
    with closing(open_reader(database)) as source:
        for table in small_tables(source):
            row = source.execute(f"PRAGMA quick_check('{table}')").fetchone()
            if row is not None and row[0] != "ok":
                raise sqlite3.DatabaseError(str(row[0]).splitlines()[-1])
            yield
        for statement in _LONG_TABLES:
            after: int | None = FIRST
            while after is not None:
                after = source.execute(statement, (after, SLICE)).fetchone()[0]
                yield
