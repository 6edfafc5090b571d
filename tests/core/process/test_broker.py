"""The broker alone, with the test as its module."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from streamcore.core.principals import ModulePrincipal
from tests.fakes.clock import ManualClock

if sys.platform == "win32":
    pytest.skip("descriptors are not passed there", allow_module_level=True)

from streamcore.core.process.broker import Broker

WHO = ModulePrincipal("bot", 7)


class Bench:
    """A broker, the child's end of it, and what the core was given."""

    def __init__(self) -> None:
        ours, self.child = socket.socketpair()
        self.child.setblocking(False)
        self.clock = ManualClock()
        self.accepted: list[tuple[socket.socket, ModulePrincipal]] = []
        self.fails = False
        self.broker = Broker(ours, WHO, self._accept, self.clock)

    async def _accept(self, sock: socket.socket, principal: ModulePrincipal) -> None:
        if self.fails:
            raise RuntimeError("no room")
        self.accepted.append((sock, principal))

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.broker.serve())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self.child.close()
            for sock, _ in self.accepted:
                sock.close()

    async def settle(self) -> None:
        """Let the broker do all that it can do without the clock."""
        before = -1
        while len(self.accepted) != before:
            before = len(self.accepted)
            await self.clock.advance(0)

    def take(self) -> socket.socket:
        _, descriptors, _, _ = socket.recv_fds(self.child, 1, 1)
        return socket.socket(fileno=descriptors[0])


async def test_each_byte_is_answered_by_a_connection() -> None:
    bench = Bench()
    async with bench.serving():
        bench.child.send(b"12")
        await bench.settle()
        assert [principal for _, principal in bench.accepted] == [WHO, WHO]
        for ours, _ in bench.accepted:
            with bench.take() as theirs:
                theirs.send(b"hello")
                assert ours.recv(10) == b"hello"


async def test_asking_too_often_is_slowed_down() -> None:
    bench = Bench()
    async with bench.serving():
        bench.child.send(b"x" * 100)
        await bench.settle()
        assert len(bench.accepted) == 20
        await bench.clock.advance(10)
        assert len(bench.accepted) == 40


async def test_the_end_of_the_child_is_the_end_of_the_broker() -> None:
    bench = Bench()
    async with bench.serving() as task:
        bench.child.close()
        async with asyncio.timeout(5):
            await task


async def test_one_who_asks_and_never_takes_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()

    def refuse(*_: object) -> int:
        raise BlockingIOError

    monkeypatch.setattr(socket, "send_fds", refuse)
    async with bench.serving() as task:
        bench.child.send(b"x")
        async with asyncio.timeout(5):
            await task
        assert bench.accepted == []


async def test_a_connection_that_fails_costs_only_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = Bench()
    async with bench.serving():
        bench.fails = True
        bench.child.send(b"x")
        await bench.settle()
        with bench.take() as theirs:
            assert theirs.recv(1) == b""
        bench.fails = False
        bench.child.send(b"x")
        await bench.settle()
        assert len(bench.accepted) == 1
        bench.take().close()
    assert "could not be served" in caplog.text
