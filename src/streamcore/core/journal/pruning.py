"""Removes what is too old or too much, oldest first, in slices that nobody notices.

Donations are never removed: they are the streamer's own accounts.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from streamcore.core.clock import Clock
from streamcore.core.journal.copying import is_donation
from streamcore.core.journal.reading import Kind, times_upwards
from streamcore.core.store import Store

__all__ = ["Bounds", "keep_pruning", "prune", "prune_seen"]

MINUTE_S = 60.0
SOONER_AFTER = 50_000
"""Events, some 40 MB: a flood must not fill the disk while the hour goes by."""
SLICE = 100
"""Of events of ordinary length: less than a millisecond of the writing thread."""
REST = 2.0
"""Between slices the writing thread is free for so many times as long as one takes."""

_DELETE = "DELETE FROM log WHERE seq IN (SELECT value FROM json_each(?))"
_FORGET = "DELETE FROM seen WHERE key IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may stay."""

    oldest_ms: int
    max_bytes: int


async def keep_pruning(
    prune: Callable[[], Awaitable[object]], head: Callable[[], int], clock: Clock
) -> None:
    """Prune soon after the start, every hour, and sooner when much has come since."""
    await clock.sleep(MINUTE_S)
    while True:
        pruned_at, until = head(), clock.monotonic() + 60 * MINUTE_S
        await prune()
        while clock.monotonic() < until and head() - pruned_at < SOONER_AFTER:
            await clock.sleep(MINUTE_S)


async def prune(store: Store, bounds: Bounds) -> tuple[int, int]:
    """Remove slices until the log is inside its bounds.

    Returns how many events went, and the number up to which all went that could.
    """
    removed = after = 0
    while seqs := await store.read(lambda c, after=after: _next_slice(c, bounds, after)):  # type: ignore[misc]
        await _write(store, _DELETE, seqs)
        removed += len(seqs)
        after = seqs[-1]
    return removed, after


async def prune_seen(store: Store, oldest_ms: int) -> None:
    """Forget what dedupe no longer needs to know."""
    expired = "SELECT key FROM seen WHERE at_ms < ? LIMIT 50000"
    while keys := await store.read(lambda c: c.execute(expired, (oldest_ms,)).fetchall()):
        for start in range(0, len(keys), SLICE):
            await _write(store, _FORGET, [key for (key,) in keys[start : start + SLICE]])


async def _write(store: Store, statement: str, numbers: list[int]) -> None:
    """Carry out one slice, and leave the writing thread to the others for longer than it took."""
    loop = asyncio.get_running_loop()
    begin = loop.time()
    parameters = (f"[{','.join(map(str, numbers))}]",)
    await store.write(lambda c: c.execute(statement, parameters).fetchall(), durable=False)
    await asyncio.sleep(REST * (loop.time() - begin))


def _is_prunable(kind: Kind) -> bool:
    return not is_donation(kind)


def _next_slice(connection: sqlite3.Connection, bounds: Bounds, after: int) -> list[int]:
    """Return the numbers of the oldest events that must go."""
    oldest = times_upwards(connection, _is_prunable, after=after, limit=SLICE)
    if _used_bytes(connection) > bounds.max_bytes:
        return [seq for seq, _ in oldest]
    return [seq for seq, received_ms in oldest if received_ms < bounds.oldest_ms]


def _used_bytes(connection: sqlite3.Connection) -> int:
    pages, free, size = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size
