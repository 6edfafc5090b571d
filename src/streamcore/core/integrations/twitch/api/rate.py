"""What Twitch's rate headers say: how much is left, and when it is full again."""

from __future__ import annotations

from collections.abc import Mapping

from streamcore.core.clock import Clock

__all__ = ["RateLimit"]


class RateLimit:
    """The bucket of requests, as the last answer described it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._limit: int | None = None
        self._remaining: int | None = None
        self._resets_at: float | None = None

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take over what an answer's headers tell; absent or broken ones change nothing."""
        limit, remaining = (
            _number(headers, "ratelimit-limit"),
            _number(headers, "ratelimit-remaining"),
        )
        resets_at = _number(headers, "ratelimit-reset")
        if remaining is not None and resets_at is not None:
            self._limit, self._remaining, self._resets_at = limit, remaining, resets_at

    def wait_s(self) -> float:
        """How long to wait before the next request."""
        if self._remaining is None or self._remaining > 0 or self._resets_at is None:
            return 0.0
        return max(0.0, self._resets_at - self._clock.now().timestamp())

    def as_quota(self) -> dict[str, object] | None:
        """Return the bucket for the dashboard."""
        if self._remaining is None:
            return None
        return {"limit": self._limit, "remaining": self._remaining}


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return int(text) if text.isdecimal() else None
