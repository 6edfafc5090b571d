"""Twitch's login for a public client: device code, refresh, validation, revocation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import httpx
import msgspec

from streamcore.core.clock import Clock
from streamcore.core.integrations.base import Words
from streamcore.core.integrations.oauth import LoginLostError, TokenPair, UnreachableError
from streamcore.core.integrations.twitch.login import words
from streamcore.core.logs import register_secret
from streamcore.core.secrets import Secret

__all__ = ["Auth", "DeviceCode", "Identity", "LoginEndedError"]

T = TypeVar("T")

_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_MIN_INTERVAL_S = 1.0


class LoginEndedError(Exception):
    """The login that was under way came to nothing; `words` say why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A login that waits for the streamer's confirmation."""

    device_code: Secret
    user_code: str
    verification_uri: str
    expires_at: datetime
    interval_s: float


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whose token it is, as the validation tells."""

    client_id: str = ""
    login: str = ""
    user_id: str = ""
    scopes: tuple[str, ...] | None = None


class _DeviceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    device_code: str
    user_code: str
    verification_uri: str
    expires_in: float = 1800
    interval: float = 5


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
    goes wrong is an `UnreachableError`, after which the tokens are as good as before.
    """

    def __init__(self, http: httpx.AsyncClient, url: str, client_id: str, clock: Clock) -> None:
        self._http = http
        self._url = url
        self._client_id = client_id
        self._clock = clock

    async def begin(self, scopes: tuple[str, ...]) -> DeviceCode:
        """Start a login; the streamer confirms the code in a browser."""
        response = await self._post("device", scopes=" ".join(scopes))
        if response.status_code != httpx.codes.OK:
            raise LoginEndedError(words.not_started(_reason(response)))
        answer = _read(response, _DeviceAnswer)
        if not answer.verification_uri.startswith(("https://", "http://")):
            raise LoginEndedError(words.NO_WEB_ADDRESS)
        register_secret(answer.device_code)
        return DeviceCode(
            device_code=Secret(answer.device_code),
            user_code=answer.user_code,
            verification_uri=answer.verification_uri,
            expires_at=self._clock.now() + timedelta(seconds=answer.expires_in),
            interval_s=max(answer.interval, _MIN_INTERVAL_S),
        )

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
        if reason in {"authorization_pending", "slow_down"}:
            return None
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            return None
        raise LoginEndedError(words.not_completed(reason))

    async def refresh(self, stale: TokenPair) -> TokenPair:
        """Trade the refresh token, which is good for one use, for a new pair."""
        response = await self._post(
            "token", grant_type="refresh_token", refresh_token=stale.refresh.reveal()
        )
        if response.status_code == httpx.codes.OK:
            return self._pair(response, stale.scopes)
        if response.status_code in {httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED}:
            raise LoginLostError(words.no_longer_accepted(_reason(response)))
        raise UnreachableError(words.could_not_renew(_reason(response)))

    async def validate(self, pair: TokenPair) -> Identity | None:
        """Ask whose token it is; None when it is no longer good."""
        try:
            response = await self._http.get(
                f"{self._url}/validate", headers={"Authorization": f"OAuth {pair.access.reveal()}"}
            )
        except httpx.HTTPError as error:
            raise _unreachable(error) from error
        if response.status_code == httpx.codes.UNAUTHORIZED:
            return None
        if response.status_code != httpx.codes.OK:
            raise UnreachableError(words.could_not_check(_reason(response)))
        return _read(response, Identity)

    async def revoke(self, pair: TokenPair) -> None:
        """Take the access token back; an already dead one is as good."""
        await self._post("revoke", token=pair.access.reveal())

    async def _post(self, path: str, **fields: str) -> httpx.Response:
        form = {"client_id": self._client_id, **fields}
        try:
            response = await self._http.post(f"{self._url}/{path}", data=form)
        except httpx.HTTPError as error:
            raise _unreachable(error) from error
        if response.is_server_error:
            raise UnreachableError(words.server_error(response.status_code))
        return response

    def _pair(self, response: httpx.Response, asked: tuple[str, ...]) -> TokenPair:
        answer = _read(response, _TokenAnswer)
        register_secret(answer.access_token)
        register_secret(answer.refresh_token)
        granted = answer.scope.split() if isinstance(answer.scope, str) else answer.scope
        return TokenPair(
            client_id=self._client_id,
            access=Secret(answer.access_token),
            refresh=Secret(answer.refresh_token),
            expires_at=self._clock.now() + timedelta(seconds=answer.expires_in),
            scopes=asked if granted is None else tuple(granted),
        )


def _read(response: httpx.Response, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(response.content, type=shape, strict=False)
    except (msgspec.DecodeError, UnicodeError):
        # Not chained: the decoder's words could quote the answer, which may hold a token.
        raise UnreachableError(words.UNREADABLE) from None


def _reason(response: httpx.Response) -> str:
    try:
        message = msgspec.json.decode(response.content, type=_Refusal).message
    except (msgspec.DecodeError, UnicodeError):
        message = ""
    return message[:200] or f"status {response.status_code}"


def _unreachable(error: httpx.HTTPError) -> UnreachableError:
    return UnreachableError(words.unreachable(type(error).__name__))
