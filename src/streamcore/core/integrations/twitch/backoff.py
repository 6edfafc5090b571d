"""How long to wait before the next attempt: longer each time, never the same for everybody."""

from __future__ import annotations

import random

__all__ = ["Backoff"]

_FIRST_S = 1.0
_CAP_S = 60.0


class Backoff:
    """Capped exponential waits with full jitter; attempts never end."""

    def __init__(
        self, chance: random.Random, *, first_s: float = _FIRST_S, cap_s: float = _CAP_S
    ) -> None:
        self._chance = chance
        self._first_s = self._ceiling_s = first_s
        self._cap_s = cap_s

    def next_s(self) -> float:
        """Return the next wait."""
        wait_s = self._chance.uniform(self._ceiling_s / 10, self._ceiling_s)
        self._ceiling_s = min(self._ceiling_s * 2, self._cap_s)
        return wait_s

    def reset(self) -> None:
        """Begin anew after a success that lasted."""
        self._ceiling_s = self._first_s
