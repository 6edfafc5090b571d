"""Keeps the word index behind the log, so that appending never waits for it.

Putting words into the index costs several times what the append costs. So the append leaves it
out, and the index follows in small steps when things are quiet; a search first lets it come up to
the head. There is one way to find things and no second one for what is not indexed yet.
"""

from __future__ import annotations

import asyncio
import sqlite3

import msgspec

from streamcore.core.journal.words import index_words
from streamcore.core.store import Store

__all__ = ["Indexer", "indexed_to", "remove_words"]

STEP = 200
"""Events in one transaction; appends that come meanwhile wait for it, a few milliseconds."""

_ADD = """
    INSERT INTO search (rowid, words, kind)
    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)"""
_REMOVE = """
    INSERT INTO search (search, rowid, words, kind)
    SELECT 'delete', value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)"""

Row = tuple[int, int, bytes]
"""Number, kind, encoded event."""


class Indexer:
    """Brings the word index up to a number of the log, one caller at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = asyncio.Lock()

    async def catch_up(self, head: int) -> None:
        """Index every event up to `head`."""
        async with self._lock:
            while await self._step(head):
                pass

    async def _step(self, head: int) -> bool:
        rows, entries = await self._store.read(lambda connection: _next_entries(connection, head))
        if rows == 0:
            return False
        last = max(entry[0] for entry in entries)
        await self._store.write(lambda c: _add(c, entries, last), durable=False)
        return rows == STEP


def indexed_to(connection: sqlite3.Connection) -> int:
    """Return the last number that is in the index."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'indexed'").fetchone()
    return int(row[0]) if row is not None else 0


def remove_words(connection: sqlite3.Connection, rows: list[Row]) -> None:
    """Take events that are about to be deleted out of the index; all must be in it."""
    entries = [entry for entry in map(_entry, rows) if entry[1]]
    if entries:
        connection.execute(_REMOVE, (msgspec.json.encode(entries).decode(),))


def _next_entries(
    connection: sqlite3.Connection, head: int
) -> tuple[int, list[tuple[int, str, str]]]:
    statement = "SELECT seq, kind, body FROM log WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
    rows: list[Row] = connection.execute(statement, (indexed_to(connection), head, STEP)).fetchall()
    return len(rows), [_entry(row) for row in rows]


def _entry(row: Row) -> tuple[int, str, str]:
    seq, kind, body = row
    return seq, index_words(body), str(kind)


def _add(connection: sqlite3.Connection, entries: list[tuple[int, str, str]], last: int) -> None:
    wordy = [entry for entry in entries if entry[1]]
    if wordy:
        connection.execute(_ADD, (msgspec.json.encode(wordy).decode(),))
    connection.execute(
        "INSERT INTO meta VALUES ('indexed', ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (last,),
    )
