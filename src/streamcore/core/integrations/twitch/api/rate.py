"""What Twitch's rate headers say: how much is left, and when it is full again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from streamcore.core.clock import Clock

__all__ = ["RateLimit"]

# A bucket fills within a minute. Who reads more from a header reads a clock that is wrong.
_MAX_FILL_S = 120.0


class RateLimit:
    """The bucket of requests as the last answer described it, less what is under way since.

    Nothing of it is known before the first answer, and nothing of it is written down here: sizes
    differ by app and change (dev.twitch.tv/docs/api/guide, "Twitch rate limits").
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._limit: int | None = None
        self._left: int | None = None
        self._full_at_s = 0.0
        self.under_way = 0
        """How many requests wait for their answer; the last header did not count them."""

    @property
    def limit(self) -> int | None:
        """How large the bucket is, None while it is not known."""
        return self._limit

    @property
    def left(self) -> int | None:
        """What is left of the bucket, None while it is not known."""
        is_full = self._limit is not None and self._clock.monotonic() >= self._full_at_s
        return self._limit if is_full else self._left

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left until the bucket fills."""
        return self._left == 0 and self._clock.monotonic() < self._full_at_s

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take over what an answer's headers tell; absent or broken ones change nothing."""
        limit, left, full_at = (
            _number(headers, f"ratelimit-{name}") for name in ("limit", "remaining", "reset")
        )
        if left is None or full_at is None:
            return
        self._limit, self._left = limit, left
        fills_in_s = full_at - self._server_time(headers)
        self._full_at_s = self._clock.monotonic() + min(max(fills_in_s, 0.0), _MAX_FILL_S)

    def wait_s(self, spare: float = 0.0) -> float:
        """How long to wait before the next request, which leaves this part of the bucket alone."""
        if self._left is None:
            return 0.0
        kept = math.ceil((self._limit or 0) * spare)
        if self._left - self.under_way > kept:
            return 0.0
        return max(0.0, self._full_at_s - self._clock.monotonic())

    def as_quota(self) -> dict[str, object] | None:
        """Return the bucket for the dashboard: its size, what is left of it and what is used."""
        left = self.left
        if left is None:
            return None
        used = None if self._limit is None else max(0, self._limit - left)
        return {"limit": self._limit, "remaining": left, "used": used}

    def _server_time(self, headers: Mapping[str, str]) -> float:
        # Of the server's own clock: the PC's may be wrong by hours.
        try:
            return parsedate_to_datetime(headers["date"]).timestamp()
        except (KeyError, ValueError, OverflowError):
            return self._clock.now().timestamp()


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return int(text) if len(text) <= 15 and text.isascii() and text.isdecimal() else None
