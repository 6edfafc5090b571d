"""The second account, in whose name modules write: its own login, its own tokens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from streamcore.core.errors import SecretsError, StreamCoreError
from streamcore.core.integrations.base import (
    BotStatus,
    Connected,
    ConnectFlow,
    Host,
    Words,
)
from streamcore.core.integrations.oauth import LoginLostError, TokenPair, UnreachableError
from streamcore.core.integrations.twitch import words
from streamcore.core.integrations.twitch.backoff import Backoff
from streamcore.core.integrations.twitch.causes import cause_of
from streamcore.core.integrations.twitch.client import Client
from streamcore.core.integrations.twitch.login import words as login_words
from streamcore.core.integrations.twitch.login.attempt import Attempt
from streamcore.core.integrations.twitch.login.auth import Identity, LoginEndedError
from streamcore.core.integrations.twitch.login.profile import (
    forget_profile,
    known_profile,
    profile_of,
)
from streamcore.core.integrations.twitch.login.scopes import BOT_SCOPES
from streamcore.core.integrations.twitch.login.validity import keep_valid
from streamcore.core.integrations.twitch.speakers import Speaker
from streamcore.core.integrations.twitch.waiting import together
from streamcore.protocol.events import Account, PlatformStateName

__all__ = ["BOT_NOTE", "Bot"]

BOT_NOTE = "twitch.bot.account"

_log = logging.getLogger(__name__)


class Bot:
    """Stays ready to speak until its login is lost; nothing of it disturbs the streamer's account.

    `streamer` tells the user id of the account that the bot must not be, `changed` hears that
    `status` is a new one. Methods are called one at a time.
    """

    def __init__(
        self,
        host: Host,
        client: Client,
        *,
        streamer: Callable[[], Awaitable[str]],
        changed: Callable[[], None],
    ) -> None:
        self._host = host
        self.client = client
        self._streamer = streamer
        self._changed = changed
        self._state = PlatformStateName.DISCONNECTED
        self._reason = Words()
        self._account: Account | None = None
        self._attempt: Attempt | None = None
        self._work: asyncio.Task[None] | None = None

    @property
    def status(self) -> BotStatus:
        """How the bot stands; a login under way shows only where there is no other."""
        if self._attempt is not None and self._work is None:
            state, reason = PlatformStateName.CONNECTING, login_words.WAITING
        else:
            state, reason = self._state, self._reason
        return BotStatus(state=state, reason=reason, account=self._account)

    @property
    def user_id(self) -> str:
        """Whose account it is, empty when that is not known."""
        return self._account.id if self._account is not None else ""

    @property
    def speaker(self) -> Speaker | None:
        """What can be written with, None while the bot is not connected."""
        if self._state is not PlatformStateName.CONNECTED or self._account is None:
            return None
        return Speaker(self.client, self._account.id)

    async def start(self) -> None:
        """Take up the stored login, where there is one."""
        try:
            pair = await self.client.tokens.load()
        except SecretsError as error:
            self._become(PlatformStateName.DISCONNECTED, words.store_unreadable(error))
            return
        if pair is not None:
            self._account = await known_profile(self._host, BOT_NOTE)
            self._live()

    async def connect(self) -> ConnectFlow:
        """Begin a login, or return the pending one; raises as `Auth.begin` does."""
        if self._attempt is not None:
            return self._attempt.flow
        if self._work is not None:
            return Connected()
        code = await self.client.auth.begin(BOT_SCOPES)
        self._attempt = Attempt(
            self.client,
            code,
            BOT_SCOPES,
            self._host.clock,
            take=self._take,
            ended=self._ended,
        )
        self._changed()
        return self._attempt.flow

    async def cancel(self) -> None:
        """Give a pending login up."""
        attempt, self._attempt = self._attempt, None
        if attempt is not None:
            await attempt.cancel()
            self._changed()

    async def disconnect(self, reason: Words = Words()) -> None:  # noqa: B008 - frozen
        """Cancel a pending login, revoke and forget the account."""
        await self.cancel()
        await self._stop()
        try:
            await self.client.sign_out()
        except StreamCoreError as error:
            _log.error("Twitch: the bot's stored login could not be deleted: %s", error)
        await forget_profile(self._host, BOT_NOTE)
        self._account = None
        self._become(PlatformStateName.DISCONNECTED, reason)

    async def close(self) -> None:
        """Stop; the account stays stored."""
        await self.cancel()
        await self._stop()
        await self.client.close()

    async def _take(
        self, attempt: Attempt, pair: TokenPair, identity: Identity
    ) -> TokenPair | None:
        if identity.user_id == await self._streamer():
            raise LoginEndedError(login_words.SAME_AS_STREAMER)
        before = await self.client.tokens.adopt(pair)
        self._attempt = None
        self._account = None
        self._live()
        return before

    async def _ended(self, attempt: Attempt, why: Words) -> None:
        self._attempt = None
        self._become(self._state, why)

    def _live(self) -> None:
        self._become(PlatformStateName.CONNECTING, Words())
        self._work = asyncio.create_task(self._run(), name="bot")

    async def _run(self) -> None:
        backoff = Backoff(self._host.random)
        while True:
            trouble = await self._until_trouble()
            if isinstance(trouble, LoginLostError):
                self._work = None
                reason = login_words.bot_lost(trouble.words)
                self._become(PlatformStateName.AUTH_REQUIRED, reason)
                return
            if isinstance(trouble, StreamCoreError):
                self._become(PlatformStateName.CONNECTING, words.trouble(trouble))
            else:
                _log.error("Twitch: the bot failed and begins again", exc_info=trouble)
                self._become(PlatformStateName.CONNECTING, words.FAULT_RETRIED)
            await self._host.clock.sleep(backoff.next_s())

    async def _until_trouble(self) -> Exception:
        try:
            await self._speak()
        except Exception as error:
            return cause_of(error)
        return UnreachableError(words.SESSION_ENDED)

    async def _speak(self) -> None:
        identity = await self.client.identify()
        if identity.user_id == await self._streamer():
            raise self.client.tokens.lose(login_words.BOT_BECAME_STREAMER)
        self._account = await profile_of(self._host, self.client, identity, note=BOT_NOTE)
        self._become(PlatformStateName.CONNECTED, Words())
        await together(keep_valid(self.client, self._host.clock), self.client.tokens.until_lost())

    async def _stop(self) -> None:
        work, self._work = self._work, None
        if work is not None:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    def _become(self, state: PlatformStateName, reason: Words) -> None:
        self._state, self._reason = state, reason
        self._changed()
