"""Who subscribed while we did not listen: today's list compared with the one known before.

https://dev.twitch.tv/docs/api/reference/#get-broadcaster-subscriptions
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.core.integrations.twitch.api.pages import pages
from streamcore.core.integrations.twitch.events.people import tier, user
from streamcore.core.integrations.twitch.events.source import PLATFORM
from streamcore.protocol.events import (
    Event,
    GiftSubscription,
    Origin,
    Resubscription,
    Subscription,
    SubscriptionEnded,
)
from streamcore.protocol.permissions import Permission

__all__ = ["Subscribers"]

_MAX_PAGES = 20
_MAX_KNOWN = _MAX_PAGES * 100
_MAX_TOLD = 100
_LIVE_ONES_FIRST_S = 5.0


class _Subscriber(msgspec.Struct, frozen=True, kw_only=True):
    user_id: str
    user_login: str = ""
    user_name: str = ""
    tier: str = "1000"
    is_gift: bool = False


class Subscribers:
    """The list does not say since when somebody subscribes: who is new is told as of now.

    A list that is too long to be read, or that differs by a crowd, proves nothing and is not told:
    better no alert than a storm of wrong ones.
    """

    tells = ("subscription",)
    permission = Permission.AUDIENCE_READ
    scopes = frozenset({"channel:read:subscriptions"})
    watched: ClassVar[tuple[type[Event], ...]] = (
        Subscription,
        Resubscription,
        GiftSubscription,
        SubscriptionEnded,
    )

    def __init__(self, helix: Helix, user_id: str, clock: Clock) -> None:
        self._helix = helix
        self._user_id = user_id
        self._clock = clock
        self._known: set[str] | None = None
        self._listed: set[str] | None = None
        self._new: list[_Subscriber] = []

    def observe(self, event: Event) -> Event:
        """Keep the list up to date."""
        who = event.recipient if isinstance(event, GiftSubscription) else event.user
        if self._known is not None and who is not None and who.id:
            if isinstance(event, SubscriptionEnded):
                self._known.discard(who.id)
            else:
                self._known.add(who.id)
        return event

    async def missed(self, since: datetime | None) -> Sequence[Event] | None:
        """Read who is on the list now and was not before; the first time there is no before."""
        now = await self._list()
        if now is None:
            self._known = None
            return None
        if self._known is None or since is None:
            self._known = set(now)
            return None
        self._new = [each for each in now.values() if each.user_id not in self._known]
        self._listed = set(now)
        if len(self._new) > _MAX_TOLD:
            self._known, self._new = set(now), []
            return None
        return ()

    async def late(self) -> Sequence[Event]:
        """Return who is new on the list.

        What began when we already listened is told live, maybe a moment later than the list.
        """
        if self._known is None or self._listed is None:
            return ()
        before = set(self._known)
        if self._new:
            await self._clock.sleep(_LIVE_ONES_FIRST_S)
        new = [each for each in self._new if each.user_id not in self._known]
        self._known = self._listed | (self._known - before)
        self._listed, self._new = None, []
        return [self._event(each) for each in new]

    async def _list(self) -> dict[str, _Subscriber] | None:
        found: dict[str, _Subscriber] = {}
        params = {"broadcaster_id": self._user_id, "first": "100"}
        async for page in pages(
            self._helix, "/subscriptions", _Subscriber, params, max_pages=_MAX_PAGES
        ):
            if (page.total or 0) > _MAX_KNOWN:
                return None
            found.update((each.user_id, each) for each in page.data)
        return found if len(found) < _MAX_KNOWN else None

    def _event(self, subscriber: _Subscriber) -> Subscription:
        now = self._clock.now()
        return Subscription(
            platform=PLATFORM,
            channel_id=self._user_id,
            at=now,
            origin=Origin.CATCH_UP,
            source_id=f"subscriber:{subscriber.user_id}:{now.date().isoformat()}",
            user=user(subscriber.user_id, subscriber.user_login, subscriber.user_name),
            tier=tier(subscriber.tier),
            is_gift=subscriber.is_gift,
        )
