"""Fan-out of published events: readers with equal filters share one batch, encoded once."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from streamcore.core.event_filter import EventFilter
from streamcore.core.logged import LoggedEvent
from streamcore.core.pace import Pace, SystemProcessor
from streamcore.protocol.limits import MAX_BATCH_BYTES

__all__ = ["Batch", "Bus", "Sink", "Subscription", "batches_of"]

log = logging.getLogger(__name__)


class Batch:
    """Events for every reader of one filter, in order; what is made of them is made once."""

    __slots__ = ("events", "frames", "size")

    def __init__(self, events: tuple[LoggedEvent, ...], size: int | None = None) -> None:
        self.events = events
        self.size = sum(len(event.body) for event in events) if size is None else size
        """The encoded events, in bytes."""
        self.frames: dict[str, bytes] = {}
        """Finished frames by namespace, filled by the writer."""

    @property
    def last_seq(self) -> int:
        """Return the highest log number in the batch, 0 when nothing of it was logged."""
        for event in reversed(self.events):
            if event.seq:
                return event.seq
        return 0

    def joined(self) -> bytes:
        """Return the encoded events with commas between them."""
        return b",".join([event.body for event in self.events])


def batches_of(events: Sequence[LoggedEvent]) -> Iterator[Batch]:
    """Pack events, in order, into batches that every reader takes in one packet."""
    first, size = 0, 0
    for index, event in enumerate(events):
        if size + len(event.body) + index - first > MAX_BATCH_BYTES and index > first:
            yield Batch(tuple(events[first:index]), size)
            first, size = index, 0
        size += len(event.body)
    if first < len(events):
        yield Batch(tuple(events[first:]), size)


class Sink(Protocol):
    """A reader's end: takes a batch at once and never blocks."""

    def offer(self, batch: Batch) -> None:
        """Take a batch, or decide by its own policy what to leave out."""


class Subscription:
    """One reader's place in the bus."""

    def __init__(self, bus: Bus, filter_: EventFilter, sink: Sink) -> None:
        self._bus = bus
        self.filter = filter_
        self.sink = sink

    def replace(self, filter_: EventFilter) -> None:
        """Use another filter from the next event on, what waits to be sent included."""
        self._bus._remove(self)
        self.filter = filter_
        self._bus._add(self)

    def close(self) -> None:
        """Stop delivery at once."""
        self._bus._remove(self)


class Bus:
    """Takes events in log order and hands them to every subscription whose filter admits them.

    Events published in one turn of the loop travel together; those of a later turn wait as long
    as the pace says, 4 ms at the most.
    """

    def __init__(
        self, pace: Pace | None = None, *, now: Callable[[], float] = time.perf_counter
    ) -> None:
        self._pace = pace or Pace(SystemProcessor())
        self._now = now
        self._groups: dict[EventFilter, list[Subscription]] = {}
        self._readers: dict[tuple[str, str, str], tuple[EventFilter, ...]] = {}
        self._pending: list[LoggedEvent] = []
        self._flush_handle: asyncio.Handle | None = None

    def subscribe(self, filter_: EventFilter, sink: Sink) -> Subscription:
        """Deliver to `sink` what is published from now on."""
        self.flush()
        subscription = Subscription(self, filter_, sink)
        self._add(subscription)
        return subscription

    def publish(self, events: Sequence[LoggedEvent]) -> None:
        """Take events in log order; cannot fail the publisher."""
        self._pending.extend(events)
        if self._flush_handle is None and self._pending:
            loop = asyncio.get_running_loop()
            wait = self._pace.wait_s(self._now())
            self._flush_handle = (
                loop.call_later(wait, self.flush) if wait else loop.call_soon(self.flush)
            )

    def wait_s(self) -> float:
        """Return how long events that come now have to wait for company; mostly not at all."""
        return self._pace.wait_s(self._now())

    def flush(self) -> None:
        """Deliver what waits now."""
        if self._flush_handle is not None:
            self._flush_handle.cancel()
            self._flush_handle = None
        if not self._pending:
            return
        began = self._now()
        events, self._pending = self._pending, []
        parts: dict[EventFilter, list[LoggedEvent]] = {}
        for event in events:
            for filter_ in self._readers_of(event):
                parts.setdefault(filter_, []).append(event)
        for filter_, part in parts.items():
            self._deliver(filter_, part)
        self._pace.wrote(began, self._now())

    def _readers_of(self, event: LoggedEvent) -> tuple[EventFilter, ...]:
        key = (event.type, event.platform, event.module_id)
        readers = self._readers.get(key)
        if readers is None:
            readers = tuple(filter_ for filter_ in self._groups if filter_.admits(event))
            self._readers[key] = readers
        return readers

    def _deliver(self, filter_: EventFilter, events: list[LoggedEvent]) -> None:
        subscriptions = tuple(self._groups.get(filter_, ()))
        for batch in batches_of(events):
            for subscription in subscriptions:
                try:
                    subscription.sink.offer(batch)
                except Exception:
                    log.exception("a reader failed to take events: %r", subscription.sink)

    def _add(self, subscription: Subscription) -> None:
        self._groups.setdefault(subscription.filter, []).append(subscription)
        self._readers.clear()

    def _remove(self, subscription: Subscription) -> None:
        group = self._groups.get(subscription.filter, [])
        if subscription in group:
            group.remove(subscription)
            if not group:
                del self._groups[subscription.filter]
            self._readers.clear()
