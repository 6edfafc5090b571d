"""The streamer's account at work: stays connected, and ends when the login does."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec

from streamcore.core.errors import CommandError, SecretsError, StorageError, StreamCoreError
from streamcore.core.integrations.base import Health, Host, PlatformStatus, Words
from streamcore.core.integrations.emotes.choice import EmoteChoice
from streamcore.core.integrations.oauth import LoginLostError, TokenPair, UnreachableError
from streamcore.core.integrations.twitch import words
from streamcore.core.integrations.twitch.backoff import Backoff
from streamcore.core.integrations.twitch.causes import cause_of
from streamcore.core.integrations.twitch.client import Client
from streamcore.core.integrations.twitch.events.endings import Endings
from streamcore.core.integrations.twitch.login import words as login_words
from streamcore.core.integrations.twitch.login.auth import Identity
from streamcore.core.integrations.twitch.login.choice import Choice
from streamcore.core.integrations.twitch.login.profile import known_profile, profile_of
from streamcore.core.integrations.twitch.login.scopes import Rights
from streamcore.core.integrations.twitch.login.validity import keep_valid
from streamcore.core.integrations.twitch.session import Session
from streamcore.core.integrations.twitch.speakers import Speaker
from streamcore.core.integrations.twitch.waiting import together
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import Event, PlatformStateName

__all__ = ["TwitchAccount"]

_HEALTHY_AFTER_S = 60.0

_log = logging.getLogger(__name__)

Publish = Callable[[Sequence[Event]], Awaitable[None]]
Become = Callable[[PlatformStatus], None]


class TwitchAccount:
    """From a stored login to its end; every state on the way is told to `become`."""

    def __init__(
        self,
        host: Host,
        client: Client,
        choice: Choice,
        *,
        emotes: EmoteChoice,
        publish: Publish,
        become: Become,
        bot: Callable[[], Speaker | None],
    ) -> None:
        self.host = host
        self.client = client
        self._choice = choice
        self._emotes = emotes
        self._endings = Endings()
        self._publish = publish
        self._become = become
        self._bot = bot
        self._status = PlatformStatus()
        self._session: Session | None = None

    @property
    def quota(self) -> dict[str, object] | None:
        """What is left of Twitch's request limit."""
        return self.client.helix.rate.as_quota()

    @property
    def health(self) -> Health | None:
        """How lively the link for events is; None while there is none."""
        return self._session.health if self._session is not None else None

    async def resume(self) -> None:
        """Take up the stored login and stay connected, if there is one that can be read."""
        try:
            pair = await self.client.tokens.load()
        except SecretsError as error:
            self._tell(PlatformStateName.DISCONNECTED, words.store_unreadable(error))
            return
        if pair is None:
            self._tell(PlatformStateName.AUTH_REQUIRED, login_words.UNREADABLE_STORE)
            return
        await self.live()

    async def live(self, identity: Identity | None = None) -> None:
        """Stay connected until the login is lost; every other trouble is tried again.

        `identity` is what the login's check has just told, so that it need not be asked again.
        """
        try:
            await self._live(identity)
        finally:  # nobody will be here when the time of what is under way is up
            await self._tell_ends()

    async def _tell_ends(self) -> None:
        try:
            await self._publish(self._endings.close())
        except StorageError as error:
            _log.warning("Twitch: the end of a gift bomb is not logged: %s", error)

    async def _live(self, identity: Identity | None) -> None:
        backoff = Backoff(self.host.random)
        pair, known = self.client.tokens.pair, await known_profile(self.host)
        if identity is not None and known is not None and known.id != identity.user_id:
            known = None
        self._status = PlatformStatus(
            state=PlatformStateName.CONNECTING,
            account=known,
            scopes=pair.scopes if pair is not None else (),
        )
        self._become(self._status)
        while True:
            trouble = await self._attempt(backoff, identity)
            identity = None
            if isinstance(trouble, LoginLostError):
                self._status = msgspec.structs.replace(self._status, capabilities=frozenset())
                self._tell(PlatformStateName.AUTH_REQUIRED, trouble.words)
                return
            if isinstance(trouble, StreamCoreError):
                self._tell(PlatformStateName.CONNECTING, words.trouble(trouble))
            else:
                _log.error("Twitch: the session failed and begins again", exc_info=trouble)
                self._tell(PlatformStateName.CONNECTING, words.FAULT_RETRIED)
            await self.host.clock.sleep(backoff.next_s())

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        """Carry out a command while a session runs."""
        if self._session is None:
            raise CommandError(
                ErrorCode.PLATFORM_NOT_CONNECTED,
                "Twitch is not connected yet: wait a moment, or connect it on the Platforms page.",
            )
        return await self._session.execute(command, sender)

    async def widen(self, pair: TokenPair, identity: Identity) -> TokenPair | None:
        """Use the tokens of a further login of the same user; return those that they replace."""
        before = await self.client.tokens.adopt(pair)
        self.rights_changed(identity.scopes if identity.scopes is not None else pair.scopes)
        return before

    def rights_changed(self, scopes: Sequence[str] | None = None) -> None:
        """Let a session that runs follow new scopes, or what is newly switched on or off."""
        scopes = self._status.scopes if scopes is None else scopes
        self._status = msgspec.structs.replace(self._status, scopes=tuple(scopes))
        if self._session is not None:
            self._session.rights_changed(Rights(frozenset(scopes), self._choice.on))
            self._status = msgspec.structs.replace(
                self._status, capabilities=self._session.capabilities
            )
        self._become(self._status)

    async def _attempt(self, backoff: Backoff, identity: Identity | None) -> Exception:
        began_s = self.host.clock.monotonic()
        try:
            await self._run_session(identity or await self.client.identify())
        except Exception as error:
            if self.host.clock.monotonic() - began_s >= _HEALTHY_AFTER_S:
                backoff.reset()
            return cause_of(error)
        return UnreachableError(words.SESSION_ENDED)

    async def _run_session(self, identity: Identity) -> None:
        profile = await profile_of(self.host, self.client, identity)
        scopes = identity.scopes or ()
        session = Session(
            self.host,
            self.client,
            identity,
            emotes=self._emotes,
            endings=self._endings,
            rights=Rights(frozenset(scopes), self._choice.on),
            publish=self._publish,
            tell=self._heard,
            bot=self._bot,
        )
        self._status = PlatformStatus(
            state=PlatformStateName.CONNECTING,
            account=profile,
            scopes=scopes,
            capabilities=session.capabilities,
        )
        self._become(self._status)
        self._session = session
        try:
            await together(
                session.run(),
                keep_valid(self.client, self.host.clock, session.doubt),
                self.client.tokens.until_lost(),
            )
        finally:
            self._session = None

    def _heard(self, trouble: Words) -> None:
        state = PlatformStateName.DEGRADED if trouble else PlatformStateName.CONNECTED
        self._tell(state, trouble)

    def _tell(self, state: PlatformStateName, reason: Words) -> None:
        self._status = msgspec.structs.replace(self._status, state=state, reason=reason)
        self._become(self._status)
