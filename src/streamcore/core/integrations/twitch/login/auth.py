"""Twitch's login for a public client: device code, refresh, validation, revocation.

Source: dev.twitch.tv/docs/authentication, the pages on the device code grant, on refreshing,
validating and revoking tokens.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

import httpx
import msgspec

from streamcore.core.clock import Clock
from streamcore.core.integrations.base import Words
from streamcore.core.integrations.oauth import (
    LoginLostError,
    TokenPair,
    UnreachableError,
    is_token,
)
from streamcore.core.integrations.twitch.login import words
from streamcore.core.integrations.twitch.login.codes import DeviceAnswer, DeviceCode, device_code
from streamcore.core.integrations.twitch.quoting import quoted
from streamcore.core.logs import register_secret
from streamcore.core.secrets import Secret

__all__ = ["Auth", "ClientRefusedError", "Identity", "LoginEndedError", "TooFastError"]

T = TypeVar("T")

_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
# The request spends the refresh token: an answer that comes late is still worth everything.
_REFRESH_TIMEOUT = httpx.Timeout(60.0, connect=5.0)
_MAX_LIFE_S = 400 * 24 * 3600
_REFUSED = frozenset({httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN})
_DENIED = frozenset({"access_denied", "authorization_declined"})
_EXPIRED = frozenset({"expired_token", "invalid device code"})


class LoginEndedError(Exception):
    """The login that was under way came to nothing; `words` say why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class ClientRefusedError(LoginEndedError):
    """Twitch begins no login for this client id."""


class TooFastError(Exception):
    """Twitch wants to be asked less often."""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whose token it is, as the validation tells."""

    client_id: str
    user_id: str
    login: str = ""
    scopes: tuple[str, ...] | None = None


class _TokenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    access_token: str
    refresh_token: str
    expires_in: float = 0
    scope: tuple[str, ...] | str | None = None


class _Refusal(msgspec.Struct, frozen=True, kw_only=True):
    message: str = ""


class Auth:
    """The four calls of Twitch's authorization server; secrets travel in bodies and headers only.

    What Twitch refuses for good is a `LoginLostError` or `LoginEndedError`; everything else that
    goes wrong is an `UnreachableError`, after which the tokens are as good as before. No error is
    chained to what caused it: a library's words may quote what we sent.
    """

    def __init__(self, http: httpx.AsyncClient, url: str, client_id: str, clock: Clock) -> None:
        self._http = http
        self._url = url
        self._client_id = client_id
        self._clock = clock

    async def begin(self, scopes: tuple[str, ...]) -> DeviceCode:
        """Start a login; the streamer confirms the code in a browser."""
        response = await self._post("device", scopes=" ".join(scopes))
        if response.status_code in _REFUSED:
            raise ClientRefusedError(words.not_started(_reason(response)))
        if response.status_code != httpx.codes.OK:
            raise UnreachableError(words.server_error(response.status_code))
        code = device_code(_read(response, DeviceAnswer), self._clock)
        if code is None:
            raise LoginEndedError(words.NO_WEB_ADDRESS)
        return code

    async def poll(self, code: DeviceCode, scopes: tuple[str, ...]) -> TokenPair | None:
        """Ask whether the streamer has confirmed; None means not yet."""
        response = await self._post(
            "token",
            scopes=" ".join(scopes),
            device_code=code.device_code.reveal(),
            grant_type=_DEVICE_GRANT,
        )
        if response.status_code == httpx.codes.OK:
            return self._pair(response, scopes)
        reason = _reason(response)
        if reason == "slow_down" or response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise TooFastError
        if reason == "authorization_pending":
            return None
        if reason in _DENIED:
            raise LoginEndedError(words.DENIED)
        if reason in _EXPIRED:
            raise LoginEndedError(words.CODE_EXPIRED)
        raise LoginEndedError(words.not_completed(reason))

    async def refresh(self, stale: TokenPair) -> TokenPair:
        """Trade the refresh token, which is good for one use, for a new pair."""
        response = await self._post(
            "token",
            limits=_REFRESH_TIMEOUT,
            client_id=stale.client_id,
            grant_type="refresh_token",
            refresh_token=stale.refresh.reveal(),
        )
        if response.status_code == httpx.codes.OK:
            return self._pair(response, stale.scopes, client_id=stale.client_id)
        if response.status_code in _REFUSED:
            raise LoginLostError(words.no_longer_accepted(_reason(response)))
        raise UnreachableError(words.could_not_renew(_reason(response)))

    async def validate(self, pair: TokenPair) -> Identity | None:
        """Ask whose token it is; None when it is no longer good."""
        try:
            response = await self._http.get(
                f"{self._url}/validate", headers={"Authorization": f"OAuth {pair.access.reveal()}"}
            )
        except httpx.HTTPError as error:
            raise _unreachable(error) from None
        if response.status_code == httpx.codes.UNAUTHORIZED:
            return None
        if response.status_code != httpx.codes.OK:
            raise UnreachableError(words.could_not_check(_reason(response)))
        return _read(response, Identity)

    async def revoke(self, pair: TokenPair) -> None:
        """Take a login back, both its tokens.

        Twitch revokes access tokens only, and takes the refresh token along. Where the access token
        has run out, the refresh token lives on: it is spent for one that can be revoked.
        """
        if await self._revoked(pair):
            return
        try:
            fresh = await self.refresh(pair)
        except LoginLostError:
            return
        await self._revoked(fresh)

    async def _revoked(self, pair: TokenPair) -> bool:
        response = await self._post("revoke", client_id=pair.client_id, token=pair.access.reveal())
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise UnreachableError(words.server_error(response.status_code))
        return response.is_success

    async def _post(
        self, path: str, *, limits: httpx.Timeout = _TIMEOUT, **fields: str
    ) -> httpx.Response:
        form = {"client_id": self._client_id, **fields}
        try:
            response = await self._http.post(f"{self._url}/{path}", data=form, timeout=limits)
        except httpx.HTTPError as error:
            raise _unreachable(error) from None
        if response.is_server_error:
            raise UnreachableError(words.server_error(response.status_code))
        return response

    def _pair(
        self, response: httpx.Response, asked: tuple[str, ...], *, client_id: str = ""
    ) -> TokenPair:
        answer = _read(response, _TokenAnswer)
        register_secret(answer.access_token)
        register_secret(answer.refresh_token)
        if not (is_token(answer.access_token) and is_token(answer.refresh_token)):
            raise UnreachableError(words.UNREADABLE)
        granted = answer.scope.split() if isinstance(answer.scope, str) else answer.scope
        life_s = min(max(answer.expires_in, 0), _MAX_LIFE_S)
        return TokenPair(
            client_id=client_id or self._client_id,
            access=Secret(answer.access_token),
            refresh=Secret(answer.refresh_token),
            expires_at=self._clock.now() + timedelta(seconds=life_s),
            scopes=asked if granted is None else tuple(granted),
        )


def _read(response: httpx.Response, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(response.content, type=shape, strict=False)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        # Not chained: the decoder's words could quote the answer, which may hold a token.
        raise UnreachableError(words.UNREADABLE) from None


def _reason(response: httpx.Response) -> str:
    try:
        message = msgspec.json.decode(response.content, type=_Refusal).message
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        message = ""
    return quoted(message) or f"status {response.status_code}"


def _unreachable(error: httpx.HTTPError) -> UnreachableError:
    return UnreachableError(words.unreachable(type(error).__name__))
