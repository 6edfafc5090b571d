"""An address that speaks TLS is spoken to with the app's own certificates."""

from __future__ import annotations

import asyncio
import ssl

import pytest

from streamcore.core.clock import SystemClock
from streamcore.core.integrations.twitch.eventsub.link import LinkLostError, open_link
from streamcore.core.integrations.twitch.tls import tls_context


def test_certificates_are_checked() -> None:
    context = tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert tls_context() is context


async def test_a_server_that_speaks_no_tls_is_not_talked_to() -> None:
    heard = bytearray()

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.read(5))
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(LinkLostError, match="cannot be reached"):
            await open_link(f"wss://127.0.0.1:{port}/ws", SystemClock(), lambda _: None)
    assert heard[:2] == b"\x16\x03", "the first bytes are a TLS greeting"
