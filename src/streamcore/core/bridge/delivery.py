"""Delivery to a module: live while it keeps up, from the log behind its cursor when it does not."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from streamcore.core.bridge.link import Link
from streamcore.core.bus import Batch, Bus, Subscription, batches_of
from streamcore.core.clock import Clock
from streamcore.core.event_filter import EventFilter
from streamcore.core.logged import LoggedEvent
from streamcore.protocol.events import EVENTS, EventGap, Origin, event_type
from streamcore.protocol.frames import Gap
from streamcore.protocol.ids import new_id
from streamcore.protocol.limits import CATCH_UP_MAX_AGE_S, CATCH_UP_MAX_EVENTS

__all__ = ["Delivery", "DeliveryLog", "DeliveryServices"]

log = logging.getLogger(__name__)

WINDOW_EVENTS = 4_000
"""Unacknowledged events beyond which a module gets no more until it acknowledges."""
WINDOW_BYTES = 2 * 1024 * 1024
PAGE = 200
HOLD_WITHIN = 1_000
"""So near to the log's end a module that catches up is about to go live. What is kept for it
meanwhile and what it is sent then are its own copies, which twenty modules have twenty times."""
PAGES_AHEAD_BYTES = 256 * 1024
"""Beyond this what was sent from the log waits in the socket's buffers; live frames are shared."""


class DeliveryLog(Protocol):
    """What delivery needs of the journal."""

    @property
    def head(self) -> int:
        """Return the last published log number."""

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
        """Read matching events, oldest first, and how far the log was scanned."""

    async def count_after(
        self, seq: int, types: frozenset[str], platforms: frozenset[str] | None, module_id: str
    ) -> int:
        """Count matching events."""

    def save_cursor(self, module_id: str, seq: int) -> None:
        """Remember how far the module got."""


@dataclass(frozen=True, slots=True)
class DeliveryServices:
    """The parts of the core that delivery stands on."""

    bus: Bus
    journal: DeliveryLog
    clock: Clock


class Delivery:
    """One module connection's stream of events; `run` owns all its waiting.

    It starts behind: what the module missed comes from the log. When the log is read to its head
    it goes live; when the module stops acknowledging or reading it falls behind again. What counts
    as money always comes from the log then; chat is skipped, counted and told by `gap`.
    """

    def __init__(
        self,
        services: DeliveryServices,
        link: Link,
        module_id: str,
        filter_: EventFilter,
        catch_up: frozenset[str],
        cursor: int,
    ) -> None:
        self._services = services
        self._link = link
        self._module_id = module_id
        self._filter = filter_
        self._catch_up = catch_up
        self._read_to = cursor
        self._acked = cursor
        self._chat_after: int | None = services.journal.head
        """The log number behind which chat counts too; None while the module is too slow."""
        self._unacked: deque[tuple[int, int, int]] = deque()
        self._unacked_events = 0
        self._unacked_bytes = 0
        self._skipped = 0
        self._is_live = False
        self._held: list[LoggedEvent] | None = None
        """What came while the last page of the log was read; None at other times."""
        self._subscription: Subscription | None = None
        self._wake = asyncio.Event()
        self.delivered = 0
        """Events sent, for the usage figures."""
        link.when_drained(self._wake.set)
        if cursor >= services.journal.head:
            # Nothing was missed: be live before anything more can happen.
            self._go_live()

    @property
    def is_live(self) -> bool:
        """Tell whether the module keeps up."""
        return self._is_live

    def offer(self, batch: Batch) -> None:
        """Take a live batch from the bus."""
        if self._is_live and not self._is_full():
            self._sent(batch.events)
            self._link.send_batch(batch)
            self._read_to = max(self._read_to, batch.last_seq)
            return
        if self._held is not None:
            self._held += batch.events
            if len(self._held) > WINDOW_EVENTS:
                self._let_go()
            return
        if self._is_live:
            self._is_live = False
            self._chat_after = None
        self._skip(batch.events)
        self._wake.set()

    def ack(self, cursor: int) -> None:
        """The module has dealt with everything up to `cursor`."""
        # A module may not push its cursor beyond what it was sent.
        cursor = min(cursor, self._read_to)
        if cursor <= self._acked:
            return
        self._acked = cursor
        while self._unacked and self._unacked[0][0] <= cursor:
            _, events, size = self._unacked.popleft()
            self._unacked_events -= events
            self._unacked_bytes -= size
        self._services.journal.save_cursor(self._module_id, cursor)
        if not self._is_live:
            self._wake.set()

    def replace_filter(self, filter_: EventFilter) -> None:
        """Grants changed: hold from the next event on."""
        self._filter = filter_
        if self._subscription is not None:
            self._subscription.replace(filter_)

    def close(self) -> None:
        """Stop at once."""
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None

    async def run(self) -> None:
        """Catch up, go live, and catch up again whenever the module fell behind."""
        await self._skip_too_old()
        while True:
            self._wake.clear()
            if not self._is_live and self._takes_pages():
                await self._catch_up_once()
                continue
            await self._wake.wait()

    async def _catch_up_once(self) -> None:
        """Send one page of the log, or go live when there is no more."""
        journal = self._services.journal
        if self._read_to >= journal.head:
            self._go_live()
            return
        if journal.head - self._read_to <= HOLD_WITHIN:
            self._hold()
        head = journal.head
        events, read_to = await self._read_page()
        # The grants may have changed while the disk was read.
        events = [event for event in events if self._filter.admits(event)]
        for batch in batches_of(events):
            if not self._takes_pages():
                self._let_go()
                return  # the rest of the page is read again
            self._sent(batch.events)
            self._link.send_batch(batch)
            self._read_to = max(self._read_to, batch.last_seq)
        self._read_to = max(self._read_to, read_to)
        if self._held is not None and self._read_to >= head:
            self._join()
        else:
            self._let_go()

    def _go_live(self) -> None:
        self._subscribe()
        if self._read_to >= self._services.journal.head:
            self._be_live()

    def _subscribe(self) -> None:
        """Be told of what is published from now on."""
        if self._subscription is None:
            # Subscribing first delivers what the bus still holds to the others: all of it is in
            # the log already.
            self._subscription = self._services.bus.subscribe(self._filter, self)
        else:
            self._services.bus.flush()

    def _be_live(self) -> None:
        self._is_live = True
        self._chat_after = None
        if self._skipped:
            self._link.send("gap", Gap(skipped=self._skipped))
            self._skipped = 0

    # While one page is read others are published: who waited for a page behind which there is
    # nothing would never be live in a busy chat on a busy computer.

    def _hold(self) -> None:
        """From here on keep what is published; what was before is in the log."""
        self._subscribe()
        self._held = []

    def _join(self) -> None:
        """Go on with what was published since; the log was read up to there."""
        self._services.bus.flush()
        held, self._held = self._held or [], None
        self._be_live()
        fresh = [
            event
            for event in held
            if (event.seq > self._read_to or not event.seq) and self._filter.admits(event)
        ]
        for batch in batches_of(fresh):
            self.offer(batch)

    def _let_go(self) -> None:
        """The log has to be read further: what was kept is read there, or skipped."""
        held, self._held = self._held, None
        self._skip(held or ())

    def _skip(self, events: Sequence[LoggedEvent]) -> None:
        """Count what the log will not bring to a module that is too slow."""
        if self._chat_after is None:
            kept = self._kept_types()
            self._skipped += sum(1 for event in events if event.type not in kept)

    async def _skip_too_old(self) -> None:
        """Pass over what is older or more than a module is caught up with, and say so once."""
        waiting = await self._services.journal.count_after(
            self._read_to, self._kept_types(), self._filter.platforms, self._filter.module_id or ""
        )
        oldest = self._services.clock.now() - timedelta(seconds=CATCH_UP_MAX_AGE_S)
        missed, since, until = 0, None, None
        while waiting:
            events, _ = await self._read_page()
            times = [_HEADER.decode(event.body).received_at for event in events]
            # Up to the first that is neither: times go back where a clock did, or an import.
            late = next(
                (
                    i
                    for i, at in enumerate(times)
                    if at >= oldest and waiting - missed - i <= CATCH_UP_MAX_EVENTS
                ),
                len(times),
            )
            if late:
                since, until = since or times[0], times[late - 1]
                missed += late
                self._read_to = events[late - 1].seq
            if not events or late < len(events):
                break
        if missed:
            self._tell_gap(missed, since, until)
            # Told once: without this a module that dies before its next event hears of it again.
            self._services.journal.save_cursor(self._module_id, self._read_to)

    def _tell_gap(self, missed: int, since: datetime | None, until: datetime | None) -> None:
        now = self._services.clock.now()
        gap = EventGap(
            id=new_id(),
            at=now,
            received_at=now,
            origin=Origin.CATCH_UP,
            from_at=since,
            to_at=until,
            reason=f"{missed} events are too old to be caught up with",
        )
        event = LoggedEvent(0, event_type(gap), "", "", msgspec.json.encode(gap), gap)
        self._link.send_batch(Batch((event,)))

    async def _read_page(self) -> tuple[list[LoggedEvent], int]:
        """Read on in the log: chat too where the module was there to hear it."""
        boundary = self._chat_after
        with_chat = boundary is not None and self._read_to >= boundary
        events, read_to = await self._services.journal.read(
            after=self._read_to,
            limit=PAGE,
            types=self._filter.types if with_chat else self._kept_types(),
            platforms=self._filter.platforms,
            module_id=self._filter.module_id or "",
            not_before=None,
        )
        if boundary is not None and not with_chat and read_to > boundary:
            return [event for event in events if event.seq <= boundary], boundary
        return events, read_to

    def _kept_types(self) -> frozenset[str]:
        """Return what a reader that is behind gets from the log."""
        return frozenset(
            name
            for name in self._filter.types
            if (EVENTS[name].durable and EVENTS[name].money_class) or name in self._catch_up
        )

    def _sent(self, events: Sequence[LoggedEvent]) -> None:
        size = sum(len(event.body) for event in events)
        self.delivered += len(events)
        last = max((event.seq for event in events), default=0)
        if last:
            self._unacked.append((last, len(events), size))
            self._unacked_events += len(events)
            self._unacked_bytes += size

    def _takes_pages(self) -> bool:
        return not self._is_full() and self._link.buffered < PAGES_AHEAD_BYTES

    def _is_full(self) -> bool:
        return (
            self._unacked_events >= WINDOW_EVENTS
            or self._unacked_bytes >= WINDOW_BYTES
            or self._link.buffered >= WINDOW_BYTES
        )


class _Header(msgspec.Struct):
    received_at: datetime


_HEADER = msgspec.json.Decoder(_Header)
