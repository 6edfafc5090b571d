"""Removes what is too old or too much, oldest first, in slices that nobody notices.

Donations are never removed: they are the streamer's own accounts.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from streamcore.core.journal.indexing import Row, indexed_to, remove_words
from streamcore.core.journal.reading import Kind, rows_upwards
from streamcore.core.store import Store
from streamcore.protocol.events import EVENTS
from streamcore.protocol.permissions import Permission

__all__ = ["Bounds", "prune", "prune_seen"]

SLICE = 200


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may stay."""

    oldest_ms: int
    max_bytes: int


async def prune(store: Store, bounds: Bounds) -> int:
    """Remove slices until the log is inside its bounds and return how many events went."""
    removed = 0
    after = 0
    while True:
        rows = await store.read(lambda c, after=after: _next_slice(c, bounds, after))  # type: ignore[misc]
        if not rows:
            return removed
        await store.write(lambda c, rows=rows: _delete(c, rows), durable=False)  # type: ignore[misc]
        removed += len(rows)
        after = rows[-1][0]


async def prune_seen(store: Store, oldest_ms: int) -> None:
    """Forget what dedupe no longer needs to know."""
    expired = "SELECT key FROM seen WHERE at_ms < ? LIMIT 50000"
    forget = "DELETE FROM seen WHERE key = ?"
    while True:
        keys = await store.read(lambda c: c.execute(expired, (oldest_ms,)).fetchall())
        if not keys:
            return
        for start in range(0, len(keys), SLICE):
            part = keys[start : start + SLICE]
            await store.write(lambda c, part=part: c.executemany(forget, part), durable=False)  # type: ignore[misc]


def _is_prunable(kind: Kind) -> bool:
    cls = EVENTS.get(kind.type)
    return cls is None or cls.permission is not Permission.DONATIONS_READ


def _next_slice(connection: sqlite3.Connection, bounds: Bounds, after: int) -> list[Row]:
    """Return the oldest events that must go."""
    # Beyond the index's end nothing is removed: what is not in it cannot be taken out of it.
    rows = rows_upwards(
        connection, _is_prunable, after=after, until=indexed_to(connection), limit=SLICE
    )
    if rows and _used_bytes(connection) <= bounds.max_bytes:
        rows = [row for row in rows if row.received_ms < bounds.oldest_ms]
    return [(row.seq, row.kind, row.body) for row in rows]


def _used_bytes(connection: sqlite3.Connection) -> int:
    pages, free, size = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size


def _delete(connection: sqlite3.Connection, rows: list[Row]) -> None:
    remove_words(connection, rows)
    seqs = ",".join(str(seq) for seq, _, _ in rows)
    connection.execute(
        "DELETE FROM log WHERE seq IN (SELECT value FROM json_each(?))", (f"[{seqs}]",)
    )
