"""Reads the log: from a cursor upwards, or from the newest downwards, by any filter.

A filter becomes the list of the log's kinds that it admits. Each kind is a range of one index, and
SQLite takes the first rows of each: the cost follows the page and the number of kinds, never the
length of the log.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from streamcore.core.logged import LoggedEvent

__all__ = [
    "EventPage",
    "EventQuery",
    "Kind",
    "LogRow",
    "count_kinds",
    "first_at",
    "load_kinds",
    "read_page",
    "read_upwards",
    "rows_of",
    "times_upwards",
    "wanted_kinds",
]

KINDS_AT_ONCE = 200
"""SQLite joins at most 500 ranges in one statement."""


@dataclass(frozen=True, slots=True)
class EventQuery:
    """What a page of the log shows: newest first, between two numbers (both exclusive)."""

    after: int | None = None
    before: int | None = None
    types: tuple[str, ...] = ()
    """Empty for all."""
    platform: str | None = None
    q: str | None = None
    """Words of the text or of the person's name, all of which must be there."""
    limit: int = 50

    def bounds(self, head: int) -> tuple[int, int]:
        """Return both numbers for a log that ends at `head`."""
        return self.after or 0, min(self.before if self.before is not None else head + 1, head + 1)


@dataclass(frozen=True, slots=True)
class EventPage:
    """Encoded events, newest first; `next` is the `before` of the next page.

    A search that took its time gives a page that is not full, perhaps empty, with a `next`.
    """

    items: list[bytes]
    next: str | None


class Kind(NamedTuple):
    """One combination of type, platform and module that stands in the log."""

    id: int
    type: str
    platform: str
    module_id: str


class LogRow(NamedTuple):
    """One event as it lies on the disk."""

    seq: int
    kind: int
    received_ms: int
    body: bytes


def load_kinds(connection: sqlite3.Connection) -> list[Kind]:
    """Return every kind that stands in the log."""
    rows = connection.execute("SELECT id, type, platform, module_id FROM kinds").fetchall()
    return [Kind(*row) for row in rows]


def read_upwards(
    connection: sqlite3.Connection,
    admits: Callable[[Kind], bool],
    *,
    after: int,
    until: int,
    limit: int,
) -> list[LoggedEvent]:
    """Return the first events after a number, oldest first."""
    kinds = {kind.id: kind for kind in load_kinds(connection)}
    wanted = _wanted(kinds.values(), admits)
    seqs = _first_seqs(connection, wanted, after, until + 1, limit, newest_first=False)
    return [
        LoggedEvent(row.seq, kind.type, kind.platform, kind.module_id, row.body)
        for row in rows_of(connection, seqs)
        for kind in (kinds[row.kind],)
    ]


def times_upwards(
    connection: sqlite3.Connection, admits: Callable[[Kind], bool], *, after: int, limit: int
) -> list[tuple[int, int]]:
    """Return the first numbers after one, and when these events were received, oldest first."""
    wanted = _wanted(load_kinds(connection), admits)
    seqs = _first_seqs(connection, wanted, after, 1 << 62, limit, newest_first=False)
    statement = (
        "SELECT seq, received_ms FROM log WHERE seq IN (SELECT value FROM json_each(?)) "
        "ORDER BY seq"
    )
    return connection.execute(statement, (f"[{','.join(map(str, seqs))}]",)).fetchall()


def read_page(connection: sqlite3.Connection, query: EventQuery, *, head: int) -> EventPage:
    """Return the newest events below `before`, whatever their words."""
    after, before = query.bounds(head)
    seqs = _first_seqs(
        connection,
        wanted_kinds(connection, query),
        after,
        before,
        query.limit + 1,
        newest_first=True,
    )
    rows = rows_of(connection, seqs[: query.limit])
    is_more = len(seqs) > query.limit and rows
    return EventPage(
        items=[row.body for row in reversed(rows)],
        next=str(rows[0].seq) if is_more else None,
    )


def wanted_kinds(connection: sqlite3.Connection, query: EventQuery) -> Sequence[int] | None:
    """Return the kinds that a query admits, None for all there are."""
    return _wanted(
        load_kinds(connection),
        lambda kind: (
            (not query.types or kind.type in query.types)
            and (query.platform is None or kind.platform == query.platform)
        ),
    )


def count_kinds(
    connection: sqlite3.Connection, admits: Callable[[Kind], bool], *, after: int, until: int
) -> int:
    """Count events after a number."""
    count = "SELECT count(*) FROM log INDEXED BY log_kind WHERE kind = ? AND seq > ? AND seq <= ?"
    return sum(
        int(connection.execute(count, (kind.id, after, until)).fetchone()[0])
        for kind in load_kinds(connection)
        if admits(kind)
    )


def first_at(connection: sqlite3.Connection, at_ms: int, *, after: int, until: int) -> int:
    """Return the number before the first event received at or after a time, by halving.

    Where the wall clock stepped back the answer may be off by those events.
    """
    low, high = after, until
    probe = "SELECT seq, received_ms FROM log WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT 1"
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(probe, (middle, high)).fetchone()
        if row is None or row[1] >= at_ms:
            high = middle
        else:
            low = row[0]
    return low


def _wanted(kinds: Collection[Kind], admits: Callable[[Kind], bool]) -> Sequence[int] | None:
    """Return the admitted kinds, None when these are all there are."""
    wanted = [kind.id for kind in kinds if admits(kind)]
    return None if len(wanted) == len(kinds) else wanted


def _first_seqs(
    connection: sqlite3.Connection,
    kinds: Sequence[int] | None,
    after: int,
    before: int,
    limit: int,
    *,
    newest_first: bool,
) -> list[int]:
    """Return the first numbers of the given kinds between two numbers."""
    order = "DESC" if newest_first else "ASC"
    parameters = (after, before, limit)
    if kinds is None:
        every = f"SELECT seq FROM log WHERE seq > ?1 AND seq < ?2 ORDER BY seq {order} LIMIT ?3"  # noqa: S608 - no outside text
        return [seq for (seq,) in connection.execute(every, parameters).fetchall()]
    found: list[int] = []
    for start in range(0, len(kinds), KINDS_AT_ONCE):
        ranges = " UNION ALL ".join(
            f"SELECT seq FROM (SELECT seq FROM log INDEXED BY log_kind WHERE kind = {int(kind)} "  # noqa: S608 - a number of ours
            f"AND seq > ?1 AND seq < ?2 ORDER BY seq {order} LIMIT ?3)"
            for kind in kinds[start : start + KINDS_AT_ONCE]
        )
        statement = f"SELECT seq FROM ({ranges}) ORDER BY seq {order} LIMIT ?3"  # noqa: S608 - as above
        found += [seq for (seq,) in connection.execute(statement, parameters).fetchall()]
    return sorted(found, reverse=newest_first)[:limit]


def rows_of(
    connection: sqlite3.Connection,
    seqs: Sequence[int],
    limit: int = -1,
    *,
    newest_first: bool = False,
) -> list[LogRow]:
    """Return the rows of the given numbers, as far as they are still there."""
    order = "DESC" if newest_first else "ASC"
    statement = (
        "SELECT seq, kind, received_ms, body FROM log "  # noqa: S608 - no outside text
        f"WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq {order} LIMIT ?"
    )
    found = connection.execute(statement, (f"[{','.join(map(str, seqs))}]", limit))
    return [LogRow(*row) for row in found.fetchall()]
