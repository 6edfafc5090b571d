"""The HTTP server on real sockets: where it listens, what it survives, how it stops."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from streamcore.core.errors import StartError
from streamcore.core.principals import ModulePrincipal
from streamcore.core.realtime import http_protocol
from streamcore.core.realtime.http import HttpServer
from streamcore.core.realtime.listeners import open_listeners
from tests.core.realtime.conftest import Edge, eventually, run_edge
from tests.core.realtime.raw import RawClient, frame, text

UPGRADE = (
    b"GET /%s HTTP/1.1\r\nHost: streamcore\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
LINK = b"socket.io/?EIO=4&transport=websocket"


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """Answer every request; `/slow` takes its time, `/broken` fails."""
    if scope["path"] == "/broken":
        raise RuntimeError("on purpose")
    if scope["path"] == "/slow":
        await asyncio.sleep(0.2)
    if scope["path"] == "/endless":
        await asyncio.sleep(60)
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


async def get(port: int, path: str = "/", host: str = "127.0.0.1") -> bytes:
    """Ask once and return the whole answer."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    return answer


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[int]:
    """Run a server."""
    server = HttpServer(app, "127.0.0.1", 0)
    port = await server.start()
    try:
        yield port
    finally:
        await server.stop()


@asynccontextmanager
async def connection(
    port: int,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Open a connection and drop it in the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """Read to the end, in whichever way it comes."""
    try:
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionError:
        return b""


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_both_loopback_addresses_answer_on_one_port(host: str) -> None:
    server = HttpServer(hello, host, 0)
    port = await server.start()
    try:
        assert (await get(port)).endswith(b"hello")
        if _has_ipv6():
            assert (await get(port, host="::1")).endswith(b"hello")
    finally:
        await server.stop()


async def test_the_second_address_is_a_courtesy() -> None:
    if not _has_ipv6():
        pytest.skip("no IPv6 loopback here")
    with socket.socket(socket.AF_INET6) as squatter:
        squatter.bind(("::1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]
        listeners = open_listeners("localhost", port)
        assert [listener.getsockname()[0] for listener in listeners] == ["127.0.0.1"]
        for listener in listeners:
            listener.close()


async def test_plain_requests_to_the_link_are_refused() -> None:
    async with run_edge() as edge:
        answer = await get(edge.port, "/socket.io/?EIO=4&transport=polling")
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in answer


async def test_small_writes_go_out_at_once() -> None:
    async with run_edge() as edge, edge.module():
        transport = edge.realtime.module_app.server.channels()[0].wire.transport  # type: ignore[attr-defined] # looking inside
        server_side = transport.get_extra_info("socket")
        assert server_side.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_a_taken_port_is_said_in_one_sentence() -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]
        with pytest.raises(StartError, match=f"Port {port} on 127.0.0.1 is taken .* --port 0"):
            await HttpServer(hello, "127.0.0.1", port).start()


async def test_nobody_else_may_listen_where_we_do() -> None:
    server = HttpServer(hello, "127.0.0.1", 0)
    port = await server.start()
    try:
        with pytest.raises(StartError):
            open_listeners("127.0.0.1", port)
        with socket.socket() as thief, pytest.raises(OSError):
            thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            thief.bind(("127.0.0.1", port))
            thief.listen()
    finally:
        await server.stop()


async def test_the_port_is_free_again_at_once() -> None:
    first = HttpServer(hello, "127.0.0.1", 0)
    port = await first.start()
    assert (await get(port)).endswith(b"hello")
    await first.stop()
    second = HttpServer(hello, "127.0.0.1", port)
    assert await second.start() == port
    await second.stop()


@pytest.mark.parametrize("host", [".".join("0000"), "192.0.2.1", "::", "example.org", ""])
async def test_only_loopback_is_served(host: str) -> None:
    with pytest.raises(StartError, match="this computer only"):
        await HttpServer(hello, host, 0).start()


async def test_stopping_lets_a_request_end_and_drops_what_takes_too_long() -> None:
    server = HttpServer(hello, "127.0.0.1", 0)
    port = await server.start()
    slow = asyncio.ensure_future(get(port, "/slow"))
    endless = asyncio.ensure_future(get(port, "/endless"))
    await asyncio.sleep(0.05)
    await server.stop(deadline_s=0.5)
    assert (await slow).endswith(b"hello")
    assert b"hello" not in await endless
    with pytest.raises(OSError):
        await get(port)


async def test_stopping_ends_open_links_in_a_way_that_lets_clients_come_back() -> None:
    async with run_edge() as edge, edge.module() as client:
        await edge.realtime.close()
        await client.until_cut()
        assert client.socket.close_code == 1012
        assert edge.session.reasons


async def test_signals_are_left_alone() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    server = HttpServer(hello, "127.0.0.1", 0)
    await server.start()
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    await server.stop()


async def test_a_failing_request_is_logged_and_harms_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = HttpServer(hello, "127.0.0.1", 0)
    port = await server.start()
    assert b"500" in (await get(port, "/broken")).splitlines()[0]
    assert (await get(port)).endswith(b"hello")
    await server.stop()
    assert "on purpose" in caplog.text
    caplog.clear()


@pytest.mark.parametrize("path", ["/slow", "/slowly_told"])
async def test_a_body_that_breaks_off_in_nonsense_is_refused_without_a_fault(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    done = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            if path == "/slowly_told":
                await send({"type": "http.response.start", "status": 200, "headers": []})
            while (await receive())["type"] != "http.disconnect":
                pass
            await hello(scope, receive, send)
        finally:
            done.set()

    begun = f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
    async with serving(app) as port, connection(port) as (reader, writer):
        writer.write(begun.encode())
        await asyncio.sleep(0.05)
        writer.write(b"no length\r\n")
        answer = await rest_of(reader)
        async with asyncio.timeout(5):
            await done.wait()
    assert (answer[9:12] == b"400") == (path == "/slow")
    assert [record for record in caplog.records if record.exc_info] == []


async def test_slow_headers_end_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEADER_DEADLINE_S", 0.2)
    async with serving(hello) as port:
        for start in (b"", b"GET / HTTP/1.1\r\nX: "):
            async with connection(port) as (reader, writer):
                writer.write(start)
                assert await rest_of(reader) == b""


async def test_a_slow_second_request_ends_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEADER_DEADLINE_S", 0.2)
    async with serving(hello) as port, connection(port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"hello")
        writer.write(b"GET / HT")
        assert await rest_of(reader) == b""


async def test_headers_beyond_64_kib_are_refused() -> None:
    async with serving(hello) as port, connection(port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000)
        assert (await rest_of(reader)).startswith(b"HTTP/1.1 400")


async def test_a_crowd_of_connections_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "MAX_CONNECTIONS", 3)
    async with serving(hello) as port, AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(connection(port))
        reader, _ = await stack.enter_async_context(connection(port))
        assert await rest_of(reader) == b""


# --- links that a module inherited ----------------------------------------------------------


@asynccontextmanager
async def inherited(edge: Edge, path: bytes = LINK) -> AsyncIterator[RawClient]:
    """Give a module a descriptor, and ask for the upgrade on it."""
    ours, theirs = socket.socketpair()
    await edge.server.serve_socket(ours, ModulePrincipal("bot", 1))
    reader, writer = await asyncio.open_connection(sock=theirs)
    try:
        writer.write(UPGRADE % path)
        head = await reader.readuntil(b"\r\n\r\n")
        yield RawClient(reader, writer, int(head.split()[1]))
    finally:
        writer.transport.abort()


async def test_a_descriptor_is_the_identity(edge: Edge) -> None:
    async with inherited(edge) as client:
        await client.receive(b"}")
        client.send(text('40/module,{"protocol":1,"token":"whatever"}'))
        await client.receive(b'["welcome",')
        assert edge.session.principal == ModulePrincipal("bot", 1)
        client.send(text('42/module,1["command",{}]'))
        await client.receive(b'43/module,1[{"ok":true,"result":{}}]')
    await eventually(lambda: bool(edge.session.reasons))


async def test_a_descriptor_joins_no_other_namespace(edge: Edge) -> None:
    async with inherited(edge) as client:
        await client.receive(b"}")
        client.send(text('40/dashboard,{"token":"session-token"}'))
        await client.receive(b'44/dashboard,{"code":"permission_denied"')
        assert edge.bridge.sessions == []


@pytest.mark.parametrize("path", [b"api/system", b"overlay-io/?EIO=4&transport=websocket", b""])
async def test_a_descriptor_reaches_nothing_but_the_link(edge: Edge, path: bytes) -> None:
    async with inherited(edge, path) as client:
        assert client.status == 404


async def test_a_descriptor_of_a_replaced_process_is_refused(edge: Edge) -> None:
    edge.outdated.add(ModulePrincipal("bot", 1))
    async with inherited(edge) as client:
        await client.receive(b"}")
        client.send(text('40/module,{"protocol":1}'))
        await client.receive(b'44/module,{"code":"conflict"')


async def test_a_descriptor_is_guarded_like_any_connection(edge: Edge) -> None:
    async with inherited(edge) as client:
        await client.receive(b"}")
        client.send(text('40/module,{"protocol":1}'))
        await client.receive(b'["welcome",')
        client.send(frame(2, b"x"))
        await client.until_cut()
        assert edge.offences == [("module:bot", "sent a binary packet")]


async def test_a_descriptor_that_comes_after_the_end_is_closed() -> None:
    async with run_edge() as edge:
        await edge.server.stop()
        ours, theirs = socket.socketpair()
        await edge.server.serve_socket(ours, ModulePrincipal("bot", 1))
        with theirs:
            assert theirs.recv(1) == b""
