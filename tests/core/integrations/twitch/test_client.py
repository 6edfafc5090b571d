"""The connections under the account's HTTP client."""

from __future__ import annotations

import asyncio
import contextlib
import time
from types import SimpleNamespace

import msgspec
import pytest

from streamcore.core.integrations.oauth import TokenPair
from streamcore.core.integrations.twitch.addresses import Addresses
from streamcore.core.integrations.twitch.client import Client
from streamcore.core.secrets import Secret
from tests.core.integrations.host import MemorySecrets, TestHost, eventually

_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


async def test_a_connection_is_kept_while_a_bot_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    connections = living = 0
    later_s = 0.0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections, living
        connections, living = connections + 1, living + 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(_ANSWER)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        living -= 1

    turned = SimpleNamespace(monotonic=lambda: time.monotonic() + later_s)
    monkeypatch.setattr("httpcore._async.http11.time", turned)
    host = TestHost(MemorySecrets())
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        client = Client(host, Addresses(url, url, url, url, {}), "client", "tokens")
        try:
            pair = TokenPair("client", Secret("a"), Secret("r"), host.clock.now(), ())
            await client.tokens.adopt(pair)
            await client.helix.get("/users", msgspec.Raw, {})
            later_s = 40.0
            await client.helix.get("/users", msgspec.Raw, {})
            assert connections == 1
            later_s = 100.0
            await client.helix.get("/users", msgspec.Raw, {})
            assert connections == 2
        finally:
            await client.close()
        await eventually(lambda: not living)
