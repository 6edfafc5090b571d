"""One login under way: from its code to the tokens of who confirmed it, or to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from streamcore.core.clock import Clock
from streamcore.core.errors import SecretsError
from streamcore.core.integrations.base import DeviceFlow, Words
from streamcore.core.integrations.oauth import TokenPair, UnreachableError
from streamcore.core.integrations.twitch.client import Client
from streamcore.core.integrations.twitch.login import words
from streamcore.core.integrations.twitch.login.auth import Identity, LoginEndedError, TooFastError
from streamcore.core.integrations.twitch.login.codes import DeviceCode

__all__ = ["Attempt"]

_SLOWER_BY_S = 5.0
"""What RFC 8628 wants of who is told to slow down."""
_CHECK_AGAIN_S = 2.0
_CHECKS = 5
_REVOKE_WITHIN_S = 5.0
_SETTLE_WITHIN_S = 30.0
_SETTLED_AFTER_S = 3.0

_log = logging.getLogger(__name__)

Take = Callable[["Attempt", TokenPair, Identity], Awaitable[TokenPair | None]]
Ended = Callable[["Attempt", Words], Awaitable[None]]


class Attempt:
    """Waits for the confirmation and hands the new tokens to `take`, which may refuse them.

    `take` stores and uses them and returns the pair that they replace, which is then revoked; a
    pair that it refuses (`LoginEndedError`) or cannot store is revoked itself. `ended` hears why a
    login came to nothing, `revoked` when the tokens that were replaced have been gone for a moment:
    nobody says what else Twitch ends with them. After `cancel` neither is called any more: it waits
    for one under way.
    """

    def __init__(
        self,
        client: Client,
        code: DeviceCode,
        scopes: tuple[str, ...],
        clock: Clock,
        *,
        take: Take,
        ended: Ended,
        revoked: Callable[[], None] = lambda: None,
    ) -> None:
        self.client = client
        self.scopes = scopes
        self._code = code
        self._clock = clock
        self._take = take
        self._ended = ended
        self._revoked = revoked
        self._is_confirmed = False
        self._task = asyncio.create_task(self._run(), name="login")

    @property
    def flow(self) -> DeviceFlow:
        """What the streamer has to do."""
        return self._code.flow

    async def cancel(self) -> None:
        """Give the login up; who confirms the code later logs nobody in."""
        if not self._is_confirmed:
            self._task.cancel()
        await asyncio.wait({self._task}, timeout=_SETTLE_WITHIN_S)

    async def _run(self) -> None:
        try:
            pair = await self._confirmation()
            self._is_confirmed = True
        except LoginEndedError as error:
            await self._ended(self, error.words)
            return
        try:
            old = await self._take(self, pair, await self._owner(pair))
        except (LoginEndedError, UnreachableError) as error:
            await self._end(pair, error.words)
        except SecretsError as error:
            await self._end(pair, words.not_stored(error))
        except Exception:  # a fault of ours: a login that nobody hears the end of waits for ever
            _log.exception("Twitch: the login stopped by a fault")
            await self._end(pair, words.FAULT)
        else:
            if old is not None:
                await self._revoke(old)
                await self._clock.sleep(_SETTLED_AFTER_S)
                self._revoked()

    async def _end(self, unused: TokenPair, why: Words) -> None:
        await self._revoke(unused)
        await self._ended(self, why)

    async def _confirmation(self) -> TokenPair:
        """Ask until the streamer has decided, or the code has run out."""
        clock, interval_s = self._clock, self._code.interval_s
        end_s = clock.monotonic() + self._code.life_s
        while clock.monotonic() < end_s and clock.now() < self._code.expires_at:
            await clock.sleep(interval_s)
            try:
                pair = await self.client.auth.poll(self._code, self.scopes)
            except TooFastError:
                interval_s += _SLOWER_BY_S
            except UnreachableError as error:
                _log.warning("Twitch: %s The login goes on.", error)
            else:
                if pair is not None:
                    return pair
        raise LoginEndedError(words.CODE_EXPIRED)

    async def _owner(self, pair: TokenPair) -> Identity:
        """Ask who confirmed; a login of nobody knows whom is not used."""
        for attempt in range(_CHECKS):
            if attempt:
                await self._clock.sleep(_CHECK_AGAIN_S)
            try:
                identity = await self.client.auth.validate(pair)
            except UnreachableError as error:
                _log.warning("Twitch: %s", error)
                continue
            if identity is not None and identity.user_id:
                return identity
        raise LoginEndedError(words.NOBODY)

    async def _revoke(self, pair: TokenPair) -> None:
        try:
            async with asyncio.timeout(_REVOKE_WITHIN_S):
                await self.client.auth.revoke(pair)
        except Exception as error:  # whatever it is, the login's end must still be told
            name = type(error).__name__
            _log.warning("Twitch: a login that is not used any more is not revoked: %s", name)
