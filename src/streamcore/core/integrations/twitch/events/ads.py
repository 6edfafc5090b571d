"""Advertising: Twitch tells when a break begins, and leaves it to us to know when it is over."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from streamcore.core.integrations.twitch.events.stream import ad_end_id
from streamcore.protocol.events import AdBreak, Event
from streamcore.protocol.objects import Phase

__all__ = ["AdBreaks"]

_REMEMBERED = 50


class AdBreaks:
    """Watches events go by and adds the end of each break when its time is over."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[float, AdBreak]] = {}
        self._known: dict[str, None] = {}

    def observe(self, events: Sequence[Event], now_s: float) -> tuple[Event, ...]:
        """Return the events as they are, and take note of the breaks that begin."""
        for event in events:
            if isinstance(event, AdBreak) and event.phase is Phase.BEGIN:
                self._begin(event, now_s)
        return tuple(events)

    def due_s(self) -> float | None:
        """When the next break is over."""
        return min((due_s for due_s, _ in self._open.values()), default=None)

    def overdue(self, now_s: float) -> tuple[Event, ...]:
        """End the breaks whose time is over."""
        over = [name for name, (due_s, _) in self._open.items() if due_s <= now_s]
        return tuple(_ended(self._open.pop(name)[1]) for name in over)

    def close(self) -> tuple[Event, ...]:
        """Forget the breaks that run: nobody will be here to say when they end."""
        self._open.clear()
        return ()

    def _begin(self, event: AdBreak, now_s: float) -> None:
        if event.source_id in self._known:
            return
        self._known[event.source_id] = None
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]
        self._open[event.source_id] = (now_s + event.duration_s, event)


def _ended(begun: AdBreak) -> AdBreak:
    return replace(
        begun,
        phase=Phase.END,
        at=begun.ends_at or begun.at,
        source_id=ad_end_id(begun.source_id),
    )
