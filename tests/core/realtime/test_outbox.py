"""The outbox on a real socket: order, what waits, and who takes too little for too long."""

from __future__ import annotations

import asyncio
import itertools
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from streamcore.core.realtime.limits import LinkLimits
from streamcore.core.realtime.outbox import Outbox
from tests.core.realtime.conftest import eventually

FRAME = 20_000


class _Pair(asyncio.Protocol):
    """An outbox on one end of a pair of sockets; the test reads the other when it likes."""

    def __init__(self, limits: LinkLimits, *, has_cursor: bool = False) -> None:
        self.slow = 0
        self.drained = 0
        self.transport: asyncio.Transport
        self.out = Outbox(asyncio.get_running_loop(), self._is_slow)
        self.out.limit(limits, has_cursor=has_cursor)
        self.ours, self.peer = socket.socketpair()
        for end in (self.ours, self.peer):
            end.setblocking(False)
        self._numbers = itertools.count()
        self.sent = bytearray()

    def _is_slow(self) -> None:
        self.slow += 1
        self.out.drop()
        self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.out.open(transport)

    def pause_writing(self) -> None:
        self.out.paused()

    def resume_writing(self) -> None:
        self.out.resumed()

    def frame(self, size: int = FRAME) -> bytes:
        """Make a frame that is unlike every other."""
        made = (b"%06d" % next(self._numbers) * (size // 6 + 1))[:size]
        self.sent += made
        return made

    def fill(self) -> None:
        """Write until the peer's socket takes no more."""
        while not self.out.is_behind:
            self.out.write(self.frame())

    async def read(self, size: int) -> bytes:
        got = b""
        async with asyncio.timeout(5):
            while len(got) < size:
                got += await asyncio.get_running_loop().sock_recv(self.peer, size - len(got))
        return got


@asynccontextmanager
async def _pair(limits: LinkLimits | None = None, *, cursor: bool = False) -> AsyncIterator[_Pair]:
    pair = _Pair(limits or LinkLimits(), has_cursor=cursor)
    with pair.peer:
        transport, _ = await asyncio.get_running_loop().connect_accepted_socket(
            lambda: pair, pair.ours
        )
        try:
            yield pair
        finally:
            pair.out.drop()
            transport.abort()
            await asyncio.sleep(0)


async def test_what_a_full_socket_does_not_take_follows_whole_and_in_order() -> None:
    async with _pair() as pair:
        drained: list[bool] = []
        pair.out.on_drained = lambda: drained.append(pair.out.is_behind)
        pair.fill()
        for _ in range(50):
            pair.out.write(pair.frame())
        pair.out.write_soon(pair.frame(10))
        assert pair.out.buffered >= 50 * FRAME
        assert await pair.read(len(pair.sent)) == pair.sent
        await eventually(lambda: drained == [False])
        assert pair.out.buffered == 0
        pair.out.write(pair.frame(5))
        assert await pair.read(5) == pair.sent[-5:]


async def test_what_waits_for_company_keeps_its_place() -> None:
    async with _pair() as pair:
        pair.out.write_soon(pair.frame(10))
        pair.out.write_soon(pair.frame(10))
        pair.out.write(pair.frame(10))
        pair.transport.write(pair.frame(10))  # the library's own
        pair.out.write(pair.frame(10))
        assert await pair.read(50) == pair.sent


async def test_a_peer_that_takes_nothing_is_told_of_once() -> None:
    async with _pair(LinkLimits(stalled_s=0.2)) as pair:
        pair.fill()
        await eventually(lambda: pair.slow == 1)
        assert pair.out.buffered == 0
        pair.out.write(b"x")
        await asyncio.sleep(0.3)
        assert pair.slow == 1


async def test_a_peer_that_pauses_and_goes_on_is_left_alone() -> None:
    async with _pair(LinkLimits(stalled_s=0.6)) as pair:
        for _ in range(3):
            pair.fill()
            await asyncio.sleep(0.2)
            assert await pair.read(len(pair.sent)) == pair.sent
            pair.sent.clear()
            await eventually(lambda: not pair.out.is_behind)
        assert pair.slow == 0


async def test_a_peer_that_trickles_is_cut_when_what_waited_is_too_old() -> None:
    async with _pair(LinkLimits(stalled_s=0.5, late_s=1.0)) as pair:
        pair.fill()
        for _ in range(100):
            pair.out.write(pair.frame())
        async with asyncio.timeout(5):
            while not pair.slow:
                await pair.read(100)
                await asyncio.sleep(0.01)
        assert pair.out.buffered == 0


async def test_our_own_standstill_is_not_the_peer_s_fault() -> None:
    async with _pair(LinkLimits(stalled_s=0.3)) as pair:
        pair.fill()
        await asyncio.sleep(0.05)
        # The loop itself does nothing for longer than the limit, as on a PC that sleeps.
        time.sleep(0.5)  # noqa: ASYNC251 - that is what is tested
        assert await pair.read(len(pair.sent)) == pair.sent
        await eventually(lambda: not pair.out.is_behind)
        assert pair.slow == 0


async def test_too_much_for_one_peer_is_too_much_at_once() -> None:
    async with _pair(LinkLimits(buffered_bytes=10 * FRAME)) as pair:
        pair.fill()
        for _ in range(20):
            pair.out.write(pair.frame())
        assert pair.slow == 1
        assert pair.out.buffered == 0


@pytest.mark.parametrize("end", ["shut", "drop"])
async def test_nothing_is_written_after_the_end(end: str) -> None:
    async with _pair() as pair:
        pair.out.write(pair.frame(10))
        getattr(pair.out, end)()
        pair.out.write(b"late")
        pair.out.write_soon(b"late")
        pair.out.flush()
        pair.transport.write(b"!")
        assert await pair.read(11) == pair.sent + b"!"


async def test_a_broken_connection_is_found_out_by_the_transport() -> None:
    async with _pair() as pair:
        pair.peer.close()
        for _ in range(3):
            pair.out.write(b"x")
        await asyncio.sleep(0)
        assert pair.out.is_shut
        pair.out.write(b"x")


async def test_an_outbox_that_is_not_open_takes_nothing() -> None:
    out = Outbox(asyncio.get_running_loop(), lambda: None)
    out.write(b"x")
    out.write_soon(b"x")
    out.flush()
    assert (out.buffered, out.is_shut) == (0, True)
