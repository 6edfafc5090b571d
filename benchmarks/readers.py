"""Clients in a process of their own, which count what comes in and do next to nothing else.

A client decodes nothing: it counts a field's name in the bytes as they come. For floods, most
clients let the kernel throw the bytes away (`MSG_TRUNC`) and report their number alone: every
client of one filter is sent the same bytes, so the few that are counted say how many events these
are. What is left is one `recv` for each chunk, so that the server is what limits.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks.counting import PONG, Counter

__all__ = ["Readers", "Report", "Target", "connected", "join"]

_BUFFER = 1 << 20
_TRIFLE = 100_000
"""Bytes in half a second that are no events: usage figures, heartbeats."""
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


class Report(msgspec.Struct, frozen=True):
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


class Readers:
    """The parent's handle of the process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def reset(self) -> None:
        """Count from now on."""
        await self.ask("reset")

    async def report(self) -> Report:
        """Return what came since the last reset."""
        return msgspec.json.decode(await self.ask("report"), type=Report)

    async def quiet(self, for_s: float = 0.5, within_s: float = 60.0) -> Report:
        """Wait until nothing comes any more."""
        end = time.monotonic() + within_s
        last = await self.ask("bytes")
        while time.monotonic() < end:
            await asyncio.sleep(for_s)
            now = await self.ask("bytes")
            if int(now) - int(last) < _TRIFLE:
                return await self.report()
            last = now
        raise TimeoutError("events kept coming")

    async def ask(self, what: str) -> bytes:
        """Send one word and return the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(what.encode() + b"\n")
        answer = await self._process.stdout.readline()
        if not answer:
            raise ConnectionError("the readers' process has ended")
        return answer


@asynccontextmanager
async def connected(
    target: Target,
    clients: int,
    *,
    timed: int = 5,
    counted: int | None = None,
    since: str = "received_at",
) -> AsyncIterator[Readers]:
    """Connect clients; `timed` of them time each event, `counted` (all) count them."""
    wishes = (target.port, clients, timed, clients if counted is None else counted, since)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.readers",
        *map(str, wishes),
        cwd=Path(__file__).parent.parent,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 28,
    )
    try:
        readers = Readers(process)
        # By standard input: a token on a command line can be read by everybody.
        async with asyncio.timeout(60):
            await readers.ask(target.join.decode())
        yield readers
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


class _Client:
    def __init__(
        self, sock: socket.socket, since: str, *, is_timed: bool, is_counted: bool
    ) -> None:
        self.sock = sock
        self.counter = Counter(is_timed=is_timed, since=since)
        self.is_counted = is_counted


def read_all(target: Target, clients: int, timed: int, counted: int, since: str) -> None:
    """Connect, say so, then count until the end of standard input."""
    selector = selectors.DefaultSelector()
    clock = _Clock()
    everybody: list[_Client] = []
    buffer = bytearray(_BUFFER)
    for number in range(clients):
        # Spread over the order in which the server writes: the last waits longest.
        is_timed = timed > 0 and (number + 1) * timed % clients < timed
        is_counted = is_timed or number < counted or not _DISCARD
        sock, rest = join(target)
        client = _Client(sock, since, is_timed=is_timed, is_counted=is_counted)
        client.counter.take(rest, time.time())
        selector.register(client.sock, selectors.EVENT_READ, client)
        everybody.append(client)
        # Events may flow already, and who does not read them is cut before the last one joins.
        for key, _ in selector.select(0):
            _read(key.data, buffer, selector, clock)
    selector.register(sys.stdin.fileno(), selectors.EVENT_READ, None)
    _say(b"ready")
    while True:
        for key, _ in selector.select():
            if key.data is not None:
                _read(key.data, buffer, selector, clock)
                continue
            # The parent asks one thing at a time and waits for the answer.
            asked = os.read(sys.stdin.fileno(), 100)
            if not asked:
                return
            _answer(asked.strip(), everybody, clock)


def _read(
    client: _Client, buffer: bytearray, selector: selectors.BaseSelector, clock: _Clock
) -> None:
    """Take what has come for one client."""
    if client.is_counted:
        size = client.sock.recv_into(buffer)
        now = time.time()
        if client.counter.take(bytes(memoryview(buffer)[:size]), now):
            client.sock.sendall(PONG)
    else:
        size = client.sock.recv_into(buffer, _BUFFER, _DISCARD)
        client.counter.bytes += size
        now = time.time()
    if not size:
        selector.unregister(client.sock)
    clock.first, clock.last = clock.first or now, now


class _Clock:
    """When the first and the last byte came, and what this process took since the reset."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.first = self.last = 0.0
        self._cpu, self._since = time.process_time(), time.perf_counter()

    def cpu_percent(self) -> float:
        took = time.perf_counter() - self._since
        return (time.process_time() - self._cpu) / took * 100


def _answer(asked: bytes, everybody: list[_Client], clock: _Clock) -> None:
    if asked == b"reset":
        for client in everybody:
            client.counter.reset()
        clock.reset()
        _say(b"done")
    elif asked == b"bytes":
        _say(str(sum(client.counter.bytes for client in everybody)).encode())
    else:
        report = _report(everybody, clock.last - clock.first, clock.cpu_percent())
        _say(msgspec.json.encode(report))


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


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


def join(target: Target) -> tuple[socket.socket, bytes]:
    """Connect one client and return its socket, joined, and what came behind the answer."""
    peer = socket.create_connection(("127.0.0.1", target.port))
    if not target.join:
        return peer, b""
    peer.sendall(
        b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n" % target.port
    )
    got = b""
    while b'"sid"' not in got:
        got += _more(peer, got)
    size = len(target.join)
    peer.sendall(bytes((0x81, 0x80 | size)) + b"\0\0\0\0" + target.join)
    while (rest := _behind_answer(got)) is None:
        got += _more(peer, got)
    return peer, rest


def _more(peer: socket.socket, got: bytes) -> bytes:
    chunk = peer.recv(4096)
    if not chunk:
        raise ConnectionError(f"the server closed the connection after {got!r}")
    return chunk


def _behind_answer(got: bytes) -> bytes | None:
    """Return what follows the frame that says we have joined; None until it is whole."""
    at = got.index(b"\r\n\r\n") + 4
    while len(got) - at >= 10:
        length, start = got[at + 1], at + 2
        if length == 126:
            start = at + 4
            length = int.from_bytes(got[at + 2 : start], "big")
        end = start + length
        if end > len(got):
            return None
        if got.startswith(b"40/", start):
            return got[end:]
        at = end
    return None


def main() -> None:
    """Run as `python -m benchmarks.readers PORT CLIENTS TIMED COUNTED SINCE`; input joins."""
    *numbers, since = sys.argv[1:]
    port, clients, timed, counted = map(int, numbers)
    join = os.read(sys.stdin.fileno(), 10_000).strip()
    read_all(Target(port, join), clients, timed, counted, since)


if __name__ == "__main__":
    main()
