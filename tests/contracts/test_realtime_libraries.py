"""What the realtime edge relies on inside python-socketio, python-engineio, uvicorn and asyncio.

These names and habits are not all promised by the libraries: an upgrade that changes one should
fail here, by its name, before it fails in a stream.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
import os
import socket
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import engineio
import pytest
import socketio
from engineio import async_socket
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.protocol import Protocol

from streamcore.core.realtime.guard import GuardedServer, _Engine
from streamcore.core.realtime.http_protocol import HttpProtocol
from streamcore.core.realtime.packets import (
    ack_packet,
    ack_prefix,
    batch_packet,
    disconnect_packet,
    event_packet,
    parse,
)
from streamcore.core.realtime.wire import Wire
from tests.core.realtime.conftest import run_edge


def _parameters(function: Callable[..., object]) -> list[str]:
    return list(inspect.signature(function).parameters)


# Every name of a base class that ours call, read or override; a new one has to be listed.
TOUCHED: dict[type, set[str]] = {
    Wire: {
        "close_sent",
        "conn",
        "connection_lost",
        "connection_made",
        "curr_msg_data_type",
        "data_received",
        "disconnected",
        "eof_received",
        "frames",
        "handle_close",
        "handle_cont",
        "handle_parser_exception",
        "handle_ping",
        "handle_pong",
        "handshake_complete",
        "handshake_initiated",
        "logger",
        "loop",
        "pause_writing",
        "read_paused",
        "resume_writing",
        "run_asgi",
        "send",
        "send_receive_event_to_app",
        "shutdown",
        "transport",
        "writable",
    },
    HttpProtocol: {
        "conn",
        "connection_lost",
        "connection_made",
        "connections",
        "cycle",
        "data_received",
        "logger",
        "loop",
        "send_400_response",
        "transport",
    },
    GuardedServer: {
        "_engineio_server_class",
        "_handle_connect",
        "_handle_eio_connect",
        "_handle_eio_disconnect",
        "_handle_eio_message",
        "_send_packet",
        "eio",
        "environ",
        "on",
        "packet_class",
    },
    _Engine: {
        "start_background_task",
    },
}


def _uses(ours: type) -> set[str]:
    """Return what a class of ours defines, and what it takes of itself or its base."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(ours)))
    taken = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (
            (isinstance(node.value, ast.Name) and node.value.id == "self")
            or (isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "super")
        )
    }
    return {name for name in taken | vars(ours).keys() if not name.startswith("__")}


def _base(ours: type) -> object:
    """Make an object of the library's class, as it is without ours."""
    if ours is GuardedServer:
        return socketio.AsyncServer(async_mode="asgi")
    if ours is _Engine:
        return engineio.AsyncServer(async_mode="asgi")
    config = Config(_nothing, lifespan="off", log_config=None, ws_per_message_deflate=False)
    config.load()
    base = WebSocketsSansIOProtocol if ours is Wire else H11Protocol
    return base(config, ServerState(), {})


@pytest.mark.parametrize("ours", TOUCHED, ids=lambda ours: ours.__name__)
async def test_every_name_of_a_library_that_ours_touches_is_listed_and_there(ours: type) -> None:
    there = set(dir(_base(ours)))
    assert not TOUCHED[ours] - there, "the library has these no more"
    assert _uses(ours) & there == TOUCHED[ours]


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    return


# --- python-socketio ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("_handle_eio_connect", ["self", "eio_sid", "environ"]),
        ("_handle_eio_message", ["self", "eio_sid", "data"]),
        ("_handle_eio_disconnect", ["self", "eio_sid", "reason"]),
        ("_handle_connect", ["self", "eio_sid", "namespace", "data"]),
        ("_send_packet", ["self", "eio_sid", "pkt"]),
    ],
)
def test_socketio_calls_what_the_guard_overrides(name: str, parameters: list[str]) -> None:
    method = getattr(socketio.AsyncServer, name)
    assert inspect.iscoroutinefunction(method)
    assert _parameters(method) == parameters


def test_socketio_makes_its_engine_where_the_guard_replaces_it() -> None:
    assert _parameters(socketio.AsyncServer._engineio_server_class) == ["self"]


def test_a_refusal_sends_its_error_args_as_they_are() -> None:
    refusal = socketio.exceptions.ConnectionRefusedError("text")
    assert refusal.error_args == {"message": "text"}
    source = inspect.getsource(socketio.AsyncServer._handle_connect)
    assert "exc.error_args" in source


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (event_packet("/module", b'["a",{"b":1}]'), (2, ["a", {"b": 1}], None)),
        (event_packet("/module", b'["a"]', 7), (2, ["a"], 7)),
        (batch_packet("/module", b'{"n":1},{"n":2}'), (2, ["events", [{"n": 1}, {"n": 2}]], None)),
        (ack_packet(ack_prefix("/module"), 7, b'{"ok":true}'), (3, [{"ok": True}], 7)),
        (ack_packet(ack_prefix("/module"), 7, b""), (3, [], 7)),
        (disconnect_packet("/module"), (1, None, None)),
    ],
    ids=["event", "event with ack", "events", "ack", "empty ack", "disconnect"],
)
def test_our_packets_are_those_of_the_library(
    ours: bytes, theirs: tuple[int, object, int | None]
) -> None:
    kind, data, ack_id = theirs
    packet = socketio.packet.Packet(kind, data=data, namespace="/module", id=ack_id)
    assert ours.decode() == "4" + packet.encode()
    parsed = parse(ours)
    assert (parsed.kind, parsed.namespace, parsed.ack_id) == (kind, "/module", ack_id)
    assert (json.loads(parsed.body) if parsed.body else None) == data


# --- python-engineio ------------------------------------------------------------------------


def test_engineio_keeps_sockets_where_the_guard_drops_them() -> None:
    assert engineio.AsyncServer(async_mode="asgi").sockets == {}
    assert _parameters(async_socket.AsyncSocket.close) == ["self", "wait", "abort", "reason"]


def test_an_empty_origin_list_turns_the_library_s_check_off() -> None:
    source = inspect.getsource(engineio.AsyncServer.handle_request)
    assert "self.cors_allowed_origins != []" in source


def test_the_heartbeat_is_a_background_task_of_its_socket() -> None:
    source = inspect.getsource(async_socket.AsyncSocket.schedule_ping)
    assert "self.server.start_background_task(self._send_ping)" in source


def test_a_silent_peer_is_noticed_by_the_read_itself() -> None:
    source = inspect.getsource(async_socket.AsyncSocket._websocket_handler)
    assert "self.server.ping_interval + self.server.ping_timeout" in source


# --- uvicorn and websockets -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("connection_lost", ["self", "exc"]),
        ("data_received", ["self", "data"]),
        ("eof_received", ["self"]),
        ("handle_close", ["self", "event"]),
        ("handle_cont", ["self", "event"]),
        ("handle_parser_exception", ["self"]),
        ("handle_ping", ["self"]),
        ("handle_pong", ["self", "event"]),
        ("pause_writing", ["self"]),
        ("resume_writing", ["self"]),
        ("run_asgi", ["self"]),
        ("send", ["self", "message"]),
        ("send_receive_event_to_app", ["self"]),
        ("connection_made", ["self", "transport"]),
        ("shutdown", ["self"]),
    ],
)
def test_uvicorn_calls_what_the_wire_overrides(name: str, parameters: list[str]) -> None:
    assert _parameters(getattr(WebSocketsSansIOProtocol, name)) == parameters


@pytest.mark.parametrize("protocol", [H11Protocol, WebSocketsSansIOProtocol])
def test_uvicorn_makes_protocols_as_the_server_does(protocol: type) -> None:
    assert _parameters(protocol)[:4] == ["config", "server_state", "app_state", "_loop"]


async def test_a_websocket_has_the_state_that_the_wire_reads() -> None:
    config = Config(_nothing, lifespan="off", log_config=None, ws_per_message_deflate=False)
    config.load()
    protocol = WebSocketsSansIOProtocol(config, ServerState(), {})
    assert isinstance(protocol.conn, Protocol)
    assert protocol.conn.parser_exc is None
    assert protocol.writable.is_set()
    assert isinstance(protocol.queue, asyncio.Queue)
    assert protocol.frames == []
    assert protocol.curr_msg_data_type in ("text", "bytes")
    for name in (
        "close_sent",
        "disconnected",
        "handshake_complete",
        "handshake_initiated",
        "read_paused",
    ):
        assert getattr(protocol, name) is False


def test_an_upgrade_is_one_call_and_frames_come_after_it() -> None:
    # The wire cuts frames itself from the second call on.
    source = inspect.getsource(H11Protocol.handle_websocket_upgrade)
    assert source.count("protocol.data_received(") == 1
    assert "self.handshake_initiated = True" in inspect.getsource(
        WebSocketsSansIOProtocol.handle_connect
    )


async def test_an_http_connection_has_the_state_that_ours_reads() -> None:
    config = Config(_nothing, lifespan="off", log_config=None)
    config.load()
    protocol = H11Protocol(config, ServerState(), {})
    assert protocol.cycle is None
    assert protocol.connections == set()


def test_servers_share_what_the_stop_waits_for() -> None:
    state = ServerState()
    assert (state.connections, state.tasks, state.default_headers) == (set(), set(), [])


# --- asyncio ----------------------------------------------------------------------------------


class _Paused(asyncio.Protocol):
    """Notes when its transport asks it to pause and to go on."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def pause_writing(self) -> None:
        self.calls.append("pause")

    def resume_writing(self) -> None:
        self.calls.append("resume")


async def test_a_transport_without_room_says_at_once_what_the_system_did_not_take() -> None:
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    loop = asyncio.get_running_loop()
    with theirs:
        transport, protocol = await loop.connect_accepted_socket(_Paused, ours)
        transport.set_write_buffer_limits(high=0)
        sent = 0
        while not protocol.calls:
            assert transport.get_write_buffer_size() == 0
            transport.write(b"x" * 65536)
            sent += 65536
        assert protocol.calls == ["pause"]
        assert 0 < transport.get_write_buffer_size() <= 65536
        while sent:
            sent -= len(await loop.sock_recv(theirs, sent))
        async with asyncio.timeout(5):
            while protocol.calls == ["pause"]:
                await asyncio.sleep(0)
        assert protocol.calls == ["pause", "resume"]
        assert transport.get_write_buffer_size() == 0
        transport.abort()


@pytest.mark.skipif(sys.platform == "win32", reason="the outbox leaves writing to the transport")
async def test_what_goes_to_the_descriptor_keeps_its_place_while_nothing_waits() -> None:
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    loop = asyncio.get_running_loop()
    with theirs:
        transport, _ = await loop.connect_accepted_socket(asyncio.Protocol, ours)
        descriptor = transport.get_extra_info("socket").fileno()
        assert transport.get_extra_info("sslcontext") is None
        for number in range(5):
            transport.write(b"%d" % (2 * number))
            assert transport.get_write_buffer_size() == 0
            assert os.write(descriptor, b"%d" % (2 * number + 1)) == 1
        assert await loop.sock_recv(theirs, 100) == b"0123456789"
        transport.abort()
        assert transport.is_closing()


# --- all of it together -----------------------------------------------------------------------


async def test_the_library_sees_connects_and_disconnects_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []
    handle = GuardedServer._handle_eio_message

    async def spy(self: GuardedServer, eio_sid: str, data: object) -> None:
        seen.append(str(data)[:10])
        await handle(self, eio_sid, data)

    monkeypatch.setattr(GuardedServer, "_handle_eio_message", spy)
    async with run_edge() as edge:
        for server in (edge.realtime.module_app.server,):  # type: ignore[attr-defined] # looking inside
            server.eio.on("message", server._handle_eio_message)
        async with edge.module() as client:
            await client.ask("command", {})
            await client.ask("ready", {})
            await client.socket.send("43/module,1[1]")
            await client.ask("ack", {"cursor": 1})
            await client.socket.send("41/module,")
            await client.until_cut()
    assert seen == ["0/module,{", "1/module,"]
