"""Copies the database while it is in use, in slices that nobody notices.

A copy holds what cannot be had again: every donation, what modules, sessions and overlays keep, the
audit, and the newest part of the log. All of a long log every day would be gigabytes written for
old chat; who wants that asks for it with `streamcore backup`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

from streamcore.core.journal.reading import Kind, load_kinds
from streamcore.core.store.opening import open_reader, open_writer
from streamcore.core.store.tables import small_tables
from streamcore.protocol.events import EVENTS
from streamcore.protocol.permissions import Permission

__all__ = ["NEWEST", "check_copy", "copy_in_slices", "is_donation"]

NEWEST = 50_000
"""Events of any kind in a copy: some 40 MB, days of a usual chat."""
SLICE = 1_000

_COLUMNS = "SELECT seq, kind, received_ms, body FROM log"
_OLD = (
    f"{_COLUMNS} INDEXED BY log_kind WHERE kind = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
)
_NEW = f"{_COLUMNS} WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"


def is_donation(kind: Kind) -> bool:
    """Tell what is kept for good: the streamer's own accounts."""
    cls = EVENTS.get(kind.type)
    return cls is not None and cls.permission is Permission.DONATIONS_READ


def copy_in_slices(database: Path, partial: Path) -> Generator[None, None, None]:
    """Write a copy; between two steps the caller may rest, or leave off.

    The copy is synced slice by slice: one large sync would hold up those of the log.
    """
    with closing(open_reader(database)) as source, closing(open_writer(partial)) as copy:
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = NORMAL")
        source.execute("BEGIN")
        for table in small_tables(source):
            columns = len(source.execute(f"PRAGMA table_info({table})").fetchall())
            insert = f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * columns)})"  # noqa: S608 - a name of ours
            rows = source.execute(f"SELECT * FROM {table}")  # noqa: S608 - a name of ours
            while part := rows.fetchmany(SLICE):
                copy.execute("BEGIN")
                copy.executemany(insert, part)
                copy.execute("COMMIT")
                yield
        # Up to here and no further: in a storm the end of the log is not to be caught.
        (head,) = source.execute("SELECT ifnull(max(seq), 0) FROM log").fetchone()
        source.execute("ROLLBACK")
        old_to = head - NEWEST
        for kind in filter(is_donation, load_kinds(source)):
            yield from _copy(source, copy, lambda after, k=kind: (_OLD, (k.id, after, old_to)), 0)  # type: ignore[misc]
        yield from _copy(source, copy, lambda after: (_NEW, (after, head)), max(old_to, 0))


def _copy(
    source: sqlite3.Connection,
    copy: sqlite3.Connection,
    query: Callable[[int], tuple[str, tuple[int, ...]]],
    after: int,
) -> Generator[None, None, None]:
    while True:
        statement, parameters = query(after)
        rows = source.execute(statement, (*parameters, SLICE)).fetchall()
        copy.execute("BEGIN")
        copy.executemany("INSERT OR IGNORE INTO log VALUES (?, ?, ?, ?)", rows)
        copy.execute("COMMIT")
        if len(rows) < SLICE:
            return
        after = rows[-1][0]
        yield


def check_copy(partial: Path) -> None:
    """Raise sqlite3.DatabaseError when a copy is not whole."""
    with closing(open_reader(partial)) as copy:
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    descriptor = os.open(partial, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
