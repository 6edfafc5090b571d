"""Keeping below a platform's limit of messages in a window of time."""

from __future__ import annotations

from collections import deque

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.protocol.errors import ErrorCode

__all__ = ["Pacer"]

_MAX_WAIT_S = 10.0


class Pacer:
    """At most `limit` messages in any `window_s`; who would wait too long is told so at once."""

    def __init__(self, clock: Clock, *, limit: int, window_s: float) -> None:
        self._clock = clock
        self._limit = limit
        self._window_s = window_s
        self._slots: deque[float] = deque(maxlen=limit)

    async def take(self, count: int) -> None:
        """Wait until `count` messages may go, in the order of asking, and count them as gone."""
        wait_s = self._reserve(count)
        if wait_s > 0:
            await self._clock.sleep(wait_s)

    def _reserve(self, count: int) -> float:
        now_s = self._clock.monotonic()
        times = list(self._slots)
        at_s = now_s
        for _ in range(count):
            if len(times) >= self._limit:
                at_s = max(at_s, times[-self._limit] + self._window_s)
            times.append(at_s)
        wait_s = at_s - now_s
        if wait_s > _MAX_WAIT_S:
            raise CommandError(
                ErrorCode.RATE_LIMITED,
                f"The chat takes {self._limit} messages in {self._window_s:g} s: "
                "send this one later, or fewer of them.",
                retry_after_ms=int(wait_s * 1000),
            )
        self._slots.extend(times[-count:])
        return wait_s
