"""What the guard relies on inside python-socketio, python-engineio and uvicorn.

These names and habits are not all promised by the libraries: an upgrade that changes one should
fail here, by its name, before it fails in a stream.
"""

from __future__ import annotations

import asyncio
import inspect
import json
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

from streamcore.core.realtime.guard import GuardedServer
from streamcore.core.realtime.packets import (
    ack_packet,
    ack_prefix,
    batch_packet,
    disconnect_packet,
    event_packet,
    parse,
)
from tests.core.realtime.conftest import Edge


def _parameters(function: Callable[..., object]) -> list[str]:
    return list(inspect.signature(function).parameters)


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


# --- all of it together -----------------------------------------------------------------------


async def test_the_library_sees_connects_and_disconnects_alone(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    handle = GuardedServer._handle_eio_message

    async def spy(self: GuardedServer, eio_sid: str, data: object) -> None:
        seen.append(str(data)[:10])
        await handle(self, eio_sid, data)

    monkeypatch.setattr(GuardedServer, "_handle_eio_message", spy)
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
