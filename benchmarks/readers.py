"""Clients in a process of their own, which count what comes in and do next to nothing else.

A client decodes nothing: it counts a field's name in the bytes as they come. For floods, most
clients let the kernel throw the bytes away (`MSG_TRUNC`) and report their number alone: every
client of one filter is sent the same bytes, so the few that are counted say how many events these
are. What is left is one `recv` for each chunk, so that the server is what limits.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import selectors
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from benchmarks.counting import PONG, Counter

__all__ = ["Readers", "Report", "Target", "connected"]

_BUFFER = 1 << 20
_DISCARD = getattr(socket, "MSG_TRUNC", 0) if sys.platform == "linux" else 0


@dataclass(frozen=True, slots=True)
class Target:
    """Where the clients go; an empty `join` means a bare socket that is only read."""

    port: int
    join: bytes = b""

    @classmethod
    def dashboard(cls, port: int, token: str) -> Target:
        """Be dashboards of a running core."""
        return cls(port, b'40/dashboard,{"token":"%s"}' % token.encode())


@dataclass(frozen=True, slots=True)
class Report:
    """What all clients saw since the last reset."""

    deliveries: float
    """Events times clients."""
    events: tuple[int, ...]
    """By client, for those that count."""
    missing: int
    """Numbers of the log that a client should have seen and did not, of all clients together."""
    gaps: int
    seconds: float
    """Between the first and the last byte."""
    bytes: int
    delays_ms: list[float]
    cpu_percent: float
    """What the readers themselves took of a core: near 100 they are the limit."""


class _Pipe(Protocol):
    """An end of a pipe, whose class differs by system."""

    def send(self, obj: object) -> None: ...

    def recv(self) -> object: ...

    def fileno(self) -> int: ...


class Readers:
    """The parent's handle of the process."""

    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe

    async def reset(self) -> None:
        """Count from now on."""
        await self._ask("reset")

    async def report(self) -> Report:
        """Return what came since the last reset."""
        answer = await self._ask("report")
        assert isinstance(answer, Report)
        return answer

    async def quiet(self, for_s: float = 0.5, within_s: float = 60.0) -> Report:
        """Wait until nothing comes any more."""
        end = time.monotonic() + within_s
        last = await self.report()
        while time.monotonic() < end:
            await asyncio.sleep(for_s)
            now = await self.report()
            if now.deliveries == last.deliveries:
                return now
            last = now
        raise TimeoutError("events kept coming")

    async def _ask(self, what: str) -> object:
        self._pipe.send(what)
        return await asyncio.to_thread(self._pipe.recv)


@asynccontextmanager
async def connected(
    target: Target, clients: int, *, timed: int = 5, counted: int | None = None
) -> AsyncIterator[Readers]:
    """Connect clients; `timed` of them time each event, `counted` (all) count them."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    arguments = (there, target, clients, timed, clients if counted is None else counted)
    process = context.Process(target=_read_all, args=arguments, daemon=True)
    process.start()
    there.close()
    try:
        async with asyncio.timeout(60):
            await asyncio.to_thread(here.recv)
        yield Readers(here)
    finally:
        here.close()
        process.terminate()
        await asyncio.to_thread(process.join, 5)


class _Client:
    def __init__(self, sock: socket.socket, *, is_timed: bool, is_counted: bool) -> None:
        self.sock = sock
        self.counter = Counter(is_timed=is_timed)
        self.is_counted = is_counted


def _read_all(pipe: _Pipe, target: Target, clients: int, timed: int, counted: int) -> None:
    selector = selectors.DefaultSelector()
    everybody = []
    for number in range(clients):
        # Spread over the order in which the server writes: the last waits longest.
        is_timed = timed > 0 and (number + 1) * timed % clients < timed
        client = _Client(
            _join(target),
            is_timed=is_timed,
            is_counted=is_timed or number < counted or not _DISCARD,
        )
        selector.register(client.sock, selectors.EVENT_READ, client)
        everybody.append(client)
    selector.register(pipe, selectors.EVENT_READ, None)
    pipe.send("ready")
    buffer = bytearray(_BUFFER)
    view = memoryview(buffer)
    first = last = 0.0
    cpu, since = time.process_time(), time.perf_counter()
    while True:
        for key, _ in selector.select():
            client = key.data
            if client is None:
                try:
                    asked = pipe.recv()
                except EOFError:
                    return
                if asked == "reset":
                    for each in everybody:
                        each.counter.reset()
                    first = last = 0.0
                    cpu, since = time.process_time(), time.perf_counter()
                    pipe.send("done")
                else:
                    used = (time.process_time() - cpu) / (time.perf_counter() - since)
                    pipe.send(_report(everybody, last - first, used * 100))
                continue
            if client.is_counted:
                size = client.sock.recv_into(buffer)
                now = time.time()
                if client.counter.take(bytes(view[:size]), now):
                    client.sock.sendall(PONG)
            else:
                size = client.sock.recv_into(buffer, _BUFFER, _DISCARD)
                client.counter.bytes += size
                now = time.time()
            if not size:
                selector.unregister(client.sock)
            first, last = first or now, now


def _report(everybody: list[_Client], seconds: float, cpu_percent: float) -> Report:
    counted = [client.counter for client in everybody if client.is_counted]
    others = sum(client.counter.bytes for client in everybody if not client.is_counted)
    events = sum(counter.events for counter in counted)
    size = sum(counter.bytes for counter in counted)
    # Who began late or stopped early lacks numbers at the ends.
    last = max(counter.last_seq for counter in counted)
    missing = sum(
        counter.missing + (last - counter.last_seq if counter.logged else 0) for counter in counted
    )
    return Report(
        deliveries=events + (others * events / size if size else 0),
        events=tuple(counter.events for counter in counted),
        missing=missing,
        gaps=sum(counter.gaps for counter in counted),
        seconds=seconds,
        bytes=size + others,
        delays_ms=[delay for counter in counted for delay in counter.delays_ms],
        cpu_percent=cpu_percent,
    )


def _join(target: Target) -> socket.socket:
    peer = socket.create_connection(("127.0.0.1", target.port))
    if not target.join:
        return peer
    peer.sendall(
        b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n" % target.port
    )
    _read_until(peer, b'"sid"')
    size = len(target.join)
    peer.sendall(bytes((0x81, 0x80 | size)) + b"\0\0\0\0" + target.join)
    _read_until(peer, b"40/")
    return peer


def _read_until(peer: socket.socket, part: bytes) -> None:
    got = b""
    while part not in got:
        chunk = peer.recv(4096)
        if not chunk:
            raise ConnectionError(f"the server closed the connection after {got!r}")
        got += chunk
