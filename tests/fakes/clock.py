"""A clock that stands still until the test turns it."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

from streamcore.core.clock import Clock

__all__ = ["ManualClock"]


class ManualClock(Clock):
    """Starts at 2026-01-01 12:00 UTC; `advance` wakes everybody whose time has come."""

    def __init__(self) -> None:
        self._wall = datetime(2026, 1, 1, 12, tzinfo=UTC)
        self._monotonic = 1000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    @property
    def sleepers(self) -> int:
        """Return how many wait for their time."""
        return sum(not future.done() for _, _, future in self._sleepers)

    def now(self) -> datetime:
        return self._wall

    def monotonic(self) -> float:
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._monotonic + seconds, next(self._order), future))
        await future

    async def advance(self, seconds: float) -> None:
        """Move both clocks on, waking sleepers in order and letting them run in between."""
        end = self._monotonic + seconds
        await self._settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, future = heapq.heappop(self._sleepers)
            self._wall += timedelta(seconds=max(0.0, at - self._monotonic))
            self._monotonic = max(at, self._monotonic)
            if not future.done():
                future.set_result(None)
            await self._settle()
        self._wall += timedelta(seconds=end - self._monotonic)
        self._monotonic = end
        await self._settle()

    def jump_wall(self, seconds: float) -> None:
        """Step the wall clock alone, as a time server or a sleeping laptop does."""
        self._wall += timedelta(seconds=seconds)

    @staticmethod
    async def _settle() -> None:
        for _ in range(20):
            await asyncio.sleep(0)
