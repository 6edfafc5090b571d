"""Times of which events may be missing: noticed, filled as far as Twitch tells, and marked."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from streamcore.core.clock import Clock
from streamcore.core.integrations.twitch.channel.backfill import Backfill
from streamcore.core.integrations.twitch.events.source import PLATFORM
from streamcore.protocol.events import Event, EventGap
from streamcore.protocol.ids import new_id

__all__ = ["Gap", "Gaps"]

_KEPT = 20

_log = logging.getLogger(__name__)


class Gap(NamedTuple):
    """A time without a living, subscribed session."""

    began: datetime
    ended: datetime
    reason: str


class Gaps:
    """One gap may be open; those that ended wait to be filled, one after the other.

    Filling takes its time and holds nothing up: live events go on beside it.
    """

    def __init__(self, clock: Clock, channel_id: str) -> None:
        self._clock = clock
        self._channel_id = channel_id
        self._since: tuple[datetime, str] | None = None
        self._ended: deque[Gap | None] = deque()
        self._is_any = asyncio.Event()

    @property
    def open_since(self) -> datetime | None:
        """When the first gap began of which the streamer has not been told yet."""
        began = [gap.began for gap in self._ended if gap is not None]
        if self._since is not None:
            began.append(self._since[0])
        return min(began, default=None)

    def begin(self, at: datetime, reason: str) -> None:
        """Events may be missing from here on; a gap that is open goes on."""
        if self._since is None:
            self._since = (at, reason)

    def end(self) -> None:
        """Everything comes again; the first time of all there may be no gap before it."""
        since, self._since = self._since, None
        gap = None
        if since is not None:
            began, reason = since
            now = self._clock.now()
            # A wall clock that was set back must not make a gap end before it began.
            gap = Gap(min(began, now), now, reason)
        self._add(gap)

    def was(self, since: datetime, reason: str) -> None:
        """Something was missing since then, and comes again."""
        now = self._clock.now()
        self._add(Gap(min(since, now), now, reason))

    def _add(self, gap: Gap | None) -> None:
        if len(self._ended) >= _KEPT and gap is not None:
            last = self._ended.pop() or gap
            gap = Gap(min(last.began, gap.began), gap.ended, gap.reason)
        self._ended.append(gap)
        self._is_any.set()

    async def fill(
        self, backfill: Backfill, store: Callable[[Sequence[Event]], Awaitable[None]]
    ) -> None:
        """Fill and mark what ended, for ever."""
        while True:
            await self._is_any.wait()
            while self._ended:
                gap = self._ended[0]
                missed = await backfill.since(gap.began if gap is not None else None)
                await store((*self._marked(gap, missed.asked), *missed.events))
                self._ended.popleft()
                await store(await backfill.late())
            self._is_any.clear()

    def _marked(self, gap: Gap | None, asked: Sequence[str]) -> tuple[Event, ...]:
        if gap is None:
            return ()
        _log.info("Twitch: events may be missing since %s: %s", gap.began, gap.reason)
        return (
            EventGap(
                platform=PLATFORM,
                channel_id=self._channel_id,
                at=self._clock.now(),
                source_id=f"gap:{new_id()}",
                from_at=gap.began,
                to_at=gap.ended,
                reason=gap.reason,
                backfilled=tuple(sorted(asked)),
            ),
        )
