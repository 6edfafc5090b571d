"""Delivery to pages and dashboards: what they are too slow for is left out, counted and told."""

from __future__ import annotations

from streamcore.core.bridge.link import Link
from streamcore.core.bus import Batch, Bus, Subscription
from streamcore.core.event_filter import EventFilter
from streamcore.protocol.frames import Gap

__all__ = ["LossyReader"]

BUFFER_BYTES = 1024 * 1024
"""What may wait for a slow page; beyond that the oldest thing to do is to skip the newest."""


class LossyReader:
    """A sink without a cursor."""

    def __init__(self, bus: Bus, link: Link) -> None:
        self._bus = bus
        self._link = link
        self._subscription: Subscription | None = None
        self._skipped = 0

    def listen(self, filter_: EventFilter) -> None:
        """Receive what the filter admits from now on."""
        if self._subscription is None:
            self._subscription = self._bus.subscribe(filter_, self)
        else:
            self._subscription.replace(filter_)

    def offer(self, batch: Batch) -> None:
        """Send the batch, or count it when the peer does not take what it already has."""
        if self._link.buffered > BUFFER_BYTES:
            self._skipped += len(batch.events)
            return
        if self._skipped:
            self._link.send("gap", Gap(skipped=self._skipped))
            self._skipped = 0
        self._link.send_batch(batch)

    def close(self) -> None:
        """Stop at once."""
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None
