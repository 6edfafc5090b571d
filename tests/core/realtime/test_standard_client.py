"""The library's own client notices nothing of the guard and the writer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import socketio

from tests.core.realtime.conftest import SESSION_TOKEN, Edge, eventually
from tests.core.realtime.fake_bridge import batch


@pytest.fixture
async def client() -> AsyncIterator[Any]:
    """A client that does not come back by itself."""
    made = socketio.AsyncClient(reconnection=False)
    yield made
    await made.disconnect()
    # Its HTTP session closes its sockets one turn later.
    await asyncio.sleep(0.05)


async def _connect(client: Any, edge: Edge, namespace: str, auth: object) -> None:
    await client.connect(
        f"http://127.0.0.1:{edge.port}",
        namespaces=[namespace],
        auth=auth,
        transports=["websocket"],
        wait_timeout=5,
    )


async def test_events_commands_and_calls_work_both_ways(edge: Edge, client: Any) -> None:
    got: list[tuple[str, object]] = []

    async def catch(name: str, payload: object) -> object:
        got.append((name, payload))
        return {"ok": True, "result": name}

    client.on("*", catch, namespace="/module")
    await _connect(client, edge, "/module", edge.auth())
    answer = await client.call("command", {"cmd": "echo", "n": 1}, namespace="/module", timeout=5)
    assert answer == {"ok": True, "result": {"cmd": "echo", "n": 1}}
    edge.session.link.send_batch(batch([b'{"n":1}', b'{"n":2}']))
    called = await edge.session.link.call("call", {"name": "x"}, 5)
    assert called == b'{"ok":true,"result":"call"}'
    assert [name for name, _ in got] == ["welcome", "events", "call"]
    assert got[1] == ("events", [{"n": 1}, {"n": 2}])


async def test_many_commands_and_events_cross_in_order(edge: Edge, client: Any) -> None:
    numbers: list[int] = []
    client.on("events", lambda events: numbers.extend(e["n"] for e in events), namespace="/module")
    await _connect(client, edge, "/module", edge.auth())

    async def publish() -> None:
        for number in range(500):
            edge.session.link.send_batch(batch([b'{"n":%d}' % number]))
            await asyncio.sleep(0)

    async def ask(number: int) -> int:
        answer = await client.call("command", {"n": number}, namespace="/module", timeout=5)
        return int(answer["result"]["n"])

    publishing = asyncio.ensure_future(publish())
    for start in range(0, 300, 30):
        asked = range(start, start + 30)
        assert await asyncio.gather(*map(ask, asked)) == list(asked)
    await publishing
    await eventually(lambda: len(numbers) == 500)
    assert numbers == list(range(500))


async def test_a_disconnect_of_the_client_ends_the_session(edge: Edge, client: Any) -> None:
    await _connect(client, edge, "/dashboard", {"token": SESSION_TOKEN})
    await client.disconnect()
    await eventually(lambda: bool(edge.session.reasons))
    await eventually(lambda: edge.realtime.stats.connections == {})


async def test_a_disconnect_of_the_core_ends_the_client(edge: Edge, client: Any) -> None:
    await _connect(client, edge, "/dashboard", {"token": SESSION_TOKEN})
    edge.session.link.close("revoked")
    await eventually(lambda: not client.connected)


async def test_a_refusal_carries_its_code(edge: Edge, client: Any) -> None:
    errors: list[Any] = []
    client.on("connect_error", errors.append, namespace="/module")
    with pytest.raises(socketio.exceptions.ConnectionError):
        await _connect(client, edge, "/module", {"token": "wrong", "protocol": 1})
    assert errors[0]["code"] == "permission_denied"


async def test_the_heartbeat_keeps_the_connection(edge: Edge, client: Any) -> None:
    engine = edge.realtime.module_app.server.eio  # type: ignore[attr-defined] # looking inside
    engine.ping_interval, engine.ping_timeout = 0.05, 1
    await _connect(client, edge, "/module", edge.auth())
    await asyncio.sleep(0.5)
    assert (await client.call("command", {}, namespace="/module", timeout=5))["ok"]


async def test_a_client_without_a_heartbeat_is_let_go(edge: Edge) -> None:
    engine = edge.realtime.module_app.server.eio  # type: ignore[attr-defined] # looking inside
    engine.ping_interval, engine.ping_timeout = 0.05, 0.2
    async with edge.module() as client:
        try:
            while True:
                await client.socket.recv()
        except Exception as error:
            assert "1000" in str(error)
    assert edge.session.reasons
