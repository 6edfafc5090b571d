"""Tokens of an account: how they are kept, and how they are renewed once at a time."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from streamcore.core.errors import StreamCoreError
from streamcore.core.integrations.base import SecretKeeper, Words
from streamcore.core.logs import register_secret
from streamcore.core.secrets import Secret

__all__ = ["LoginLostError", "TokenKeeper", "TokenPair", "UnreachableError", "is_token"]

_SETTLE_WITHIN_S = 5.0
# What can stand in a header: anything else would come back in some library's error text.
_TOKEN = re.compile(r"[!-~]{1,4096}")

_log = logging.getLogger(__name__)


class _WordedError(StreamCoreError):
    """Trouble that the streamer reads about, in `words`; the exception's text is the English."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class LoginLostError(_WordedError):
    """The account's tokens are no longer good for anything: the streamer has to log in again."""


class UnreachableError(_WordedError):
    """The platform could not be asked; the tokens may be as good as before."""


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What an account is used with; `client_id` is the app that the tokens were given to."""

    client_id: str
    access: Secret
    refresh: Secret
    expires_at: datetime
    scopes: tuple[str, ...]


class _Stored(msgspec.Struct, frozen=True):
    """The stored form; lives for an instant and is never logged."""

    client_id: str
    access: str
    refresh: str
    expires_at: datetime
    scopes: tuple[str, ...] = ()


Refresh = Callable[[TokenPair], Awaitable[TokenPair]]
Check = Callable[[TokenPair], Awaitable[bool]]


class TokenKeeper:
    """The token pair of one account.

    Refresh tokens may be good for one use only. So one renewal runs at a time, whoever asks
    meanwhile waits for it, it outlives its askers, and the new pair is on disk before anybody gets
    it. A pair that could not be stored is kept and stored later, rather than renewed again with
    the spent one. A login that was once lost stays lost: it is not tried again and again. A pair
    that came from a renewal is renewed again only when `check` says that it is dead, so that a
    server which refuses everything cannot make us renew without end.
    """

    def __init__(
        self, name: str, secrets: SecretKeeper, refresh: Refresh, check: Check | None = None
    ) -> None:
        self._name = name
        self._secrets = secrets
        self._refresh = refresh
        self._check = check
        self._pair: TokenPair | None = None
        self._unsaved: TokenPair | None = None
        self._renewed: TokenPair | None = None
        self._renewal: asyncio.Task[TokenPair] | None = None
        self._turn = asyncio.Lock()
        self._loss: Words | None = None
        self._is_lost = asyncio.Event()

    @property
    def pair(self) -> TokenPair | None:
        """The present pair."""
        return self._pair

    async def load(self) -> TokenPair | None:
        """Read the stored pair; one that cannot be read counts as none."""
        secret = await self._secrets.get(self._name)
        if secret is None:
            return None
        try:
            stored = msgspec.json.decode(secret.reveal(), type=_Stored)
        except (msgspec.DecodeError, UnicodeError):
            _log.warning("%s: the stored login cannot be read, a new one is needed", self._name)
            return None
        if not (is_token(stored.access) and is_token(stored.refresh)):
            _log.warning("%s: the stored login is damaged, a new one is needed", self._name)
            return None
        self._pair = TokenPair(
            client_id=stored.client_id,
            access=_secret(stored.access),
            refresh=_secret(stored.refresh),
            expires_at=stored.expires_at,
            scopes=stored.scopes,
        )
        return self._pair

    async def adopt(self, pair: TokenPair) -> TokenPair | None:
        """Store the pair of a new login, then use it; return the one that it replaces."""
        async with self._turn:
            before = self._unsaved or self._pair
            await self._store(pair)
            self._unsaved = self._renewed = self._loss = None
            self._is_lost.clear()
            return before

    async def renewed(self, stale: TokenPair) -> TokenPair:
        """Return a pair that is newer than `stale`, which the platform refused.

        It is `stale` itself when the platform says that nothing is wrong with it.
        """
        if self._pair is not None and self._pair is not stale:
            return self._pair
        if self._renewal is None:
            self._renewal = asyncio.create_task(self._renew(stale), name=f"{self._name} renewal")
            self._renewal.add_done_callback(self._renewal_ended)
        return await asyncio.shield(self._renewal)

    def lose(self, words: Words) -> LoginLostError:
        """Note that this login is good for nothing any more; return the error that says so."""
        self._loss = words
        self._is_lost.set()
        return LoginLostError(words)

    async def until_lost(self) -> None:
        """Wait for the login's end; raises `LoginLostError`, however it was found out."""
        await self._is_lost.wait()
        if self._loss is not None:
            raise LoginLostError(self._loss)

    async def forget(self) -> None:
        """Delete the account's tokens."""
        await self.settle()
        self._pair = self._unsaved = self._renewed = None
        await self._secrets.delete(self._name)

    async def settle(self) -> None:
        """Wait for a renewal under way, so that its result is not lost."""
        if self._renewal is not None:
            await asyncio.wait({self._renewal}, timeout=_SETTLE_WITHIN_S)

    async def _renew(self, stale: TokenPair) -> TokenPair:
        async with self._turn:
            if self._pair is not None and self._pair is not stale:
                return self._pair  # a new login came meanwhile
            if self._loss is not None:
                raise LoginLostError(self._loss)
            if self._unsaved is None:
                if stale is self._renewed and self._check and await self._check(stale):
                    return stale
                try:
                    self._unsaved = await self._refresh(stale)
                except LoginLostError as error:
                    raise self.lose(error.words) from None
            fresh = self._unsaved
            await self._store(fresh)
            self._unsaved, self._renewed = None, fresh
            return fresh

    async def _store(self, pair: TokenPair) -> None:
        stored = _Stored(
            pair.client_id,
            pair.access.reveal(),
            pair.refresh.reveal(),
            pair.expires_at,
            pair.scopes,
        )
        await self._secrets.set(self._name, Secret(msgspec.json.encode(stored).decode()))
        self._pair = pair

    def _renewal_ended(self, task: asyncio.Task[TokenPair]) -> None:
        self._renewal = None
        if not task.cancelled():
            task.exception()  # everybody who waited got it; nobody may have waited any more


def is_token(text: str) -> bool:
    """Tell whether a text can be a token: visible ASCII, as a header takes it."""
    return _TOKEN.fullmatch(text) is not None


def _secret(value: str) -> Secret:
    register_secret(value)
    return Secret(value)
