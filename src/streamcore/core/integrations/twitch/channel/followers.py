"""Who followed while we did not listen.

https://dev.twitch.tv/docs/api/reference/#get-channel-followers
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

import msgspec

from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.core.integrations.twitch.api.pages import pages
from streamcore.core.integrations.twitch.events.people import user
from streamcore.core.integrations.twitch.events.source import PLATFORM, follow_id
from streamcore.protocol.events import Event, Follow, Origin
from streamcore.protocol.permissions import Permission

__all__ = ["Followers"]

_MAX_PAGES = 10
_REMEMBERED = 1000
_SAME_WITHIN = timedelta(seconds=2)
"""EventSub tells fractions of a second, the API does not, and nobody says how it rounds."""


class _Follower(msgspec.Struct, frozen=True, kw_only=True):
    user_id: str
    user_login: str = ""
    user_name: str = ""
    followed_at: datetime


class Followers:
    """The list is read from the newest on, no further than the gap's beginning."""

    tells = ("follow",)
    permission = Permission.AUDIENCE_READ
    scopes = frozenset({"moderator:read:followers"})
    watched: ClassVar[tuple[type[Event], ...]] = (Follow,)

    def __init__(self, helix: Helix, user_id: str) -> None:
        self._helix = helix
        self._user_id = user_id
        self._told: dict[str, datetime] = {}

    def observe(self, event: Event) -> Event:
        """Remember who followed, so that nobody is told twice."""
        if event.user is not None:
            self._remember(event.user.id, event.at)
        return event

    async def missed(self, since: datetime | None) -> Sequence[Event] | None:
        """Return the follows since then, no more than the newest thousand."""
        if since is None:
            return None
        events: list[Event] = []
        params = {"broadcaster_id": self._user_id, "first": "100"}
        found = pages(self._helix, "/channels/followers", _Follower, params, max_pages=_MAX_PAGES)
        async for page in found:
            for each in page.data:
                if each.followed_at < since - _SAME_WITHIN:
                    return events
                if not self._is_told(each):
                    self._remember(each.user_id, each.followed_at)
                    events.append(self._event(each))
        return events

    def _is_told(self, follower: _Follower) -> bool:
        told = self._told.get(follower.user_id)
        return told is not None and abs(told - follower.followed_at) < _SAME_WITHIN

    def _remember(self, user_id: str, at: datetime) -> None:
        self._told.pop(user_id, None)
        self._told[user_id] = at
        if len(self._told) > _REMEMBERED:
            del self._told[next(iter(self._told))]

    def _event(self, follower: _Follower) -> Follow:
        return Follow(
            platform=PLATFORM,
            channel_id=self._user_id,
            at=follower.followed_at,
            origin=Origin.CATCH_UP,
            source_id=follow_id(follower.user_id, follower.followed_at),
            user=user(follower.user_id, follower.user_login, follower.user_name),
        )
