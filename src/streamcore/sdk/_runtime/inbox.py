"""Events in order: no event twice, one handler at a time, acknowledged when dealt with."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

import msgspec

from streamcore.protocol.events import Event

__all__ = ["Entry", "Inbox"]

_REMEMBERED = 8_192  # more than the core leaves unacknowledged, so that a redelivery is known
_ACK_DELAY_S = 0.01


class Entry(msgspec.Struct):
    """An event on its way; `seq` 0 needs no acknowledgement. `left` counts its open parts."""

    seq: int
    event: Event | None
    job: Callable[[], Awaitable[None]] | None = None
    left: int = 1


class Inbox:
    """The queue between the link and the handlers.

    It needs no limit of its own: the core sends no more than a window of unacknowledged events.
    `handle` runs an event's ordered handlers and may `hold` it for those that go on beside.
    """

    def __init__(
        self, handle: Callable[[Event, Entry], Awaitable[None]], send_ack: Callable[[int], None]
    ) -> None:
        self._handle, self._send_ack = handle, send_ack
        self._queue: deque[Entry] = deque()
        self._open: deque[Entry] = deque()
        self._seen: dict[str, None] = {}
        self._cursor = 0
        self._acked = 0
        self._ack_timer: asyncio.TimerHandle | None = None
        self._wake = asyncio.Event()
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def put(self, events: Iterable[Event]) -> None:
        """Take events as they come from the core."""
        for event in events:
            if event.seq and event.seq <= self._cursor:
                # The core did not get our acknowledgement: say it again.
                self._acked = 0
                self._ack_soon()
            elif not (event.id and event.id in self._seen):
                if event.id:
                    self._seen[event.id] = None
                self._enqueue(Entry(event.seq, event))
        while len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]

    def pass_over(self, seq: int) -> None:
        """Count an event that nobody could read as dealt with."""
        if seq > self._cursor:
            entry = Entry(seq, None)
            self._open.append(entry)
            self.release(entry)

    def put_job(self, job: Callable[[], Awaitable[None]]) -> None:
        """Run something between two events."""
        self._enqueue(Entry(0, None, job))

    async def work(self) -> None:
        """Hand out events for ever."""
        while True:
            while self._queue:
                entry = self._queue.popleft()
                # A cancelled handler did not deal with its event: the next life gets it again.
                if entry.job is not None:
                    await entry.job()
                elif entry.event is not None:
                    await self._handle(entry.event, entry)
                self.release(entry)
            self._wake.clear()
            await self._wake.wait()

    def hold(self, entry: Entry) -> None:
        """Keep an event open for one more handler."""
        entry.left += 1

    def release(self, entry: Entry) -> None:
        """One part of an event is done; the event is dealt with when all are."""
        entry.left -= 1
        if entry.left:
            return
        if entry.event is not None or entry.job is not None:
            self._busy -= 1
            if not self._busy:
                self._idle.set()
        while self._open and not self._open[0].left:
            self._cursor = max(self._cursor, self._open.popleft().seq)
        if self._cursor > self._acked:
            self._ack_soon()

    async def join(self) -> None:
        """Wait until everything that came is dealt with."""
        await self._idle.wait()

    def drop_waiting(self) -> None:
        """Forget what no handler has begun with; it comes again in the next life."""
        for entry in self._queue:
            entry.event = entry.job = None
            self._busy -= 1
        self._queue.clear()
        if not self._busy:
            self._idle.set()

    def flush(self) -> None:
        """Acknowledge now what is dealt with."""
        if self._ack_timer is not None:
            self._ack_timer.cancel()
            self._ack_timer = None
        if self._cursor > self._acked:
            self._acked = self._cursor
            self._send_ack(self._cursor)

    def connection_lost(self) -> None:
        """Acknowledge again after the reconnect: the last one may not have arrived."""
        self._acked = 0

    def _enqueue(self, entry: Entry) -> None:
        self._queue.append(entry)
        if entry.seq:
            self._open.append(entry)
        self._busy += 1
        self._idle.clear()
        self._wake.set()

    def _ack_soon(self) -> None:
        if self._ack_timer is None:
            self._ack_timer = asyncio.get_running_loop().call_later(_ACK_DELAY_S, self.flush)
