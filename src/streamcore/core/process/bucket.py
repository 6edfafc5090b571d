"""A token bucket that tells how long to wait, so that it slows a peer down instead of dropping."""

from __future__ import annotations

__all__ = ["TokenBucket"]


class TokenBucket:
    """Refills at `rate` a second up to `burst`; may run into debt, which has to be waited off."""

    def __init__(self, *, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at: float | None = None

    def take(self, amount: float, now: float) -> float:
        """Take `amount` at the monotonic time `now` and return the seconds to wait for it."""
        if self._at is not None:
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        self._tokens -= amount
        return max(0.0, -self._tokens / self._rate)
