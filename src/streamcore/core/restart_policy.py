"""When a module that ended is started again, and when it is given up: pure, without a clock."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass

__all__ = [
    "BACK_OFF_S",
    "CRASHES",
    "CRASH_WINDOW_S",
    "HEALTHY_S",
    "PARKED_CYCLES",
    "PARKED_S",
    "Park",
    "RestartPolicy",
    "Retry",
]

BACK_OFF_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
CRASHES = 5
CRASH_WINDOW_S = 120.0
HEALTHY_S = 300.0
PARKED_S = 600.0
PARKED_CYCLES = 3


@dataclass(frozen=True, slots=True)
class Retry:
    """Start it again after this many seconds."""

    delay_s: float


@dataclass(frozen=True, slots=True)
class Park:
    """It has failed: leave it, and try once more after a long while or (None) never."""

    reason: str
    retry_after_s: float | None


class RestartPolicy:
    """The record of one module; times are monotonic seconds that the caller gives.

    Back-off grows with every end of whatever kind and has full jitter, so that modules that fell
    together do not rise together. An end that the module declares not to be its fault is not
    counted as a crash. Everything is forgotten after five healthy minutes.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._crashes: deque[float] = deque(maxlen=CRASHES)
        self._step = 0
        self._parked = 0
        self._ready_at: float | None = None

    def ready(self, now: float) -> None:
        """The module works: its healthy time begins."""
        self._ready_at = now

    def ended(self, now: float, *, counts: bool) -> Retry | Park:
        """The module ended without being asked to; `counts` is False for "retry later"."""
        if self._ready_at is not None and now - self._ready_at >= HEALTHY_S:
            self._forget()
        self._ready_at = None
        if counts:
            self._crashes.append(now)
            if self._parked or self._too_many(now):
                return self._park()
        limit = BACK_OFF_S[min(self._step, len(BACK_OFF_S) - 1)]
        self._step += 1
        return Retry(self._chance.uniform(0.0, limit))

    @staticmethod
    def hopeless() -> Park:
        """The module cannot work as it stands: leave it until somebody changes it."""
        return Park("it cannot work as it is", None)

    def _too_many(self, now: float) -> bool:
        return len(self._crashes) == CRASHES and now - self._crashes[0] <= CRASH_WINDOW_S

    def _park(self) -> Park:
        self._parked += 1
        if self._parked >= PARKED_CYCLES:
            return Park("it failed again after every pause", None)
        if self._parked > 1:
            return Park("it failed again after a pause", PARKED_S)
        return Park(f"{CRASHES} crashes within {CRASH_WINDOW_S:.0f} s", PARKED_S)

    def _forget(self) -> None:
        self._crashes.clear()
        self._step = 0
        self._parked = 0
