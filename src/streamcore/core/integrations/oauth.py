"""Tokens of an account: how they are kept, and how they are renewed once at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from streamcore.core.errors import StreamCoreError
from streamcore.core.integrations.base import SecretKeeper, Words
from streamcore.core.logs import register_secret
from streamcore.core.secrets import Secret

__all__ = ["LoginLostError", "TokenKeeper", "TokenPair", "UnreachableError"]

_SETTLE_WITHIN_S = 5.0

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


class TokenKeeper:
    """The token pair of one account.

    Refresh tokens may be good for one use only. So one renewal runs at a time, whoever asks
    meanwhile waits for it, it outlives its askers, and the new pair is on disk before anybody gets
    it. A pair that could not be stored is kept and stored later, rather than renewed again with
    the spent one.
    """

    def __init__(self, name: str, secrets: SecretKeeper, refresh: Refresh) -> None:
        self._name = name
        self._secrets = secrets
        self._refresh = refresh
        self._pair: TokenPair | None = None
        self._unsaved: TokenPair | None = None
        self._renewal: asyncio.Task[TokenPair] | None = None

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
        self._pair = TokenPair(
            client_id=stored.client_id,
            access=_secret(stored.access),
            refresh=_secret(stored.refresh),
            expires_at=stored.expires_at,
            scopes=stored.scopes,
        )
        return self._pair

    async def save(self, pair: TokenPair) -> None:
        """Store a pair, then use it."""
        self._unsaved = pair
        stored = _Stored(
            pair.client_id,
            pair.access.reveal(),
            pair.refresh.reveal(),
            pair.expires_at,
            pair.scopes,
        )
        await self._secrets.set(self._name, Secret(msgspec.json.encode(stored).decode()))
        self._unsaved = None
        self._pair = pair

    async def renewed(self, stale: TokenPair) -> TokenPair:
        """Return a pair that is newer than `stale`, which the platform refused."""
        if self._pair is not None and self._pair is not stale:
            return self._pair
        if self._renewal is None:
            self._renewal = asyncio.create_task(self._renew(stale), name=f"{self._name} renewal")
            self._renewal.add_done_callback(self._renewal_ended)
        return await asyncio.shield(self._renewal)

    async def forget(self) -> None:
        """Delete the account's tokens."""
        await self.settle()
        self._pair = self._unsaved = None
        await self._secrets.delete(self._name)

    async def settle(self) -> None:
        """Wait for a renewal under way, so that its result is not lost."""
        if self._renewal is not None:
            await asyncio.wait({self._renewal}, timeout=_SETTLE_WITHIN_S)

    async def _renew(self, stale: TokenPair) -> TokenPair:
        fresh = self._unsaved or await self._refresh(stale)
        await self.save(fresh)
        return fresh

    def _renewal_ended(self, task: asyncio.Task[TokenPair]) -> None:
        self._renewal = None
        if not task.cancelled():
            task.exception()  # everybody who waited got it; nobody may have waited any more


def _secret(value: str) -> Secret:
    register_secret(value)
    return Secret(value)
