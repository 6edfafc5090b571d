"""Time that stands still until the test turns it."""

from __future__ import annotations

import asyncio
import heapq
import itertools

from streamcore.sdk._time import Time

__all__ = ["ManualTime"]

_TURNS = 20


class ManualTime(Time):
    """Wakes sleepers in order when `advance` reaches them."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def monotonic(self) -> float:
        """Return seconds that never step back."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait until `advance` has passed so much time."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), future))
        await future

    async def advance(self, seconds: float) -> None:
        """Move on, letting everybody whose time has come run in between."""
        end = self._now + seconds
        await _turn_loop()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, future = heapq.heappop(self._sleepers)
            self._now = max(self._now, at)
            if not future.done():
                future.set_result(None)
            await _turn_loop()
        self._now = end
        await _turn_loop()


async def _turn_loop() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)
