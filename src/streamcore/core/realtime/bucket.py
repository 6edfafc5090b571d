"""A token bucket."""

from __future__ import annotations

__all__ = ["TokenBucket"]


class TokenBucket:
    """Holds up to `burst` tokens and gains `per_s` of them every second."""

    __slots__ = ("_at", "_burst", "_per_s", "_tokens")

    def __init__(self, per_s: float, burst: float, now: float) -> None:
        self._per_s = per_s
        self._burst = burst
        self._tokens = burst
        self._at = now

    def take(self, now: float, cost: float = 1.0) -> float:
        """Take `cost` tokens and return 0, or take none and return the seconds until there are."""
        tokens = min(self._burst, self._tokens + (now - self._at) * self._per_s)
        self._at = now
        if tokens >= cost:
            self._tokens = tokens - cost
            return 0.0
        self._tokens = tokens
        return (cost - tokens) / self._per_s

    def is_full(self, now: float) -> bool:
        """Say whether forgetting the bucket would give nobody anything."""
        return self._tokens + (now - self._at) * self._per_s >= self._burst
