"""The account's side of Twitch: one HTTP client, the login's calls, the tokens, the API."""

from __future__ import annotations

import asyncio
import logging

import httpx

from streamcore.core.integrations.base import Host
from streamcore.core.integrations.oauth import (
    LoginLostError,
    TokenKeeper,
    TokenPair,
    UnreachableError,
)
from streamcore.core.integrations.twitch.addresses import Addresses
from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.core.integrations.twitch.login import words
from streamcore.core.integrations.twitch.login.auth import Auth, Identity
from streamcore.core.integrations.twitch.tls import tls_context

__all__ = ["Client"]

_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
# A bot speaks now and then: with the library's 5 s nearly every message would wait for a new
# connection and its encryption. Servers usually close after 60 s.
_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=45.0)
_REVOKE_WITHIN_S = 5.0

_log = logging.getLogger(__name__)


class Client:
    """What one account needs, made when it connects and closed when it goes."""

    def __init__(self, host: Host, addresses: Addresses, client_id: str, tokens_name: str) -> None:
        self.addresses = addresses
        self.client_id = client_id
        self.http = httpx.AsyncClient(
            timeout=_TIMEOUT, limits=_LIMITS, follow_redirects=False, verify=tls_context()
        )
        self.auth = Auth(self.http, addresses.auth, client_id, host.clock)
        self.tokens = TokenKeeper(tokens_name, host.secrets, self.auth.refresh, self._is_good)
        self.helix = Helix(self.http, addresses.api, self.tokens, host.clock)

    async def identify(self) -> Identity:
        """Ask whose the tokens are, renewing them once when they have run out.

        Raises `LoginLostError` or `UnreachableError`.
        """
        pair = self.tokens.pair
        if pair is None:
            raise LoginLostError(words.LOGIN_GONE)
        if pair.client_id != self.client_id:
            raise self.tokens.lose(words.ANOTHER_CLIENT_ID)
        identity = await self.auth.validate(pair)
        if identity is None:
            identity = await self.auth.validate(await self.tokens.renewed(pair))
        if identity is None:
            raise self.tokens.lose(words.RENEWED_IN_VAIN)
        if identity.client_id != self.client_id:
            raise self.tokens.lose(words.ANOTHER_CLIENT_ID)
        return identity

    async def sign_out(self) -> None:
        """Revoke the login as far as Twitch can be reached, and forget it in any case."""
        try:
            await self.tokens.settle()
            pair = self.tokens.pair or await self.tokens.load()
            if pair is not None:
                async with asyncio.timeout(_REVOKE_WITHIN_S):
                    await self.auth.revoke(pair)
        except (UnreachableError, TimeoutError) as error:
            _log.warning("Twitch: the login was forgotten here but could not be revoked: %s", error)
        finally:
            await self.tokens.forget()

    async def close(self) -> None:
        """Let a renewal under way end, so that its tokens are stored, and close the sockets."""
        await self.tokens.settle()
        await self.helix.close()
        await self.http.aclose()

    async def _is_good(self, pair: TokenPair) -> bool:
        return await self.auth.validate(pair) is not None
