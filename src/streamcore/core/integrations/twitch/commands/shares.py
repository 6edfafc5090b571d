"""Sharing the request limit among those who send commands."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.core.integrations.twitch.api.rate import RateLimit
from streamcore.protocol.errors import ErrorCode

__all__ = ["Shares"]

_WINDOW_S = 60.0
_AT_ONCE = 8


class Shares:
    """While more than half of the limit is left, everybody may use it.

    From there on each sender may have used its equal share of the other half within the minute, so
    that one that floods is stopped while the others and the streamer go on. Nobody has more than a
    few commands under way at once.
    """

    def __init__(self, clock: Clock, rate: RateLimit, *, preferred: str) -> None:
        self._clock = clock
        self._rate = rate
        self._preferred = preferred
        self._used: Counter[str] = Counter()
        self._window_ends_s = 0.0
        self._places: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @contextlib.asynccontextmanager
    async def place(self, sender: str) -> AsyncIterator[None]:
        """Let a command be carried out; raises `rate_limited` for who had more than its share."""
        self._count(sender)
        semaphore, users = self._places.get(sender, (asyncio.Semaphore(_AT_ONCE), 0))
        self._places[sender] = (semaphore, users + 1)
        try:
            async with semaphore:
                yield
        finally:
            _, users = self._places.pop(sender)
            if users > 1:
                self._places[sender] = (semaphore, users - 1)

    def _count(self, sender: str) -> None:
        now_s = self._clock.monotonic()
        if now_s >= self._window_ends_s:
            self._used.clear()
            self._window_ends_s = now_s + _WINDOW_S
        left, limit = self._rate.left, self._rate.limit
        if sender != self._preferred and limit and left is not None and left <= limit / 2:
            others = len(self._used.keys() - {sender})
            share = limit / 2 / (others + 1 if others else 2)
            if self._used[sender] >= share:
                wait_s = self._window_ends_s - now_s
                raise CommandError(
                    ErrorCode.RATE_LIMITED,
                    "Twitch's limit of requests is half used up, and others need the rest: send "
                    "fewer commands.",
                    retry_after_ms=max(1, int(wait_s * 1000)),
                )
        self._used[sender] += 1
