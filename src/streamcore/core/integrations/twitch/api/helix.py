"""Twitch's HTTP API: one request at a time in, its answer or a `CommandError` out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import TypeVar

import httpx
import msgspec

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.core.integrations.oauth import LoginLostError, TokenKeeper, TokenPair
from streamcore.core.integrations.twitch.api.rate import RateLimit
from streamcore.core.integrations.twitch.login.words import LOGIN_GONE
from streamcore.protocol.errors import ErrorCode

__all__ = ["Helix", "RefusedError"]

T = TypeVar("T")
Params = Mapping[str, str]

_MAX_WAIT_S = 10.0
_IDLE_WITHIN_S = 2.0
_CODES: dict[int, ErrorCode] = {
    httpx.codes.BAD_REQUEST: ErrorCode.INVALID_COMMAND,
    httpx.codes.FORBIDDEN: ErrorCode.REJECTED_BY_PLATFORM,
    httpx.codes.NOT_FOUND: ErrorCode.NOT_FOUND,
    httpx.codes.CONFLICT: ErrorCode.CONFLICT,
    httpx.codes.UNPROCESSABLE_ENTITY: ErrorCode.TOO_LARGE,
    httpx.codes.TOO_MANY_REQUESTS: ErrorCode.RATE_LIMITED,
}

_log = logging.getLogger(__name__)


class RefusedError(CommandError):
    """Twitch answered with an error; `status` is HTTP's."""

    def __init__(self, status: int, message: str, *, retry_after_ms: int | None = None) -> None:
        code = _CODES.get(status, ErrorCode.REJECTED_BY_PLATFORM)
        text = f"Twitch refused with {status}: {message}"
        super().__init__(code, text, retry_after_ms=retry_after_ms)
        self.status = status


class _Refusal(msgspec.Struct, frozen=True, kw_only=True):
    message: str = ""


class Helix:
    """Requests with the account's token.

    A 401 renews the token once and tries again; a second one means that this request is not
    allowed, for the login was good enough to be renewed. A server's error or a 429 with a short
    wait is tried once more, and the rate headers are obeyed before Twitch has to refuse.
    """

    def __init__(
        self, http: httpx.AsyncClient, url: str, tokens: TokenKeeper, clock: Clock
    ) -> None:
        self._http = http
        self._url = url
        self._tokens = tokens
        self._clock = clock
        self.rate = RateLimit(clock)
        self._is_open = True
        self._under_way = 0
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    async def close(self) -> None:
        """Take no further request and wait a little for those under way."""
        self._is_open = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_IDLE_WITHIN_S):
                await self._is_idle.wait()

    async def get(self, path: str, shape: type[T], params: Params) -> T:
        """Read something."""
        return _read(await self._request("GET", path, params=params), shape)

    async def post(self, path: str, body: object, shape: type[T]) -> T:
        """Send something and read the answer."""
        return _read(await self._request("POST", path, body=body), shape)

    async def delete(self, path: str, params: Params) -> None:
        """Remove something; what is already gone is as good."""
        try:
            await self._request("DELETE", path, params=params)
        except RefusedError as error:
            if error.status != httpx.codes.NOT_FOUND:
                raise

    async def _request(
        self, method: str, path: str, *, params: Params | None = None, body: object = None
    ) -> httpx.Response:
        url = path if "://" in path else f"{self._url}{path}"
        content = None if body is None else msgspec.json.encode(body)
        pair = self._tokens.pair
        if pair is None:
            raise LoginLostError(LOGIN_GONE)
        has_renewed = has_retried = False
        while True:
            await self._wait(self.rate.wait_s())
            response = await self._send(method, url, pair, params, content)
            self.rate.learn(response.headers)
            status = response.status_code
            if response.is_success:
                return response
            if status == httpx.codes.UNAUTHORIZED and not has_renewed:
                pair, has_renewed = await self._tokens.renewed(pair), True
                continue
            wait_s = self.rate.wait_s() or 1.0
            is_passing = response.is_server_error or status == httpx.codes.TOO_MANY_REQUESTS
            if is_passing and not has_retried and wait_s <= _MAX_WAIT_S:
                has_retried = True
                await self._clock.sleep(wait_s)
                continue
            raise RefusedError(
                status,
                _message(response, pair),
                retry_after_ms=int(wait_s * 1000) if is_passing else None,
            )

    async def _send(
        self, method: str, url: str, pair: TokenPair, params: Params | None, content: bytes | None
    ) -> httpx.Response:
        if not self._is_open:
            raise CommandError(ErrorCode.PLATFORM_NOT_CONNECTED, "Twitch is being disconnected.")
        headers = {
            "Authorization": f"Bearer {pair.access.reveal()}",
            "Client-Id": pair.client_id,
        }
        if content is not None:
            headers["Content-Type"] = "application/json"
        self._under_way += 1
        self._is_idle.clear()
        try:
            return await self._http.request(
                method, url, params=params, content=content, headers=headers
            )
        except httpx.TimeoutException as error:
            raise CommandError(
                ErrorCode.TIMEOUT, "Twitch did not answer in time; it may still have acted."
            ) from error
        except httpx.HTTPError as error:
            raise CommandError(
                ErrorCode.PLATFORM_NOT_CONNECTED,
                f"Twitch cannot be reached ({type(error).__name__}): check the connection.",
            ) from error
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._is_idle.set()

    async def _wait(self, wait_s: float) -> None:
        if wait_s > _MAX_WAIT_S:
            raise CommandError(
                ErrorCode.RATE_LIMITED,
                "Twitch takes no more requests for now.",
                retry_after_ms=int(wait_s * 1000),
            )
        if wait_s > 0:
            await self._clock.sleep(wait_s)


def _read(response: httpx.Response, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(response.content, type=shape, strict=False)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise CommandError(
            ErrorCode.REJECTED_BY_PLATFORM, "Twitch answered something unreadable."
        ) from error


def _message(response: httpx.Response, pair: TokenPair) -> str:
    try:
        message = msgspec.json.decode(response.content, type=_Refusal).message
    except (msgspec.DecodeError, UnicodeError):
        message = ""
    # A server that quotes our own request back must not put the token into an error's text.
    return message.replace(pair.access.reveal(), "…")[:200] or "no reason given"
