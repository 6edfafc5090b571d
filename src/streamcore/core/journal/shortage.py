"""What becomes of the platforms' events while the database cannot be written.

No platform tells anything twice. So what is money stays here, in order, and is tried again and
again until it is on the disk; chat goes to the viewers' eyes without the log, and is counted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from streamcore.core.journal.appending import Append
from streamcore.core.store.health import Health, StorageStatus
from streamcore.protocol.events import Event, EventGap
from streamcore.protocol.ids import new_id

__all__ = ["Shortage"]

TRY_EVERY_S = 0.5


@dataclass
class _Unsaved:
    """What went out of one platform without being logged."""

    first: datetime
    last: datetime
    count: int = 0


class Shortage:
    """Holds what waits for the disk, and asks the disk for it twice a second while it must.

    `hand_in` puts what is held before all that waits and tries to write; it is called with nothing
    too, to learn whether the disk has room again. `tell` takes the gaps when all is well.
    """

    def __init__(
        self,
        health: Health,
        hand_in: Callable[[Sequence[Append]], None],
        tell: Callable[[Sequence[Event]], None],
    ) -> None:
        self._health = health
        self._hand_in = hand_in
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._held: list[Append] = []
        self._unsaved: dict[tuple[str, str], _Unsaved] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._is_closed = False
        health.watch(self._changed)

    @property
    def is_on(self) -> bool:
        """Tell whether not everything can be written."""
        return not self._health.status.is_writable

    def hold(self, append: Append) -> None:
        """Keep something until it can be written."""
        self._held.append(append)
        self._try_later()

    def count(self, event: Event) -> None:
        """Note that an event went out unsaved."""
        at = event.received_at
        key = (event.platform, event.channel_id)
        unsaved = self._unsaved.setdefault(key, _Unsaved(at, at))
        unsaved.count += 1
        unsaved.last = at

    def close(self) -> Sequence[Append]:
        """Try no more and return what is held, for a last attempt."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
        return self._take()

    def _take(self) -> Sequence[Append]:
        # What was on its way when the disk filled up comes back later than what was held at once.
        held = sorted(self._held, key=lambda append: max(each.seq for each in append.events))
        self._held = []
        return held

    def _changed(self, status: StorageStatus) -> None:
        if self._is_closed:
            return
        if not status.is_writable:
            self._try_later()
            return
        self._try()
        unsaved, self._unsaved = self._unsaved, {}
        self._tell([_gap(*key, what, self._health.reason) for key, what in unsaved.items()])

    def _try_later(self) -> None:
        if self._timer is None and not self._is_closed:
            self._timer = self._loop.call_later(TRY_EVERY_S, self._try)

    def _try(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._hand_in(self._take())
        if self.is_on:
            self._try_later()


def _gap(platform: str, channel_id: str, unsaved: _Unsaved, why: str) -> EventGap:
    return EventGap(
        platform=platform,
        channel_id=channel_id,
        at=unsaved.last,
        source_id=f"unsaved:{new_id()}",
        from_at=unsaved.first,
        to_at=unsaved.last,
        reason=f"What was shown then could not be saved ({unsaved.count} events). {why}",
    )
