"""Writes one group of events on the store's writing thread, whatever its size in five statements.

Each step of SQLite lets go of the interpreter's lock, and a busy loop gives it back only after
milliseconds. A statement for each row made a group of 256 events take seconds under load; so the
whole group goes in as one parameter, and SQLite takes it apart.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence

import msgspec

from streamcore.core.logged import LoggedEvent
from streamcore.protocol.events import Event
from streamcore.protocol.limits import DEDUPE_WINDOW_S

__all__ = ["Append", "Commit", "LogWriter", "dedupe_key"]

LEASE = 4096
"""Numbers are leased in blocks that survive a power cut: none is ever given out twice, even when
events that were committed without a sync, or deleted from the end of the log, are gone."""

_INSERT = """
    INSERT INTO log (seq, kind, received_ms, body)
    SELECT value ->> 0, value ->> 1, value ->> 2, substr(?2, value ->> 3, value ->> 4)
    FROM json_each(?1)"""
_KNOWN = "SELECT key FROM seen WHERE key IN (SELECT value FROM json_each(?)) AND at_ms > ?"
_REMEMBER = """
    INSERT INTO seen (key, at_ms) SELECT value, ?2 FROM json_each(?1) WHERE true
    ON CONFLICT (key) DO UPDATE SET at_ms = excluded.at_ms"""
_META = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"

Kind = tuple[str, str, str]
"""Type, platform, module."""


def dedupe_key(platform: str, source_id: str, *, is_test: bool) -> int:
    """Return 64 bits that stand for a fact of a platform; a test never stands for a real one.

    The ids themselves are long and random: as the key of a table they cost more than the event.
    Two facts among a day's million share a key with a chance of one in forty million.
    """
    digest = hashlib.blake2b(
        f"{platform}\0{source_id}\0{is_test:d}".encode(), digest_size=8
    ).digest()
    return int.from_bytes(digest, "big", signed=True)


class Append:
    """The events of one call of `append`, on their way to the disk."""

    __slots__ = ("at_ms", "done", "events", "is_money", "keys")

    def __init__(
        self,
        events: Sequence[LoggedEvent],
        keys: Sequence[int | None],
        at_ms: int,
        done: asyncio.Future[list[Event | None]],
        *,
        is_money: bool,
    ) -> None:
        self.events = events
        self.keys = keys
        """What each is known by, for dedupe; None for what has no id on its platform."""
        self.at_ms = at_ms
        self.done = done
        self.is_money = is_money


class LogWriter:
    """What the writing thread knows of the log; used on that thread alone."""

    def __init__(self) -> None:
        self.leased = 0
        """No number above it was ever given out."""
        self._kinds: dict[Kind, int] | None = None

    def forget(self) -> None:
        """A transaction failed: what was learned in it is not so."""
        self._kinds = None

    def write(self, connection: sqlite3.Connection, appends: Sequence[Append]) -> set[int]:
        """Write all events that are to be kept and return the numbers of the duplicates."""
        duplicates = self._sift(connection, appends)
        rows: list[tuple[int, int, int, int, int]] = []
        bodies: list[bytes] = []
        offset = 1
        for append in appends:
            for event in append.events:
                if event.seq and event.seq not in duplicates:
                    kind = self._kind(connection, (event.type, event.platform, event.module_id))
                    size = len(event.body)
                    rows.append((event.seq, kind, append.at_ms, offset, size))
                    bodies.append(event.body)
                    offset += size
        if rows:
            connection.execute(_INSERT, (_json(rows), b"".join(bodies)))
        return duplicates

    def lease(self, connection: sqlite3.Connection, up_to: int) -> None:
        """Note on the disk that numbers up to `up_to` may be given out."""
        connection.execute(_META, ("leased", up_to))

    def _sift(self, connection: sqlite3.Connection, appends: Sequence[Append]) -> set[int]:
        """Find what the platform had sent before, and remember the rest."""
        first: dict[int, int] = {}
        duplicates: set[int] = set()
        at_ms = 0
        for append in appends:
            at_ms = max(at_ms, append.at_ms)
            for event, key in zip(append.events, append.keys, strict=True):
                if key is not None and first.setdefault(key, event.seq) != event.seq:
                    duplicates.add(event.seq)
        if not first:
            return duplicates
        parameters = (_json(sorted(first)), at_ms - DEDUPE_WINDOW_S * 1000)
        for (key,) in connection.execute(_KNOWN, parameters).fetchall():
            duplicates.add(first.pop(key))
        if first:
            connection.execute(_REMEMBER, (_json(sorted(first)), at_ms))
        return duplicates

    def _kind(self, connection: sqlite3.Connection, kind: Kind) -> int:
        kinds = self._kinds
        if kinds is None:
            rows = connection.execute("SELECT id, type, platform, module_id FROM kinds")
            kinds = self._kinds = {(row[1], row[2], row[3]): row[0] for row in rows.fetchall()}
        number = kinds.get(kind)
        if number is None:
            insert = "INSERT INTO kinds (type, platform, module_id) VALUES (?, ?, ?)"
            number = kinds[kind] = int(connection.execute(insert, kind).lastrowid or 0)
        return number


class Commit:
    """A job of the store's writer: everything that waits when the transaction begins."""

    def __init__(
        self,
        waiting: deque[Append],
        log: LogWriter,
        loop: asyncio.AbstractEventLoop,
        taken: Callable[[], None],
        settled: Callable[[Sequence[Append], set[int], BaseException | None], None],
    ) -> None:
        self._waiting = waiting
        self._log = log
        self._loop = loop
        self._taken = taken
        self._settled = settled
        self._appends: list[Append] = []
        self._duplicates: set[int] = set()
        self._lease = 0
        self._has_run = False

    def begin(self) -> bool:
        # First say that a later append needs a job of its own, then look: nothing can fall between.
        self._taken()
        while self._waiting:
            self._appends.append(self._waiting.popleft())
        last = max((e.seq for append in self._appends for e in append.events), default=0)
        self._lease = last + LEASE if last > self._log.leased else 0
        return bool(self._lease) or any(append.is_money for append in self._appends)

    def run(self, connection: sqlite3.Connection) -> None:
        if self._has_run:
            # The store tries again: what the first attempt learned was rolled back.
            self._log.forget()
        self._has_run = True
        if self._lease:
            self._log.lease(connection, self._lease)
        self._duplicates = self._log.write(connection, self._appends)

    def settle(self, error: BaseException | None) -> None:
        if error is not None:
            self._log.forget()
        elif self._lease:
            self._log.leased = self._lease
        with contextlib.suppress(RuntimeError):  # the loop went away meanwhile
            self._loop.call_soon_threadsafe(self._settled, self._appends, self._duplicates, error)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
