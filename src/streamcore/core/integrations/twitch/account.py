"""One Twitch account at work: signs in, stays connected, and ends when the login does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec

from streamcore.core.errors import CommandError, SecretsError, StorageError, StreamCoreError
from streamcore.core.integrations.base import DeviceFlow, Host, PlatformStatus, Words
from streamcore.core.integrations.emotes.choice import EmoteChoice
from streamcore.core.integrations.oauth import LoginLostError, UnreachableError
from streamcore.core.integrations.twitch import words
from streamcore.core.integrations.twitch.addresses import Addresses
from streamcore.core.integrations.twitch.backoff import Backoff
from streamcore.core.integrations.twitch.client import Client
from streamcore.core.integrations.twitch.events.endings import Endings
from streamcore.core.integrations.twitch.login import words as login_words
from streamcore.core.integrations.twitch.login.auth import DeviceCode, Identity, LoginEndedError
from streamcore.core.integrations.twitch.login.scopes import SCOPES
from streamcore.core.integrations.twitch.session import Session
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import Account as AccountInfo
from streamcore.protocol.events import Event, PlatformStateName

__all__ = ["TwitchAccount", "device_flow"]

_HEALTHY_AFTER_S = 60.0
_REVOKE_WITHIN_S = 5.0

_log = logging.getLogger(__name__)

Publish = Callable[[Sequence[Event]], Awaitable[None]]
Become = Callable[[PlatformStatus], None]


class _Profile(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    login: str = ""
    display_name: str = ""
    profile_image_url: str | None = None


class _Profiles(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Profile, ...] = ()


class TwitchAccount:
    """From the device code to the end of the login; every state on the way is told to `become`."""

    def __init__(
        self,
        host: Host,
        addresses: Addresses,
        client_id: str,
        tokens_name: str,
        *,
        emotes: EmoteChoice,
        publish: Publish,
        become: Become,
    ) -> None:
        self._host = host
        self._client = Client(host, addresses, client_id, tokens_name)
        self._emotes = emotes
        self._endings = Endings()
        self._publish = publish
        self._become = become
        self._status = PlatformStatus()
        self._session: Session | None = None

    @property
    def quota(self) -> dict[str, object] | None:
        """What is left of Twitch's request limit."""
        return self._client.helix.rate.as_quota()

    async def begin_login(self) -> DeviceCode:
        """Start a login; raises `LoginEndedError` or `UnreachableError`."""
        return await self._client.auth.begin(SCOPES)

    async def finish_login(self, code: DeviceCode) -> bool:
        """Wait until the streamer has confirmed; False when the login came to nothing."""
        clock = self._host.clock
        try:
            while clock.now() < code.expires_at:
                await clock.sleep(code.interval_s)
                try:
                    pair = await self._client.auth.poll(code, SCOPES)
                except UnreachableError as error:
                    _log.warning("Twitch: %s The login goes on.", error)
                    continue
                if pair is not None:
                    await self._client.tokens.save(pair)
                    return True
        except LoginEndedError as error:
            self._tell(PlatformStateName.DISCONNECTED, error.words)
        except SecretsError as error:
            self._tell(PlatformStateName.DISCONNECTED, login_words.not_stored(error))
        else:
            self._tell(PlatformStateName.DISCONNECTED, login_words.CODE_EXPIRED)
        return False

    async def resume(self) -> bool:
        """Take up the stored login; False when there is none that can be read."""
        if await self._client.tokens.load() is not None:
            return True
        self._tell(PlatformStateName.AUTH_REQUIRED, login_words.UNREADABLE_STORE)
        return False

    async def live(self) -> None:
        """Stay connected until the login is lost; every other trouble is tried again."""
        try:
            await self._live()
        finally:  # nobody will be here when the time of what is under way is up
            await self._tell_ends()

    async def _tell_ends(self) -> None:
        try:
            await self._publish(self._endings.close())
        except StorageError as error:
            _log.warning("Twitch: the end of a gift bomb is not logged: %s", error)

    async def _live(self) -> None:
        backoff = Backoff(self._host.random)
        while True:
            trouble = await self._attempt(backoff)
            if isinstance(trouble, LoginLostError):
                self._tell(PlatformStateName.AUTH_REQUIRED, trouble.words)
                return
            if isinstance(trouble, StreamCoreError):
                self._tell(PlatformStateName.CONNECTING, words.trouble(trouble))
            else:
                _log.error("Twitch: the session failed and begins again", exc_info=trouble)
                self._tell(PlatformStateName.CONNECTING, words.FAULT_RETRIED)
            await self._host.clock.sleep(backoff.next_s())

    async def _attempt(self, backoff: Backoff) -> Exception:
        began_s = self._host.clock.monotonic()
        try:
            await self._run_session()
        except Exception as error:
            if self._host.clock.monotonic() - began_s >= _HEALTHY_AFTER_S:
                backoff.reset()
            return _cause(error)
        return UnreachableError(words.SESSION_ENDED)

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        """Carry out a command while a session runs."""
        if self._session is None:
            raise CommandError(
                ErrorCode.PLATFORM_NOT_CONNECTED,
                "Twitch is not connected yet: wait a moment, or connect it on the Platforms page.",
            )
        return await self._session.execute(command, sender)

    async def sign_out(self) -> None:
        """Revoke the login as far as Twitch can be reached, and forget it in any case."""
        pair = self._client.tokens.pair or await self._client.tokens.load()
        try:
            if pair is not None:
                async with asyncio.timeout(_REVOKE_WITHIN_S):
                    await self._client.auth.revoke(pair)
        except (UnreachableError, TimeoutError) as error:
            _log.warning("Twitch: the login was forgotten here but could not be revoked: %s", error)
        finally:
            await self._client.tokens.forget()

    async def close(self) -> None:
        """Close every socket."""
        await self._client.close()

    async def _run_session(self) -> None:
        identity = await self._client.identify()
        account = await self._account(identity)
        session = Session(
            self._host,
            self._client,
            identity,
            emotes=self._emotes,
            endings=self._endings,
            publish=self._publish,
            tell=self._heard,
            bot=lambda: None,
        )
        self._status = PlatformStatus(
            state=PlatformStateName.CONNECTING,
            account=account,
            scopes=session.scopes,
            capabilities=session.capabilities,
        )
        self._become(self._status)
        self._session = session
        try:
            await session.run()
        finally:
            self._session = None

    async def _account(self, identity: Identity) -> AccountInfo:
        profiles = await self._client.helix.get("/users", _Profiles, {"id": identity.user_id})
        for profile in profiles.data:
            return AccountInfo(
                id=profile.id,
                name=profile.display_name or profile.login,
                avatar_url=profile.profile_image_url or None,
            )
        return AccountInfo(id=identity.user_id, name=identity.login)

    def _heard(self, trouble: Words) -> None:
        state = PlatformStateName.DEGRADED if trouble else PlatformStateName.CONNECTED
        self._tell(state, trouble)

    def _tell(self, state: PlatformStateName, reason: Words) -> None:
        self._status = msgspec.structs.replace(self._status, state=state, reason=reason)
        self._become(self._status)


def _cause(error: Exception) -> Exception:
    """Return what is behind a group of errors; a lost login weighs more than what it caused."""
    if not isinstance(error, ExceptionGroup):
        return error
    causes = [_cause(each) for each in error.exceptions]
    return next((each for each in causes if isinstance(each, LoginLostError)), causes[0])


def device_flow(code: DeviceCode) -> DeviceFlow:
    """Return what the streamer sees of a login under way."""
    return DeviceFlow(
        user_code=code.user_code,
        verification_uri=code.verification_uri,
        expires_at=code.expires_at,
    )
