"""Delivery to pages and dashboards: for a slow one the oldest is left out, counted and told."""

from __future__ import annotations

from collections import deque

from streamcore.core.bridge.link import Link
from streamcore.core.bus import Batch, Bus, Subscription
from streamcore.core.clock import Clock
from streamcore.core.event_filter import EventFilter
from streamcore.protocol.frames import Gap

__all__ = ["MAX_WAITING_BYTES", "MAX_WAITING_S", "LossyReader"]

MAX_WAITING_BYTES = 8 * 1024 * 1024
"""Of events, which all slow readers share: none has a copy of its own."""
MAX_WAITING_S = 5.0


class LossyReader:
    """A sink without a cursor; its `gap` stands where the events would have been."""

    def __init__(self, bus: Bus, link: Link, clock: Clock) -> None:
        self._bus = bus
        self._link = link
        self._clock = clock
        self._subscription: Subscription | None = None
        self._waiting: deque[tuple[float, Batch]] = deque()
        self._waiting_bytes = 0
        self._skipped = 0
        link.when_drained(self._catch_up)

    @property
    def waiting_bytes(self) -> int:
        """Return the size of the events that wait until the peer takes more."""
        return self._waiting_bytes

    def listen(self, filter_: EventFilter) -> None:
        """Receive what the filter admits from now on."""
        if self._subscription is None:
            self._subscription = self._bus.subscribe(filter_, self)
        else:
            self._subscription.replace(filter_)

    def offer(self, batch: Batch) -> None:
        """Send the batch, or keep it until the peer has taken what it already has."""
        if not self._link.is_behind:
            # Whatever waited went when the peer caught up.
            self._link.send_batch(batch)
            return
        self._waiting.append((self._clock.monotonic(), batch))
        self._waiting_bytes += batch.size
        self._leave_out()

    def close(self) -> None:
        """Stop at once."""
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None
        self._waiting.clear()
        self._waiting_bytes = 0

    def _catch_up(self) -> None:
        """The peer has taken everything: go on where it was, or where there is something left."""
        self._leave_out()
        if self._skipped:
            self._link.send("gap", Gap(skipped=self._skipped))
            self._skipped = 0
        while self._waiting and not self._link.is_behind:
            _, batch = self._waiting.popleft()
            self._waiting_bytes -= batch.size
            self._link.send_batch(batch)

    def _leave_out(self) -> None:
        """Drop the oldest of what is too much or too old."""
        oldest = self._clock.monotonic() - MAX_WAITING_S
        while self._waiting and (
            self._waiting_bytes > MAX_WAITING_BYTES or self._waiting[0][0] < oldest
        ):
            _, batch = self._waiting.popleft()
            self._waiting_bytes -= batch.size
            self._skipped += len(batch.events)
