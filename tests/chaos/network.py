"""A bad network between two parties: a TCP proxy that delays, loses, cuts, swallows and refuses."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum

__all__ = ["BadNetwork", "Weather"]

LOSS = 0.3
RESENT_AFTER_S = 0.3
"""What is lost on the way comes again: TCP's own waiting, which a proxy can only imitate."""
DELAY_S = 2.0


class Weather(StrEnum):
    """What happens to connections."""

    FAIR = "fair"
    LOSSY = "30 % loss"
    SLOW = "2 s delay"
    CUT = "cut"
    SWALLOWED = "swallowed"
    REFUSED = "refused"


class BadNetwork:
    """Stands before one port of loopback, under an address of its own."""

    def __init__(self, upstream_port: int, chance: random.Random) -> None:
        self._upstream_port = upstream_port
        self._chance = chance
        self._weather = Weather.FAIR
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.attempts: list[float] = []
        """When somebody connected."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[BadNetwork]:
        """Stand there until the block ends."""
        await self._listen()
        try:
            yield self
        finally:
            await self.change(Weather.REFUSED)
            for task in tuple(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def change(self, weather: Weather) -> None:
        """From now on this happens, to open connections as well."""
        # What was swallowed does not come back: who held on to it has to begin anew.
        is_broken = weather in (Weather.CUT, Weather.REFUSED) or self._weather is Weather.SWALLOWED
        self._weather = weather
        if is_broken:
            for writer in tuple(self._writers):
                _reset(writer)
        if weather is Weather.REFUSED and self._server is not None:
            self._server.close()
            self._server = None
        elif weather is not Weather.REFUSED and self._server is None:
            await self._listen()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.attempts.append(time.monotonic())
        if self._weather in (Weather.CUT, Weather.REFUSED):
            _reset(writer)
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._upstream_port)
        both = {writer, far_writer}
        self._writers |= both
        ways = {
            asyncio.create_task(self._carry(reader, far_writer)),
            asyncio.create_task(self._carry(far_reader, writer)),
        }
        self._tasks |= ways
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            self._tasks -= ways
            self._writers -= both
            for each in both:
                each.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take what comes at once and hand each part on when its time has come, in order."""
        way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        handing = asyncio.create_task(self._hand_on(way, writer))
        try:
            while chunk := await reader.read(1 << 16):
                if self._weather is not Weather.SWALLOWED:
                    way.put_nowait((time.monotonic() + self._late_s(), chunk))
            way.put_nowait((0.0, b""))
            await handing
        except ConnectionError:
            return
        finally:
            handing.cancel()

    async def _hand_on(
        self, way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
    ) -> None:
        while True:
            at, chunk = await way.get()
            if not chunk:
                return
            await asyncio.sleep(at - time.monotonic())
            writer.write(chunk)
            await writer.drain()

    def _late_s(self) -> float:
        if self._weather is Weather.SLOW:
            return DELAY_S
        late_s = 0.0
        while self._weather is Weather.LOSSY and self._chance.random() < LOSS:
            late_s += RESENT_AFTER_S
        return late_s


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection as a broken line does: at once, with a reset."""
    plug: socket.socket | None = writer.get_extra_info("socket")
    if plug is not None and plug.fileno() >= 0:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
