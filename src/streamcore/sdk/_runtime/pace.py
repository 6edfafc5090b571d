"""A token bucket that slows a busy module down before the core would cut it off."""

from __future__ import annotations

import asyncio

from streamcore.sdk._time import Time

__all__ = ["Pace"]

_TICK_S = 0.001


class Pace:
    """So many a second on average, so many at once; waiters go in the order they came."""

    def __init__(self, per_s: float, burst: float, time: Time) -> None:
        self._per_s, self._burst, self._time = per_s, burst, time
        self._tokens = burst
        self._at = time.monotonic()
        self._turn = asyncio.Lock()

    def try_take(self) -> bool:
        """Take one if there is one now and nobody waits."""
        if self._turn.locked():
            return False
        self._refill()
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    async def take(self) -> None:
        """Take one, waiting as long as that takes."""
        if self.try_take():
            return
        async with self._turn:
            self._refill()
            while self._tokens < 1:
                # A clock's grain may leave a hair missing: never wait for less than a tick.
                await self._time.sleep(max(_TICK_S, (1 - self._tokens) / self._per_s))
                self._refill()
            self._tokens -= 1

    def _refill(self) -> None:
        now = self._time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_s)
        self._at = now
