"""A connected account: what comes in, what goes out, and what is known beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from streamcore.core.errors import CommandError, StreamCoreError
from streamcore.core.integrations.base import Health, Host, Words
from streamcore.core.integrations.emotes.choice import EmoteChoice
from streamcore.core.integrations.twitch.channel.viewers import Viewers
from streamcore.core.integrations.twitch.client import Client
from streamcore.core.integrations.twitch.commands.commands import Commands
from streamcore.core.integrations.twitch.events.endings import Endings
from streamcore.core.integrations.twitch.intake import Intake
from streamcore.core.integrations.twitch.login.auth import Identity
from streamcore.core.integrations.twitch.login.scopes import Rights
from streamcore.core.integrations.twitch.pictures.pictures import Pictures
from streamcore.core.integrations.twitch.speakers import Speaker, Speakers
from streamcore.core.integrations.twitch.waiting import together
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import Event

__all__ = ["Session"]

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
        user_id = identity.user_id
        self._client = client
        self.doubt = asyncio.Event()
        """Set when the login may be lost: it should be checked at once."""
        self.speakers = Speakers(Speaker(client, user_id), bot)
        self._commands = Commands(host.clock, self.speakers, rights.scopes, publish)
        self._viewers = Viewers(client.helix, user_id, host.clock, publish)
        self._pictures = Pictures(host, client, user_id, emotes)
        self._intake = Intake(
            host,
            client,
            user_id,
            rights,
            endings=endings,
            publish=publish,
            tell=tell,
            decorate=self._decorate,
            doubt=self.doubt.set,
        )

    @property
    def capabilities(self) -> frozenset[str]:
        """The commands that the login's scopes allow."""
        return self._commands.capabilities

    @property
    def health(self) -> Health | None:
        """How lively the link for events is; None while there is none."""
        return self._intake.health

    @property
    def quota(self) -> dict[str, object] | None:
        """What is left of Twitch's request limit."""
        return self._client.helix.rate.as_quota()

    async def run(self) -> None:
        """Run until the login is lost (`LoginLostError`) or the task is cancelled."""
        await together(
            self._intake.run(), self._pictures.run(), self._commands.run(), self._viewers.run()
        )

    def rights_changed(self, rights: Rights) -> None:
        """Go by other rights from now on; the sockets stay, and what is new is subscribed to."""
        self._commands.rights_changed(rights.scopes)
        self._intake.rights_changed(rights)

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        """Carry out a command of a module, or of the dashboard."""
        try:
            done = await self._commands.execute(command, sender)
        except CommandError:
            raise
        except StreamCoreError as error:
            raise CommandError(ErrorCode.PLATFORM_NOT_CONNECTED, str(error)) from error
        self._intake.hurry()
        return done

    def _decorate(self, events: Sequence[Event]) -> Sequence[Event]:
        self._viewers.observe(events)
        return [self._pictures.decorate(event) for event in events]
