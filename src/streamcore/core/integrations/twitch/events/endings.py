"""The ends that Twitch does not tell: of gift bombs and of advertising."""

from __future__ import annotations

from collections.abc import Sequence

from streamcore.core.integrations.twitch.events.ads import AdBreaks
from streamcore.core.integrations.twitch.events.gifts import GiftBombs
from streamcore.protocol.events import Event

__all__ = ["Endings"]


class Endings:
    """One for an account, so that what is under way outlives sockets and sessions."""

    def __init__(self) -> None:
        self._parts = (GiftBombs(), AdBreaks())

    def observe(self, events: Sequence[Event], now_s: float) -> tuple[Event, ...]:
        """Return the events with the ends that they bring about."""
        seen = tuple(events)
        for part in self._parts:
            seen = part.observe(seen, now_s)
        return seen

    def due_s(self) -> float | None:
        """When the next end is due, on the clock that `observe` was given."""
        due = [due_s for part in self._parts if (due_s := part.due_s()) is not None]
        return min(due, default=None)

    def overdue(self, now_s: float) -> tuple[Event, ...]:
        """Return the ends that are due."""
        return tuple(event for part in self._parts for event in part.overdue(now_s))

    def close(self) -> tuple[Event, ...]:
        """Return the ends that can be told at the end of the account's work."""
        return tuple(event for part in self._parts for event in part.close())
