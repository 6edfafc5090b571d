"""How hard an experiment is: the short form of each test run, or the long one of the marks."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TypeVar

__all__ = ["Plan"]

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class Plan:
    """One call of the experiments; what is left to chance follows from the seed."""

    is_long: bool = False
    seed: int = 1
    minutes: float | None = None
    """How long each goes on; None is its own usual time or number of kills."""
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "chance", random.Random(self.seed))

    def pick(self, short: Number, long: Number) -> Number:
        """Return a size, or a time that is no matter of how long the experiment goes on."""
        return long if self.is_long else short

    def is_over(self, begin_s: float) -> bool:
        """Tell whether an experiment with a number of kills has had its minutes."""
        return self.minutes is not None and time.monotonic() - begin_s > self.minutes * 60

    def seconds(self, short: float, long: float) -> float:
        """Return a duration; `minutes` replaces the long one."""
        if not self.is_long:
            return short
        return long if self.minutes is None else self.minutes * 60
