"""Time as a port, so that tests can turn it."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime

__all__ = ["Clock", "SystemClock"]


class Clock(ABC):
    """Wall time for people, monotonic time for waiting."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the wall time, aware and in UTC."""

    @abstractmethod
    def monotonic(self) -> float:
        """Return seconds that never step back."""

    @abstractmethod
    async def sleep(self, seconds: float) -> None:
        """Wait on the monotonic time."""


class SystemClock(Clock):
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
