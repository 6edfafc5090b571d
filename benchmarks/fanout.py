"""One event to many Socket.IO clients: deliveries a second and delay, ours and the library's own.

Run: python -m benchmarks.fanout [--clients 50] [--seconds 5]

The readers are one process that counts what comes in without decoding it, so that the server is
what is measured; both servers run in turn in this process.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import multiprocessing.connection
import selectors
import socket
import statistics
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import socketio
import uvicorn

from streamcore.core.bridge.link import Link
from streamcore.core.bus import Batch, Bus
from streamcore.core.clock import SystemClock
from streamcore.core.event_filter import EventFilter
from streamcore.core.logged import LoggedEvent
from streamcore.core.principals import DashboardPrincipal
from streamcore.core.realtime.http import HttpServer
from streamcore.core.realtime.realtime import Realtime
from streamcore.core.realtime.tokens import LaunchTokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MARK = b'"at_ns":'
TEXT = "A line of chat that somebody wrote, about as long as such lines are. "
BEHIND_BYTES = 500_000


@dataclass(frozen=True, slots=True)
class Result:
    """What the readers saw."""

    deliveries_per_s: float
    p50_ms: float
    p99_ms: float
    cpu_percent: float


# --- the readers' process ---------------------------------------------------------------------


def read_all(pipe: multiprocessing.connection.Connection, port: int, clients: int) -> None:
    """Connect, report, then count and time what comes in until told to stop."""
    selector = selectors.DefaultSelector()
    for _ in range(clients):
        selector.register(_join(port), selectors.EVENT_READ, [b""])
    pipe.send("ready")
    count, delays = 0, []
    first = last = 0.0
    buffer = bytearray(1 << 20)
    while True:
        for key, _ in selector.select(0.2):
            size = key.fileobj.recv_into(buffer)  # type: ignore[union-attr] # sockets alone
            now = time.perf_counter_ns()
            data = key.data[0] + bytes(memoryview(buffer)[:size])
            found = data.count(MARK)
            key.data[0] = data[-len(MARK) + 1 :] if found else data[-64:]
            if found:
                count += found
                first, last = first or now / 1e9, now / 1e9
                digits = data[data.rindex(MARK) + len(MARK) :][:20].split(b",", 1)
                if len(digits) == 2:
                    delays.append((now - int(digits[0])) / 1e6)
        if pipe.poll():
            pipe.recv()
            pipe.send((count, last - first, delays[-200_000:]))
            return


def _join(port: int) -> socket.socket:
    peer = socket.create_connection(("127.0.0.1", port))
    peer.sendall(
        b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n" % port
    )
    _read_until(peer, b'"sid"')
    packet = b'40/dashboard,{"token":"t"}'
    peer.sendall(bytes((0x81, 0x80 | len(packet))) + b"\0\0\0\0" + packet)
    _read_until(peer, b"40/dashboard")
    return peer


def _read_until(peer: socket.socket, part: bytes) -> None:
    got = b""
    while part not in got:
        got += peer.recv(4096)


# --- the servers ------------------------------------------------------------------------------


def encoded_event(number: int) -> bytes:
    """Make a chat event of about 300 bytes; the time goes first so that it is found quickly."""
    fields = {
        "at_ns": time.perf_counter_ns(),
        "type": "chat_message",
        "id": f"{number:030x}",
        "platform": "demo",
        "user": {"id": "12345", "login": "somebody", "name": "Somebody"},
        "text": TEXT * 2,
    }
    return msgspec.json.encode(fields)


async def until(holds: Callable[[], bool]) -> None:
    """Wait with short looks."""
    while True:
        if holds():
            return
        await asyncio.sleep(0.0005)


class _Session:
    """Takes events from the bus and nothing from its peer."""

    allowed = frozenset[str]()

    def __init__(self, link: Link, bus: Bus) -> None:
        self._link = link
        self._subscription = bus.subscribe(EventFilter(frozenset({"chat_message"}), None), self)

    def offer(self, batch: Batch) -> None:
        self._link.send_batch(batch)

    async def opened(self) -> None:
        return

    def handle_now(self, name: str, payload: msgspec.Raw) -> bool:
        return True

    async def handle(self, name: str, payload: msgspec.Raw) -> object | None:
        return None

    def closed(self, reason: str) -> None:
        self._subscription.close()


class _Bridge:
    def __init__(self) -> None:
        self.bus = Bus()
        self.links: list[Link] = []

    def module_session(self, principal: Any, auth: Any, link: Link) -> _Session:
        raise NotImplementedError

    def view_session(self, principal: Any, auth: Any, link: Link) -> _Session:
        raise NotImplementedError

    def dashboard_session(self, principal: DashboardPrincipal, link: Link) -> _Session:
        self.links.append(link)
        return _Session(link, self.bus)


class Ours:
    """The product's bus and writer."""

    name = "StreamCore"

    def __init__(self) -> None:
        self._bridge = _Bridge()
        self._number = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[int]:
        """Serve and yield the port."""
        realtime = Realtime(
            self._bridge,
            tokens=LaunchTokens(),
            check_session=lambda _: DashboardPrincipal("s"),
            check_view_key=lambda _: None,
            is_current=lambda _: True,
            on_offence=print,
            clock=SystemClock(),
        )
        server = HttpServer(realtime.module_app, "127.0.0.1", 0)
        yield await server.start()
        await realtime.close()
        await server.stop()

    async def publish(self, count: int) -> None:
        """Publish events; waits while the readers are behind."""
        self._number += 1
        event = encoded_event(self._number)
        logged = LoggedEvent(self._number, "chat_message", "demo", "", event)
        self._bridge.bus.publish([logged] * count)
        await asyncio.sleep(0)
        links = self._bridge.links
        bus = self._bridge.bus
        await until(
            lambda: not bus._pending and all(link.buffered < BEHIND_BYTES for link in links)
        )


class Plain:
    """The library as its documentation shows it."""

    name = "python-socketio"

    def __init__(self) -> None:
        self._sio = socketio.AsyncServer(async_mode="asgi", namespaces=["/dashboard"])
        self._number = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[int]:
        """Serve and yield the port."""
        with socket.socket(proto=socket.IPPROTO_TCP) as listener:
            listener.bind(("127.0.0.1", 0))
            app = socketio.ASGIApp(self._sio)
            server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
            serving = asyncio.ensure_future(server.serve(sockets=[listener]))
            await until(lambda: server.started)
            yield listener.getsockname()[1]
            server.should_exit = server.force_exit = True
            await serving

    async def publish(self, count: int) -> None:
        """Emit each event, with the queues bounded by waiting for them."""
        for _ in range(count):
            self._number += 1
            event = msgspec.json.decode(encoded_event(self._number))
            await self._sio.emit("events", [event], namespace="/dashboard")
        if self._number % 50 == 0:
            peers = self._sio.eio.sockets
            await until(lambda: all(peer.queue.qsize() < 500 for peer in peers.values()))


# --- measuring --------------------------------------------------------------------------------


async def measure(
    make: Callable[[], Ours | Plain], clients: int, seconds: float, per_s: int | None
) -> Result:
    """Run one server under load; `per_s` None means as fast as it goes."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    subject = make()
    async with subject.running() as port:
        readers = context.Process(target=read_all, args=(there, port, clients), daemon=True)
        readers.start()
        await asyncio.to_thread(here.recv)
        started, cpu = time.perf_counter(), time.process_time()
        sent = 0
        while (elapsed := time.perf_counter() - started) < seconds:
            if per_s is None:
                await subject.publish(100 if isinstance(subject, Ours) else 1)
            elif sent < elapsed * per_s:
                sent += 1
                await subject.publish(1)
            else:
                await asyncio.sleep(max(0.0, (sent + 1) / per_s - elapsed))
        cpu = (time.process_time() - cpu) / (time.perf_counter() - started)
        await asyncio.sleep(0.3)
        here.send("stop")
        count, took, delays = await asyncio.to_thread(here.recv)
        readers.join(5)
    cuts = statistics.quantiles(delays, n=100) if len(delays) > 1 else [0.0] * 99
    return Result(count / took if took else 0.0, cuts[49], cuts[98], cpu * 100)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=5.0)
    args = parser.parse_args()
    makers: list[Callable[[], Ours | Plain]] = [Ours, Plain]
    print(f"{'server':<18}{'load':<12}{'deliveries/s':>14}{'p50 ms':>9}{'p99 ms':>9}{'CPU %':>8}")
    for load, per_s in (("full speed", None), ("1,000/s", 1000), ("5,000/s", 5000)):
        for make in makers:
            result = asyncio.run(measure(make, args.clients, args.seconds, per_s))
            print(
                f"{make().name:<18}{load:<12}{result.deliveries_per_s:>14,.0f}"
                f"{result.p50_ms:>9.2f}{result.p99_ms:>9.2f}{result.cpu_percent:>8.0f}"
            )


if __name__ == "__main__":
    main()
