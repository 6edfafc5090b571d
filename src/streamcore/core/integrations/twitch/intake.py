"""Everything that comes in: frames become events, and what did not come in is noticed."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from streamcore.core.errors import StorageError
from streamcore.core.integrations.base import Health, Host, Words
from streamcore.core.integrations.twitch import words
from streamcore.core.integrations.twitch.backoff import Backoff
from streamcore.core.integrations.twitch.channel.backfill import Backfill
from streamcore.core.integrations.twitch.client import Client
from streamcore.core.integrations.twitch.events.arrivals import arrived
from streamcore.core.integrations.twitch.events.end_clock import EndClock
from streamcore.core.integrations.twitch.events.endings import Endings
from streamcore.core.integrations.twitch.eventsub.calls import Calls
from streamcore.core.integrations.twitch.eventsub.connection import EventSub
from streamcore.core.integrations.twitch.eventsub.frames import Frame, Subscription
from streamcore.core.integrations.twitch.eventsub.health import Delays, health
from streamcore.core.integrations.twitch.eventsub.subscriptions import Subscriptions
from streamcore.core.integrations.twitch.eventsub.words import LATE
from streamcore.core.integrations.twitch.gaps import Gaps
from streamcore.core.integrations.twitch.lifesign import LifeSign, LifeSigns
from streamcore.core.integrations.twitch.login.scopes import Rights
from streamcore.core.integrations.twitch.surroundings import local_address, watch
from streamcore.core.integrations.twitch.troubles import Place, Troubles
from streamcore.core.integrations.twitch.waiting import together
from streamcore.protocol.events import Event

__all__ = ["Intake"]

_STORE_AGAIN_S = 1.0
_ALL_WELL = Words()

_log = logging.getLogger(__name__)

Publish = Callable[[Sequence[Event]], Awaitable[None]]


class Intake:
    """Listens to a streamer's channel for as long as the login lasts.

    `tell` hears what is wrong at the moment, no words when nothing is; `decorate` adds to
    events what others know; `doubt` hears that the login may be lost.
    """

    def __init__(
        self,
        host: Host,
        client: Client,
        user_id: str,
        rights: Rights,
        *,
        endings: Endings,
        publish: Publish,
        tell: Callable[[Words], None],
        decorate: Callable[[Sequence[Event]], Sequence[Event]],
        doubt: Callable[[], None],
    ) -> None:
        self._clock = host.clock
        self._user_id = user_id
        self._publish = publish
        self._decorate = decorate
        self._doubt = doubt
        self._troubles = Troubles(tell)
        self._delays = Delays()
        self._ends = EndClock(endings, host.clock)
        self._gaps = Gaps(host.clock, user_id)
        self._life = LifeSigns(host.notes, host.clock, user_id)
        self._backfill = Backfill(client.helix, user_id, host.clock, rights)
        self._subscriptions = Subscriptions(
            Calls(client.helix, client.addresses.subscriptions, user_id),
            rights,
            clock=host.clock,
            chance=host.random,
            changed=self._subscriptions_changed,
        )
        self._events = EventSub(
            client.addresses.eventsub,
            clock=host.clock,
            backoff=Backoff(host.random),
            listener=self,
        )

    @property
    def health(self) -> Health | None:
        """How lively the link is; None while there is none."""
        return health(self._events.link, self._delays)

    async def run(self) -> None:
        """Listen until the task is cancelled."""
        last = await self._life.last()
        if last is not None:
            self._gaps.begin(last.told_until, "the app was not running")
            self._subscriptions.left_behind([last.session_id])
        try:
            await together(
                self._events.run(),
                self._ends.run(self._store),
                self._gaps.fill(self._backfill, self._store),
                self._life.run(self._sign_of_life),
                watch(
                    self._clock, woke=self._woke, moved=self._events.hurry, address=local_address
                ),
            )
        finally:
            if (sign := self._sign_of_life()) is not None:
                await self._life.note(sign)

    def rights_changed(self, rights: Rights) -> None:
        """The login allows something else from now on, or something else is switched on."""
        self._backfill.rights = rights
        self._subscriptions.rights_changed(rights)

    def hurry(self) -> None:
        """Twitch was reached just now: waiting for it has an end."""
        self._events.hurry()

    # What the link tells (`Listener`).

    async def subscribe(self, session_id: str) -> None:
        """Make the subscriptions of a new session and look after them."""
        await self._subscriptions.keep(session_id)

    async def take(self, frames: Sequence[Frame]) -> None:
        """Publish what a burst of frames says."""
        now = self._clock.now()
        events: list[Event] = []
        for frame in frames:
            if frame.metadata.message_type == "revocation":
                self._revoked(frame.payload.subscription or Subscription())
            else:
                for event in arrived(frame, self._user_id, now):
                    events.append(self._backfill.observe(event))
        self._delays.add(frames[-1].metadata.message_timestamp, now)
        await self._store(self._ends.observe(events))

    def link_late(self, is_late: bool) -> None:
        """Tell of a silence while it may still end well."""
        self._troubles.note(Place.SILENCE, LATE if is_late else _ALL_WELL)

    def link_lost(self, why: Words, heard_at: datetime | None) -> None:
        """Begin a gap where the last frame came in."""
        _log.warning("Twitch: %s; connecting again", why.en)
        if heard_at is not None:
            self._gaps.begin(heard_at, "the connection to Twitch was lost")
        self._troubles.note(Place.SILENCE, _ALL_WELL)
        self._troubles.note(Place.LINK, words.connecting_again(why))

    def _subscriptions_changed(self, is_new: bool, missing_since: datetime | None) -> None:
        if is_new:
            if missing_since is not None:
                self._gaps.begin(missing_since, "Twitch did not take a subscription")
            self._gaps.end()
            self._events.subscribed()
        elif missing_since is not None:
            self._gaps.was(missing_since, "Twitch did not take a subscription")
        self._troubles.note(Place.SUBSCRIPTIONS, self._subscriptions.trouble)
        if self._subscriptions.is_alive:
            self._troubles.note(Place.LINK, _ALL_WELL)

    def _revoked(self, subscription: Subscription) -> None:
        _log.warning("Twitch ended %.60s: %.60s", subscription.type, subscription.status)
        self._subscriptions.revoked(subscription)
        self._troubles.note(Place.SUBSCRIPTIONS, self._subscriptions.trouble)
        # Twitch also says so when the streamer took the app's rights away.
        self._doubt()

    def _woke(self, asleep_s: float) -> None:
        _log.info("Twitch: the computer slept, or its clock was set (%.0f s)", asleep_s)
        self._delays.forget()
        self._events.check(asleep_s)
        self._events.hurry()
        self._doubt()

    async def _store(self, events: Sequence[Event]) -> None:
        """Publish, however long it takes: Twitch does not send an event again."""
        is_full = False
        events = self._decorate(events)
        while events:
            try:
                await self._publish(events)
                break
            except StorageError as error:
                is_full = True
                self._troubles.note(Place.STORE, words.not_stored(error))
                await self._clock.sleep(_STORE_AGAIN_S)
        if is_full:
            self._troubles.note(Place.STORE, _ALL_WELL)

    def _sign_of_life(self) -> LifeSign | None:
        link = self._events.link
        told_until = self._gaps.open_since or (link.heard_at if link is not None else None)
        if told_until is None:
            return None
        session_id = link.session_id if link is not None else ""
        return LifeSign(
            user_id=self._user_id,
            alive_at=self._clock.now(),
            told_until=told_until,
            session_id=session_id,
        )
