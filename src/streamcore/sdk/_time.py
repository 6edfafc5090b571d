"""Time as a port, so that the test kit can turn it."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod

__all__ = ["SystemTime", "Time"]


class Time(ABC):
    """Seconds that never step back, and waiting on them."""

    @abstractmethod
    def monotonic(self) -> float:
        """Return seconds that never step back."""

    @abstractmethod
    async def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemTime(Time):
    """The machine's own clock."""

    def monotonic(self) -> float:
        """Return seconds that never step back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
