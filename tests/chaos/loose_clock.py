"""A wall clock that can be set while it runs, as a time server or a person does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from streamcore.core.clock import SystemClock

__all__ = ["LooseClock"]


class LooseClock(SystemClock):
    """The machine's clocks, of which the wall clock can be set."""

    ahead_s: ClassVar[float] = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=LooseClock.ahead_s)
