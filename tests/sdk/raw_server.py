"""A server that says exactly what a test tells it, right or wrong."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable

from websockets.frames import Frame, Opcode

from streamcore.sdk._wire.handshake import accept_of

OPEN = b'0{"sid":"s","upgrades":[],"pingInterval":%d,"pingTimeout":%d}'
ACCEPTED = b'40/module,{"sid":"n"}'

Script = Callable[["Peer"], Awaitable[None]]


class Peer:
    """The server's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def upgrade(self, *, answer: bytes | None = None) -> None:
        """Read the request and answer it."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        key = re.search(rb"Sec-WebSocket-Key: (\S+)", head)
        assert key is not None
        self.writer.write(
            answer
            or b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: "
            + accept_of(key[1])
            + b"\r\n\r\n"
        )

    async def welcome(self, interval_ms: int = 20_000, timeout_ms: int = 20_000) -> None:
        """Go as far as an accepted namespace."""
        await self.upgrade()
        self.text(OPEN % (interval_ms, timeout_ms))
        assert (await self.read()).startswith(b"40/module,")
        self.text(ACCEPTED)

    def text(self, payload: bytes) -> None:
        """Send one text frame."""
        self.frame(Opcode.TEXT, payload)

    def frame(self, opcode: Opcode, payload: bytes, *, final: bool = True) -> None:
        """Send one frame."""
        self.writer.write(Frame(opcode, payload, fin=final).serialize(mask=False))

    async def read(self) -> bytes:
        """Return the payload of the client's next frame (shorter than 64 KiB)."""
        _, length = await self.reader.readexactly(2)
        size = length & 0x7F
        if size == 126:
            size = int.from_bytes(await self.reader.readexactly(2), "big")
        key = await self.reader.readexactly(4)
        masked = await self.reader.readexactly(size)
        return bytes(byte ^ key[i % 4] for i, byte in enumerate(masked))


@contextlib.asynccontextmanager
async def raw_server(script: Script) -> AsyncIterator[int]:
    """Run the script for every connection; gives the port."""
    failures: list[BaseException] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(Peer(reader, writer))
            await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        except Exception as error:
            failures.append(error)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
    if failures:
        raise failures[0]
