"""Writes one group of events on the store's writing thread, whatever its size in one statement.

Each step of SQLite lets go of the interpreter's lock, and a busy loop gives it back only after
milliseconds. A statement for each row made a group of 256 events take seconds under load; so the
whole group goes in at once. One statement is also its own transaction: an event that comes alone
pays for no other.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence

import msgspec

from streamcore.core.errors import CannotSaveError
from streamcore.core.journal.seen import DEDUPE_WINDOW_MS, Keys, Seen
from streamcore.core.logged import LoggedEvent
from streamcore.protocol.events import Event

__all__ = ["Append", "Commit", "LogWriter"]

LEASE = 4096
"""Numbers are leased in blocks that survive a power cut: none is ever given out twice, even when
events that were committed without a sync, or deleted from the end of the log, are gone."""
FEW = 16
"""Up to so many events SQLite takes faster as values of their own than out of one JSON."""

_INSERT_FEW = """
    INSERT INTO log (seq, kind, received_ms, body)
    WITH new (seq, kind, received_ms, body, key, after_ms) AS (VALUES {})
    SELECT seq, kind, received_ms, body FROM new
    WHERE NOT EXISTS (SELECT 1 FROM seen WHERE seen.key = new.key AND seen.at_ms > new.after_ms)"""
_INSERT_MANY = """
    INSERT INTO log (seq, kind, received_ms, body)
    SELECT value ->> 0, value ->> 1, value ->> 2, substr(?2, value ->> 5, value ->> 6)
    FROM json_each(?1) AS new
    WHERE NOT EXISTS (
        SELECT 1 FROM seen WHERE seen.key = new.value ->> 3 AND seen.at_ms > new.value ->> 4)"""
_THERE = "SELECT seq FROM log WHERE seq BETWEEN ? AND ?"
_META = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"

Kind = tuple[str, str, str]
"""Type, platform, module."""


class Append:
    """The events of one call of `append`, on their way to the disk."""

    __slots__ = ("at_ms", "done", "events", "is_money", "keys")

    def __init__(
        self,
        events: Sequence[LoggedEvent],
        keys: Sequence[int | None],
        at_ms: int,
        done: asyncio.Future[list[Event | None]] | None,
        *,
        is_money: bool,
    ) -> None:
        self.events = events
        self.keys = keys
        """What each is known by, for dedupe; None for what has no id on its platform."""
        self.at_ms = at_ms
        self.done = done
        """None when the log has taken charge of them: then nobody else would try again."""
        self.is_money = is_money


class LogWriter:
    """What the writing thread knows of the log; used on that thread alone."""

    def __init__(self) -> None:
        self.leased = 0
        """No number above it was ever given out."""
        self.seen = Seen()
        self.halted: CannotSaveError | None = None
        """Why the last attempt failed: nothing overtakes what failed, until the loop tries it."""
        self._kinds: dict[Kind, int] = {}

    def load(self, connection: sqlite3.Connection) -> int:
        """Read what a start has to know and return the log's last number."""
        last, leased = connection.execute(
            "SELECT ifnull((SELECT max(seq) FROM log), 0), "
            "ifnull((SELECT value FROM meta WHERE name = 'leased'), 0)"
        ).fetchone()
        self.leased = max(last, leased)
        self.seen.load(connection, last)
        return int(last)

    def forget(self) -> None:
        """A transaction failed: what was learned in it is not so."""
        self._kinds = {}

    def knows(self, kinds: set[Kind]) -> bool:
        """Tell whether these kinds have their numbers already."""
        return self._kinds.keys() >= kinds

    def insert(
        self,
        connection: sqlite3.Connection,
        events: Sequence[LoggedEvent],
        keys: Sequence[int | None],
        at_ms: Sequence[int],
    ) -> set[int]:
        """Write those whose keys are not in the table and return the numbers of the others."""
        kinds = self._numbers(connection, events)
        if len(events) <= FEW:
            values: list[object] = []
            for event, kind, at, key in zip(events, kinds, at_ms, keys, strict=True):
                values += (event.seq, kind, at, event.body, key, at - DEDUPE_WINDOW_MS)
            done = connection.execute(_insert_few(len(events)), values)
        else:
            rows = []
            begin = 1
            for event, kind, at, key in zip(events, kinds, at_ms, keys, strict=True):
                size = len(event.body)
                rows.append((event.seq, kind, at, key, at - DEDUPE_WINDOW_MS, begin, size))
                begin += size
            bodies = b"".join([event.body for event in events])
            done = connection.execute(_INSERT_MANY, (msgspec.json.encode(rows).decode(), bodies))
        if done.rowcount == len(events):
            return set()
        there = connection.execute(_THERE, (events[0].seq, events[-1].seq)).fetchall()
        return {event.seq for event in events}.difference(seq for (seq,) in there)

    def lease(self, connection: sqlite3.Connection, up_to: int) -> None:
        """Note on the disk that numbers up to `up_to` may be given out."""
        connection.execute(_META, ("leased", up_to))
        self.seen.note(connection)

    def leave(self, connection: sqlite3.Connection, last: int) -> None:
        """Write down what the next start would otherwise have to find out; the numbers end here."""
        self.lease(connection, last)
        self.seen.save(connection, self.seen.rest())

    def _numbers(
        self, connection: sqlite3.Connection, events: Sequence[LoggedEvent]
    ) -> Sequence[int]:
        """Return the kinds' numbers and make those that are missing."""
        wanted = [(event.type, event.platform, event.module_id) for event in events]
        if not self._kinds.keys() >= set(wanted):
            rows = connection.execute("SELECT id, type, platform, module_id FROM kinds")
            self._kinds = {(row[1], row[2], row[3]): row[0] for row in rows.fetchall()}
            insert = "INSERT INTO kinds (type, platform, module_id) VALUES (?, ?, ?)"
            for kind in dict.fromkeys(wanted):
                if kind not in self._kinds:
                    self._kinds[kind] = int(connection.execute(insert, kind).lastrowid or 0)
        return [self._kinds[kind] for kind in wanted]


class Commit:
    """A job of the store's writer: everything that waits when the transaction begins."""

    def __init__(
        self,
        waiting: deque[Append],
        log: LogWriter,
        loop: asyncio.AbstractEventLoop,
        taken: Callable[[], None],
        settled: Callable[[Sequence[Append], set[int], BaseException | None], None],
        *,
        is_trial: bool = False,
    ) -> None:
        self._waiting = waiting
        self._log = log
        self._loop = loop
        self._taken = taken
        self._settled = settled
        self._is_trial = is_trial
        """To be written even if there is nothing to write: can the disk be written again?"""
        self._appends: list[Append] = []
        self._events: list[LoggedEvent] = []
        self._keys: list[int | None] = []
        self._at_ms: list[int] = []
        self._last = 0
        self._repeated: set[int] = set()
        self._duplicates: set[int] = set()
        self._lease = 0
        self._slice: Keys = []
        self._has_run = False
        self.is_one_statement = False

    def begin(self) -> bool:
        # First say that a later append needs a job of its own, then look: nothing can fall between.
        self._taken()
        while self._waiting:
            self._appends.append(self._waiting.popleft())
        self._sift()
        if self._last > self._log.leased:
            self._lease = self._last + LEASE
        elif self._is_trial:
            self._lease = max(self._log.leased, LEASE)
        self._slice = self._log.seen.next_slice(2 * len(self._events))
        self.is_one_statement = (
            not self._lease
            and not self._slice
            and self._log.knows({(e.type, e.platform, e.module_id) for e in self._events})
        )
        return bool(self._lease) or any(append.is_money for append in self._appends)

    def _sift(self) -> None:
        """Leave out what needs no log, and what memory knows to have come before."""
        first: set[int] = set()
        seen = self._log.seen
        for append in self._appends:
            at_ms = append.at_ms
            for event, key in zip(append.events, append.keys, strict=True):
                if not event.seq:
                    continue
                self._last = event.seq
                if key is not None:
                    if key in first or seen.has(key, at_ms - DEDUPE_WINDOW_MS):
                        self._repeated.add(event.seq)
                        continue
                    first.add(key)
                self._events.append(event)
                self._keys.append(key)
                self._at_ms.append(at_ms)

    def run(self, connection: sqlite3.Connection) -> None:
        if self._log.halted is not None:
            raise self._log.halted
        if self._has_run:
            # The store tries again: what the first attempt learned was rolled back.
            self._log.forget()
        self._has_run = True
        if self._lease:
            self._log.lease(connection, self._lease)
        if self._slice:
            self._log.seen.save(connection, self._slice)
        if self._events:
            found = self._log.insert(connection, self._events, self._keys, self._at_ms)
            self._duplicates = self._repeated | found
        else:
            self._duplicates = self._repeated

    def settle(self, error: BaseException | None) -> None:
        if error is not None:
            self._log.forget()
            if isinstance(error, CannotSaveError):
                self._log.halted = error
        else:
            self._remember()
        with contextlib.suppress(RuntimeError):  # the loop went away meanwhile
            self._loop.call_soon_threadsafe(self._settled, self._appends, self._duplicates, error)

    def _remember(self) -> None:
        if self._lease:
            self._log.leased = self._lease
        seen = self._log.seen
        if self._slice:
            seen.saved(self._slice)
        logged = zip(self._events, self._keys, self._at_ms, strict=True)
        seen.remember(
            [
                (key, at_ms)
                for event, key, at_ms in logged
                if key is not None and event.seq not in self._duplicates
            ],
            self._last,
        )


@functools.lru_cache(FEW)
def _insert_few(count: int) -> str:
    return _INSERT_FEW.format(", ".join(["(?, ?, ?, ?, ?, ?)"] * count))
