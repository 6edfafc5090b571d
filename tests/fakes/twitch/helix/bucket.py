"""What one user may ask in a minute: a bucket of points that fills as time goes by."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

__all__ = ["Bucket"]

_MINUTE_S = 60.0


@dataclass(slots=True)
class Bucket:
    """Full at first; `left` may be set by a test that wants it empty."""

    limit: int
    left: float = -1.0
    _since: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        if self.left < 0:
            self.left = float(self.limit)

    def take(self, cost: int) -> bool:
        """Pay for a call; False when it cannot be paid for."""
        self._fill()
        if self.left < cost:
            return False
        self.left -= cost
        return True

    def headers(self) -> dict[str, str]:
        """Return Twitch's three headers; the last is when the bucket will be full again."""
        self._fill()
        full_at = time.time() + (self.limit - self.left) / self.limit * _MINUTE_S
        return {
            "Ratelimit-Limit": str(self.limit),
            "Ratelimit-Remaining": str(int(self.left)),
            "Ratelimit-Reset": str(int(full_at)),
        }

    def _fill(self) -> None:
        now = time.time()
        self.left = min(self.limit, self.left + (now - self._since) / _MINUTE_S * self.limit)
        self._since = now
