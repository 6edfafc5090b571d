"""Asking an emote service: a bounded time, a bounded answer, nothing of ours sent along."""

from __future__ import annotations

import asyncio
import zlib

import httpx

from streamcore.core.integrations.emotes.source import SourceError

__all__ = ["fetch"]

_WITHIN_S = 20.0
_ANSWER_MAX = 16 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "StreamCore"}


async def fetch(http: httpx.AsyncClient, address: str) -> bytes | None:
    """Return the answer, or None when the service knows no such channel (404).

    Raises `SourceError`. Redirects are not followed: the services answer at their own address.
    """
    try:
        async with asyncio.timeout(_WITHIN_S), http.stream("GET", address, headers=_HEADERS) as got:
            if got.status_code == httpx.codes.NOT_FOUND:
                return None
            if got.status_code != httpx.codes.OK:
                raise SourceError(f"it answered with status {got.status_code}")
            body = bytearray()
            # Raw: a library's decoder would unpack a small answer into one of any size.
            async for chunk in got.aiter_raw():
                body += chunk
                if len(body) > _ANSWER_MAX:
                    raise SourceError("its answer is too large")
            encoding = got.headers.get("content-encoding", "identity")
    except TimeoutError as error:
        raise SourceError("it did not answer in time") from error
    except httpx.HTTPError as error:
        raise SourceError(f"it cannot be reached ({type(error).__name__})") from error
    return await asyncio.to_thread(_unpacked, bytes(body), encoding)


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding == "identity":
        return body
    if encoding != "gzip":
        raise SourceError("its answer is packed in an unknown way")
    try:
        plain = zlib.decompressobj(_GZIP).decompress(body, _ANSWER_MAX + 1)
    except zlib.error as error:
        raise SourceError("its answer is damaged") from error
    if len(plain) > _ANSWER_MAX:
        raise SourceError("its answer is too large")
    return plain
