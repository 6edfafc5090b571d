"""What Twitch can still tell of a time in which we did not listen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.core.integrations.oauth import UnreachableError
from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.core.integrations.twitch.channel.followers import Followers
from streamcore.core.integrations.twitch.channel.known import Channel
from streamcore.core.integrations.twitch.channel.redemptions import Redemptions
from streamcore.core.integrations.twitch.channel.subscribers import Subscribers
from streamcore.core.integrations.twitch.login.scopes import Rights
from streamcore.protocol.events import Event
from streamcore.protocol.permissions import Permission

__all__ = ["Backfill", "Missed"]

_EACH_WITHIN_S = 180.0

_log = logging.getLogger(__name__)


class _Teller(Protocol):
    """One thing that can be asked."""

    @property
    def tells(self) -> tuple[str, ...]:
        """The types of events that it knows of."""

    @property
    def permission(self) -> Permission:
        """What the streamer has to have switched on."""

    @property
    def scopes(self) -> frozenset[str]:
        """One of them is needed; none means that every login may ask."""

    async def missed(self, since: datetime | None) -> Sequence[Event] | None:
        """Return what happened; None when it could not be found out.

        No time means that there was no gap: then only what is so now counts.
        """


class Missed(NamedTuple):
    """What was missed, oldest first, and of which types of events that is all."""

    events: tuple[Event, ...]
    asked: tuple[str, ...]


class Backfill:
    """Asks one thing after the other in the background; what fails is not named as asked."""

    def __init__(self, helix: Helix, user_id: str, clock: Clock, rights: Rights) -> None:
        self._channel = Channel(helix, user_id, clock)
        followers = Followers(helix, user_id)
        self._subscribers = subscribers = Subscribers(helix, user_id, clock)
        self._tellers: tuple[_Teller, ...] = (
            self._channel,
            followers,
            Redemptions(helix, user_id),
            subscribers,
        )
        self._watchers = {
            **dict.fromkeys(Channel.watched, self._channel.observe),
            **dict.fromkeys(Followers.watched, followers.observe),
            **dict.fromkeys(Subscribers.watched, subscribers.observe),
        }
        self.rights = rights

    def observe(self, event: Event) -> Event:
        """Learn from a live event, and return it with what only we can add."""
        watcher = self._watchers.get(type(event))
        return event if watcher is None else watcher(event)

    async def since(self, began: datetime | None) -> Missed:
        """Ask everything that this login may ask."""
        events: list[Event] = []
        asked: list[str] = []
        for teller in self._tellers:
            if not self._may(teller):
                continue
            try:
                async with asyncio.timeout(_EACH_WITHIN_S):
                    told = await teller.missed(began)
            except (CommandError, UnreachableError, TimeoutError) as error:
                _log.warning("Twitch: could not ask what was missed: %s", error)
                continue
            if told is not None:
                events.extend(told)
                asked.extend(teller.tells)
        events.sort(key=lambda event: event.at)
        return Missed(tuple(events), tuple(asked))

    async def late(self) -> Sequence[Event]:
        """Return what could not be told at once."""
        return await self._subscribers.late()

    def _may(self, teller: _Teller) -> bool:
        if teller.permission not in self.rights.on:
            return False
        return not teller.scopes or not teller.scopes.isdisjoint(self.rights.scopes)
