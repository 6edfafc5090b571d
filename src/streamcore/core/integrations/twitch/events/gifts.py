"""Gift bombs: their parts are bound by Twitch's own id, never by time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from streamcore.core.integrations.twitch.events.notices import bomb_id
from streamcore.protocol.events import Event, GiftSubscription, GiftSubscriptionBomb
from streamcore.protocol.objects import Recipient

__all__ = ["COMPLETE_AFTER_S", "GiftBombs"]

COMPLETE_AFTER_S = 30.0
_REMEMBERED = 200


@dataclass(slots=True)
class _Bomb:
    """One bomb under way; gifts may come before the notice that tells how many there are."""

    due_s: float
    begun: GiftSubscriptionBomb | None = None
    recipients: dict[str, Recipient] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return self.begun is not None and len(self.recipients) >= self.begun.count


class GiftBombs:
    """Watches events go by and adds the end of each bomb: when all gifts came, or after 30 s."""

    def __init__(self) -> None:
        self._open: dict[str, _Bomb] = {}
        self._ended: dict[str, None] = {}

    def observe(self, events: Sequence[Event], now_s: float) -> tuple[Event, ...]:
        """Return the events with the ends of the bombs that they complete."""
        out: list[Event] = []
        for event in events:
            out.append(event)
            group = event.group_id
            if group is None or group in self._ended:
                continue
            if isinstance(event, GiftSubscriptionBomb):
                self._bomb(group, now_s).begun = event
            elif isinstance(event, GiftSubscription) and event.recipient is not None:
                bomb = self._bomb(group, now_s)
                bomb.recipients[event.recipient.id or event.source_id] = event.recipient
            else:
                continue
            if self._open[group].is_whole:
                out.extend(self._end(group))
        return tuple(out)

    def due_s(self) -> float | None:
        """When the next bomb has waited long enough."""
        return min((bomb.due_s for bomb in self._open.values()), default=None)

    def overdue(self, now_s: float) -> tuple[Event, ...]:
        """End the bombs that have waited long enough."""
        late = [group for group, bomb in self._open.items() if bomb.due_s <= now_s]
        return tuple(event for group in late for event in self._end(group))

    def close(self) -> tuple[Event, ...]:
        """End every bomb with the gifts that came so far."""
        return tuple(event for group in list(self._open) for event in self._end(group))

    def _bomb(self, group: str, now_s: float) -> _Bomb:
        return self._open.setdefault(group, _Bomb(due_s=now_s + COMPLETE_AFTER_S))

    def _end(self, group: str) -> tuple[Event, ...]:
        bomb = self._open.pop(group)
        self._ended[group] = None
        while len(self._ended) > _REMEMBERED:
            del self._ended[next(iter(self._ended))]
        if bomb.begun is None:  # gifts of a bomb whose notice never came: nothing was announced
            return ()
        end = replace(
            bomb.begun,
            source_id=bomb_id(group, is_complete=True),
            recipients=tuple(bomb.recipients.values()),
            is_complete=True,
        )
        return (end,)
