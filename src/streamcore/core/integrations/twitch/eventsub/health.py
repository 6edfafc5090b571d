"""How lively the link is, and how long events take to reach us."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from statistics import median

from streamcore.core.integrations.base import Health
from streamcore.core.integrations.twitch.eventsub.link import Link

__all__ = ["Delays", "health"]

_RECENT = 50
_SKEWED_BEYOND_MS = 1000.0


class Delays:
    """How long recent events were on their way, by Twitch's clock and ours.

    The clocks may differ by hours. The quickest frame of late shows by how much: when it seems to
    have taken less than nothing, or more than a second, that is the clocks, and is taken off.
    """

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=_RECENT)

    def add(self, sent_at: datetime | None, received_at: datetime) -> None:
        """Note one frame."""
        if sent_at is not None and sent_at.tzinfo is not None:
            self._recent.append((received_at - sent_at).total_seconds() * 1000)

    def forget(self) -> None:
        """Begin anew: a clock was set."""
        self._recent.clear()

    @property
    def median_ms(self) -> float | None:
        """The median; None as long as nothing came."""
        if not self._recent:
            return None
        quickest_ms = min(self._recent)
        skew_ms = quickest_ms if not 0 <= quickest_ms <= _SKEWED_BEYOND_MS else 0.0
        return round(median(self._recent) - skew_ms, 1)


def health(link: Link | None, delays: Delays) -> Health | None:
    """Return what the dashboard shows; None when no link is read."""
    if link is None:
        return None
    return Health(heard_at=link.heard_at, keepalive_s=link.keepalive_s, delay_ms=delays.median_ms)
