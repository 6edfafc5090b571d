"""A WebSocket client made of bytes, for frames that no library would send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

__all__ = ["PATH", "UPGRADE", "RawClient", "frame", "open_raw", "text"]

UPGRADE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n"
)
PATH = "/socket.io/?EIO=4&transport=websocket"


class RawClient:
    """A TCP connection after the upgrade; `status` is the server's answer to it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, status: int
    ) -> None:
        self.reader = reader
        self.writer = writer
        self.status = status

    def send(self, data: bytes) -> None:
        """Write bytes as they are."""
        self.writer.write(data)

    async def receive(self, part: bytes) -> bytes:
        """Read until `part` has come."""
        async with asyncio.timeout(5):
            return await self.reader.readuntil(part)

    async def until_cut(self) -> bytes:
        """Read to the end of the connection, however it ends."""
        got = b""
        try:
            async with asyncio.timeout(5):
                while part := await self.reader.read(65536):
                    got += part
        except ConnectionError:
            pass
        return got

    def stop_reading(self) -> None:
        """Leave everything that comes in the kernel's hands."""
        transport = self.writer.transport
        assert isinstance(transport, asyncio.ReadTransport)
        transport.pause_reading()


@asynccontextmanager
async def open_raw(port: int, path: str = PATH) -> AsyncIterator[RawClient]:
    """Open a connection and ask for the upgrade."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(UPGRADE.format(path=path, port=port).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        yield RawClient(reader, writer, int(head.split()[1]))
    finally:
        writer.transport.abort()


def frame(opcode: int, payload: bytes, *, fin: bool = True, reserved: int = 0) -> bytes:
    """Make a masked frame; the mask is all zeros, which leaves the payload as it is."""
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    size = len(payload)
    if size < 126:
        return bytes((first, 0x80 | size)) + b"\0\0\0\0" + payload
    if size < 65536:
        return bytes((first, 0x80 | 126)) + size.to_bytes(2, "big") + b"\0\0\0\0" + payload
    return bytes((first, 0x80 | 127)) + size.to_bytes(8, "big") + b"\0\0\0\0" + payload


def text(packet: str) -> bytes:
    """Make a text frame."""
    return frame(1, packet.encode())
