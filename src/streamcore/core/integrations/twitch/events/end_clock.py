"""Tells what the platform does not tell when its time is up: the ends of bombs and of ads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from streamcore.core.clock import Clock
from streamcore.core.integrations.twitch.events.endings import Endings
from streamcore.protocol.events import Event

__all__ = ["EndClock"]

_LOOK_EVERY_S = 1.0


class EndClock:
    """Runs beside the reading; what an earlier session left goes on."""

    def __init__(self, endings: Endings, clock: Clock) -> None:
        self._endings = endings
        self._clock = clock
        self._is_any_open = asyncio.Event()
        self._is_any_open.set()

    def observe(self, events: Sequence[Event]) -> tuple[Event, ...]:
        """Return the events with the ends that they bring."""
        seen = self._endings.observe(events, self._clock.monotonic())
        if self._endings.due_s() is not None:
            self._is_any_open.set()
        return seen

    async def run(self, store: Callable[[Sequence[Event]], Awaitable[None]]) -> None:
        """Tell the ends that are overdue, for ever."""
        while await self._is_any_open.wait():
            due_s = self._endings.due_s()
            if due_s is None:
                self._is_any_open.clear()
                continue
            # In short steps: what begins meanwhile may end sooner.
            left_s = due_s - self._clock.monotonic()
            await self._clock.sleep(min(max(0.0, left_s), _LOOK_EVERY_S))
            await store(self._endings.overdue(self._clock.monotonic()))
