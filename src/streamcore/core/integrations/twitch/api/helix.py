"""Twitch's HTTP API: one request at a time in, its answer or a `CommandError` out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import TypeVar

import httpx
import msgspec

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.core.integrations.oauth import LoginLostError, TokenKeeper, TokenPair
from streamcore.core.integrations.twitch.api.answers import (
    Answer,
    RefusedError,
    decoded,
    read_bounded,
    refusal,
)
from streamcore.core.integrations.twitch.api.rate import RateLimit
from streamcore.core.integrations.twitch.login.words import LOGIN_GONE
from streamcore.protocol.errors import ErrorCode

__all__ = ["Helix", "Params", "RefusedError"]

T = TypeVar("T")
Params = Mapping[str, str | list[str]]

_ANSWER_WITHIN_S = 12.0
_MAX_WAIT_S = 10.0
_MAX_WAIT_IN_BACKGROUND_S = 120.0
_SPARE_IN_BACKGROUND = 0.2
_AT_ONCE = 32
_AT_ONCE_IN_BACKGROUND = 4
_IDLE_WITHIN_S = 2.0
_RETRY_AFTER_S = 1.0
_RENEW_AGAIN_S = 60.0
# Twitch says of both that it did not act: the same request may be made again, whatever it asks.
_DID_NOT_ACT = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})


class Helix:
    """Requests with the account's token.

    A 401 renews the token once and tries again, unless Twitch says that a scope is missing or a
    renewed token was refused there before. One 429 or 503 is tried once more, for a mere reading
    any error of the server; what may have been done is never asked a second time. The rate headers
    are obeyed before Twitch has to refuse, and what is read in the background leaves a part of the
    bucket and most of the connections to commands.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        tokens: TokenKeeper,
        clock: Clock,
        *,
        at_once: int = _AT_ONCE,
    ) -> None:
        self._http = http
        self._url = url
        self._tokens = tokens
        self._clock = clock
        self.rate = RateLimit(clock)
        self._slots = asyncio.Semaphore(at_once)
        self._background_slots = asyncio.Semaphore(_AT_ONCE_IN_BACKGROUND)
        self._refused_anew: dict[str, float] = {}
        self._is_open = True
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    async def close(self) -> None:
        """Take no further request and wait a little for those under way."""
        self._is_open = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_IDLE_WITHIN_S):
                await self._is_idle.wait()

    async def get(
        self, path: str, shape: type[T], params: Params, *, is_background: bool = False
    ) -> T:
        """Read something; what nobody waits for is read in the background."""
        if is_background:
            async with self._background_slots:
                answer = await self._request("GET", path, params=params, is_background=True)
        else:
            answer = await self._request("GET", path, params=params)
        return decoded(answer, shape)

    async def post(
        self, path: str, body: object, shape: type[T], *, params: Params | None = None
    ) -> T:
        """Send something and read the answer."""
        answer = await self._request("POST", path, params=params, body=body)
        return decoded(answer, shape, is_deed=True)

    async def patch(
        self, path: str, body: object, shape: type[T], *, params: Params | None = None
    ) -> T:
        """Change something and read the answer."""
        answer = await self._request("PATCH", path, params=params, body=body)
        return decoded(answer, shape, is_deed=True)

    async def put(
        self, path: str, body: object, shape: type[T], *, params: Params | None = None
    ) -> T:
        """Replace something and read the answer."""
        answer = await self._request("PUT", path, params=params, body=body)
        return decoded(answer, shape, is_deed=True)

    async def tell(
        self, method: str, path: str, params: Params | None = None, body: object = None
    ) -> None:
        """Send something whose answer, if there is any, does not matter."""
        await self._request(method, path, params=params, body=body)

    async def delete(self, path: str, params: Params) -> None:
        """Remove something; what is already gone is as good."""
        try:
            await self._request("DELETE", path, params=params)
        except RefusedError as error:
            if error.status != httpx.codes.NOT_FOUND:
                raise

    async def _request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: object = None,
        is_background: bool = False,
    ) -> Answer:
        url = path if "://" in path else f"{self._url}{path}"
        content = None if body is None else msgspec.json.encode(body)
        place = f"{method} {path}"
        has_renewed = has_retried = False
        while True:
            await self._wait(is_background=is_background)
            pair = self._tokens.pair
            if pair is None:
                raise LoginLostError(LOGIN_GONE)
            answer = await self._send(method, url, pair, params, content)
            if answer.is_success:
                return answer
            wait_s = _wait_s(answer, self.rate)
            is_passing = answer.is_server_error or answer.status in _DID_NOT_ACT
            error = refusal(
                answer,
                pair.access.reveal(),
                retry_after_ms=int(wait_s * 1000) if is_passing else None,
            )
            if error.status == httpx.codes.UNAUTHORIZED and has_renewed:
                self._refused_anew[place] = self._clock.monotonic()
            elif self._may_renew(error, place):
                await self._tokens.renewed(pair)
                has_renewed = True
                continue
            may_retry = answer.status in _DID_NOT_ACT or (is_passing and method == "GET")
            if may_retry and not has_retried and wait_s <= _MAX_WAIT_S:
                has_retried = True
                await self._clock.sleep(wait_s)
                continue
            raise error

    def _may_renew(self, error: RefusedError, place: str) -> bool:
        """Tell whether a new token may help; where one did not a moment ago, the next will not."""
        if error.status != httpx.codes.UNAUTHORIZED or error.is_missing_scope:
            return False
        refused_at_s = self._refused_anew.get(place)
        return (
            refused_at_s is None
            or self._clock.monotonic() - refused_at_s > _RENEW_AGAIN_S
            or "invalid" in error.reason.lower()
        )

    async def _send(
        self, method: str, url: str, pair: TokenPair, params: Params | None, content: bytes | None
    ) -> Answer:
        headers = {
            "Authorization": f"Bearer {pair.access.reveal()}",
            "Client-Id": pair.client_id,
        }
        if content is not None:
            headers["Content-Type"] = "application/json"
        async with self._slots:
            if not self._is_open:
                raise CommandError(
                    ErrorCode.PLATFORM_NOT_CONNECTED, "Twitch is being disconnected."
                )
            self.rate.under_way += 1
            self._is_idle.clear()
            try:
                async with (
                    asyncio.timeout(_ANSWER_WITHIN_S),
                    self._http.stream(
                        method, url, params=params, content=content, headers=headers
                    ) as response,
                ):
                    answer = await read_bounded(response)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                raise CommandError(
                    ErrorCode.PLATFORM_NOT_CONNECTED,
                    f"Twitch cannot be reached ({type(error).__name__}): check the connection.",
                ) from error
            except (httpx.TimeoutException, TimeoutError) as error:
                raise _unknown("Twitch did not answer in time", method) from error
            except httpx.HTTPError as error:
                cause = f"The connection to Twitch broke ({type(error).__name__})"
                raise _unknown(cause, method) from error
            finally:
                self.rate.under_way -= 1
                if not self.rate.under_way:
                    self._is_idle.set()
        self.rate.learn(answer.headers)
        return answer

    async def _wait(self, *, is_background: bool) -> None:
        spare = _SPARE_IN_BACKGROUND if is_background else 0.0
        longest_s = _MAX_WAIT_IN_BACKGROUND_S if is_background else _MAX_WAIT_S
        while (wait_s := self.rate.wait_s(spare)) > 0:
            if wait_s > longest_s:
                raise CommandError(
                    ErrorCode.RATE_LIMITED,
                    "Twitch takes no more requests for now: the limit of this minute is used up.",
                    retry_after_ms=int(wait_s * 1000),
                )
            await self._clock.sleep(wait_s)


def _wait_s(answer: Answer, rate: RateLimit) -> float:
    """Return when a refused request may be made again, as far as Twitch tells.

    Several endpoints answer 429 by limits of their own while the bucket is far from empty.
    """
    if answer.status == httpx.codes.TOO_MANY_REQUESTS and rate.is_empty:
        return rate.wait_s()
    told = answer.headers.get("retry-after", "")
    if len(told) <= 6 and told.isascii() and told.isdecimal():
        return max(float(told), _RETRY_AFTER_S)
    return _RETRY_AFTER_S


def _unknown(cause: str, method: str) -> CommandError:
    what = "." if method == "GET" else "; it may still have done what it was asked."
    return CommandError(ErrorCode.TIMEOUT, f"{cause}{what}")
