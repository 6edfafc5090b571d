"""A connected account: events come in, the login is checked, commands go out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from streamcore.core.errors import CommandError, StorageError, StreamCoreError
from streamcore.core.integrations.base import Host, Words
from streamcore.core.integrations.emotes.choice import EmoteChoice
from streamcore.core.integrations.oauth import UnreachableError
from streamcore.core.integrations.twitch import words
from streamcore.core.integrations.twitch.backoff import Backoff
from streamcore.core.integrations.twitch.channel.known import Channel
from streamcore.core.integrations.twitch.channel.viewers import Viewers
from streamcore.core.integrations.twitch.client import Client
from streamcore.core.integrations.twitch.commands.commands import Commands
from streamcore.core.integrations.twitch.events.arrivals import arrived
from streamcore.core.integrations.twitch.events.endings import Endings
from streamcore.core.integrations.twitch.events.source import PLATFORM
from streamcore.core.integrations.twitch.eventsub.connection import EventSub
from streamcore.core.integrations.twitch.eventsub.frames import Frame, Subscription
from streamcore.core.integrations.twitch.eventsub.subscriptions import Subscriptions
from streamcore.core.integrations.twitch.eventsub.words import LATE
from streamcore.core.integrations.twitch.login.auth import Identity
from streamcore.core.integrations.twitch.login.scopes import Rights
from streamcore.core.integrations.twitch.pictures.pictures import Pictures
from streamcore.core.integrations.twitch.speakers import Speaker, Speakers
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import Event, EventGap
from streamcore.protocol.ids import new_id

__all__ = ["Session"]

_STORE_AGAIN_S = 1.0
_LOOK_EVERY_S = 1.0

_log = logging.getLogger(__name__)

Publish = Callable[[Sequence[Event]], Awaitable[None]]
Tell = Callable[[Words], None]


class Session:
    """Lives from the login's check until the login is lost or the streamer disconnects.

    `tell` hears what is wrong at the moment, in the streamer's words; none at all say that
    all is well.
    """

    def __init__(
        self,
        host: Host,
        client: Client,
        identity: Identity,
        *,
        emotes: EmoteChoice,
        rights: Rights,
        endings: Endings,
        publish: Publish,
        tell: Tell,
        bot: Callable[[], Speaker | None],
    ) -> None:
        self._host = host
        self._clock = host.clock
        self._client = client
        self._publish = publish
        self._tell = tell
        self._user_id = identity.user_id
        self._rights = rights
        self.speakers = Speakers(Speaker(client, self._user_id), bot)
        self._commands = Commands(host.clock, self.speakers, rights.scopes, publish)
        self._channel = Channel(client.helix, self._user_id, host.clock)
        self._viewers = Viewers(client.helix, self._user_id, host.clock, publish)
        self._pictures = Pictures(host, client, self._user_id, emotes)
        self._endings = endings
        self._ends_due = asyncio.Event()
        self._ends_due.set()  # what an earlier session left
        self._subscriptions = Subscriptions(
            client.helix,
            client.addresses.subscriptions,
            self._user_id,
            rights,
            host.clock,
        )
        self._events = EventSub(
            client.addresses.eventsub,
            clock=host.clock,
            backoff=Backoff(host.random),
            listener=self,
        )
        self._refused: dict[str, str] = {}
        self._gap_from: datetime | None = None
        self._session_id = ""
        self._has_new_rights = asyncio.Event()

    @property
    def capabilities(self) -> frozenset[str]:
        """The commands that the login's scopes allow."""
        return self._commands.capabilities

    @property
    def quota(self) -> dict[str, object] | None:
        """What is left of Twitch's request limit."""
        return self._client.helix.rate.as_quota()

    async def run(self) -> None:
        """Run until the login is lost (`LoginLostError`, in a group) or the task is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._events.run())
            tasks.create_task(self._pictures.run())
            tasks.create_task(self._commands.run())
            tasks.create_task(self._viewers.run())
            tasks.create_task(self._follow_rights())
            tasks.create_task(self._tell_ends())

    def rights_changed(self, rights: Rights) -> None:
        """Go by other rights from now on; the sockets stay, and what is new is subscribed to."""
        self._rights = self._subscriptions.rights = rights
        self._commands.rights_changed(rights.scopes)
        self._has_new_rights.set()

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        """Carry out a command of a module, or of the dashboard."""
        try:
            return await self._commands.execute(command, sender)
        except CommandError:
            raise
        except StreamCoreError as error:
            raise CommandError(ErrorCode.PLATFORM_NOT_CONNECTED, str(error)) from error

    async def _follow_rights(self) -> None:
        while await self._has_new_rights.wait():
            self._has_new_rights.clear()
            if self._session_id:
                backoff = Backoff(self._host.random)
                self._refused = await self._subscriptions.establish(self._session_id, backoff)
                self._tell_state()

    async def subscribe(self, session_id: str) -> None:
        """Make the subscriptions of a new session."""
        self._session_id = session_id
        backoff = Backoff(self._host.random)
        self._refused = await self._subscriptions.establish(session_id, backoff)
        self._events.subscribed()
        await self._reconcile()
        self._tell_state()

    async def _reconcile(self) -> None:
        try:
            missed = await self._channel.reconcile()
        except (CommandError, UnreachableError) as error:
            _log.warning("Twitch: could not ask what was missed: %s", error)
            missed = ()
        gap = self._gap(missed)
        await self._store((*gap, *missed))

    def _gap(self, missed: Sequence[Event]) -> tuple[Event, ...]:
        began, self._gap_from = self._gap_from, None
        if began is None:
            return ()
        now = self._clock.now()
        return (
            EventGap(
                platform=PLATFORM,
                channel_id=self._user_id,
                at=now,
                source_id=f"gap:{new_id()}",
                from_at=began,
                to_at=now,
                reason="the connection to Twitch was lost",
                backfilled=tuple(sorted({str(e.__struct_config__.tag) for e in missed})),
            ),
        )

    def link_late(self, is_late: bool) -> None:
        """Tell of a silence while it may still end well."""
        if is_late:
            self._tell(LATE)
        else:
            self._tell_state()

    def link_lost(self, why: Words, heard_at: datetime | None) -> None:
        """Begin a gap where the last frame came in."""
        _log.warning("Twitch: %s; connecting again", why.en)
        if self._gap_from is None and heard_at is not None:
            self._gap_from = heard_at
        self._tell(words.connecting_again(why))

    def _tell_state(self) -> None:
        if self._refused:
            self._tell(words.not_sent(self._refused))
        else:
            self._tell(Words())

    async def take(self, burst: Sequence[Frame]) -> None:
        """Publish what a burst of frames says."""
        now = self._clock.now()
        events: list[Event] = []
        for frame in burst:
            if frame.metadata.message_type == "revocation":
                await self._revoked(frame)
            else:
                events.extend(arrived(frame, self._user_id, now))
        seen = self._endings.observe(
            [self._channel.observe(event) for event in events], self._clock.monotonic()
        )
        if self._endings.due_s() is not None:
            self._ends_due.set()
        await self._store(seen)

    async def _revoked(self, frame: Frame) -> None:
        subscription = frame.payload.subscription or Subscription()
        _log.warning("Twitch ended %s: %s", subscription.type, subscription.status)
        self._refused[subscription.type] = subscription.status
        # Twitch also says so when the streamer took the app's rights away: then this raises.
        try:
            await self._client.identify()
        except UnreachableError as error:
            _log.warning("Twitch: the login could not be checked: %s", error)
        self._tell_state()

    async def _store(self, events: Sequence[Event]) -> None:
        """Publish, however long it takes: Twitch does not send an event again."""
        events = [self._pictures.decorate(event) for event in events]
        self._viewers.observe(events)
        while events:
            try:
                await self._publish(events)
            except StorageError as error:
                self._tell(words.not_stored(error))
                await self._clock.sleep(_STORE_AGAIN_S)
            else:
                return

    async def _tell_ends(self) -> None:
        while await self._ends_due.wait():
            due_s = self._endings.due_s()
            if due_s is None:
                self._ends_due.clear()
                continue
            # In short steps: what begins meanwhile may end sooner.
            left_s = due_s - self._clock.monotonic()
            await self._clock.sleep(min(max(0.0, left_s), _LOOK_EVERY_S))
            await self._store(self._endings.overdue(self._clock.monotonic()))
