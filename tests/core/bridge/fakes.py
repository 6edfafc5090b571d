"""A connection and a log that stay in memory, for tests of the bridge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from streamcore.core.bus import Batch, Bus
from streamcore.core.logged import LoggedEvent
from streamcore.protocol.events import Event, event_type
from streamcore.protocol.ids import new_id

__all__ = ["FakeLink", "MemoryJournal", "eventually"]


class FakeLink:
    """Keeps what was sent; the test sets how much the peer has not taken."""

    def __init__(self, namespace: str = "/module") -> None:
        self.namespace = namespace
        self.buffered = 0
        self.is_behind = False
        self.sent: list[tuple[str, object]] = []
        self.events: list[LoggedEvent] = []
        self.closed_with: str | None = None
        self.answer: Callable[[str, object], object] | None = None
        self._drained: Callable[[], None] | None = None

    def when_drained(self, callback: Callable[[], None]) -> None:
        self._drained = callback

    def drain(self) -> None:
        """The peer has taken everything."""
        self.buffered, self.is_behind = 0, False
        if self._drained is not None:
            self._drained()

    def send(self, name: str, payload: object) -> None:
        self.sent.append((name, payload))

    def send_batch(self, batch: Batch) -> None:
        self.events.extend(batch.events)

    async def call(self, name: str, payload: object, timeout_s: float) -> bytes:
        if self.answer is None:
            raise TimeoutError
        return msgspec.json.encode(self.answer(name, payload))

    def close(self, reason: str) -> None:
        self.closed_with = reason

    def named(self, name: str) -> list[object]:
        return [payload for sent, payload in self.sent if sent == name]

    @property
    def seqs(self) -> list[int]:
        return [event.seq for event in self.events if event.seq]


class MemoryJournal:
    """The journal's surface over a list."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.rows: list[LoggedEvent] = []
        self.head = 0
        self.cursors: dict[str, int] = {}
        self.reads = 0
        self._facts: set[tuple[str, str]] = set()

    async def append(self, events: Sequence[Event]) -> Sequence[Event | None]:
        logged: list[Event | None] = []
        fresh: list[LoggedEvent] = []
        for event in events:
            fact = (event.platform, event.source_id)
            if event.source_id and fact in self._facts:
                logged.append(None)
                continue
            self._facts.add(fact)
            seq = self.head + len(fresh) + 1 if event.durable else 0
            full = msgspec.structs.replace(event, id=new_id(), seq=seq)
            logged.append(full)
            owner = getattr(full, "module_id", "")
            body = msgspec.json.encode(full)
            fresh.append(LoggedEvent(seq, event_type(full), full.platform, owner, body, full))
        self.rows += [row for row in fresh if row.seq]
        self._bus.publish(fresh)
        self.head = self.rows[-1].seq if self.rows else 0
        return logged

    async def read(
        self,
        *,
        after: int,
        limit: int,
        types: frozenset[str],
        platforms: frozenset[str] | None,
        module_id: str,
        not_before: datetime | None,
    ) -> tuple[list[LoggedEvent], int]:
        self.reads += 1
        await asyncio.sleep(0)
        rows = [row for row in self._matching(after, types, platforms, module_id)][:limit]
        return rows, rows[-1].seq if len(rows) == limit else self.head

    async def count_after(
        self, seq: int, types: frozenset[str], platforms: frozenset[str] | None, module_id: str
    ) -> int:
        return len(self._matching(seq, types, platforms, module_id))

    async def cursor(self, module_id: str) -> int | None:
        return self.cursors.get(module_id)

    async def begin_cursor(self, module_id: str, seq: int) -> None:
        self.save_cursor(module_id, seq)

    def save_cursor(self, module_id: str, seq: int) -> None:
        self.cursors[module_id] = seq

    def _matching(
        self, after: int, types: frozenset[str], platforms: frozenset[str] | None, module_id: str
    ) -> list[LoggedEvent]:
        return [
            row
            for row in self.rows
            if row.seq > after
            and row.type in types
            and (platforms is None or not row.platform or row.platform in platforms)
            and (not row.module_id or row.module_id == module_id)
        ]


async def eventually(check: Callable[[], bool]) -> None:
    """Let the loop turn until the check holds; fails after two seconds."""
    async with asyncio.timeout(2):
        while not check():
            await asyncio.sleep(0.001)
