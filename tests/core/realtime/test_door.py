"""At the door: who is let in, who is refused and how, and what strangers may cost."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import msgspec
import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from streamcore.core.realtime.limits import LinkLimits
from tests.core.realtime.client import Refused, open_client
from tests.core.realtime.conftest import SESSION_TOKEN, VIEW_KEY, Edge, eventually, run_edge
from tests.core.realtime.raw import PATH, UPGRADE, RawClient, open_raw, text


async def test_silent_sockets_are_gone_after_the_deadline() -> None:
    async with run_edge(LinkLimits(connect_deadline_s=0.3)) as edge:
        statuses: list[int] = []

        async def stay_silent() -> None:
            async with open_raw(edge.port) as client:
                statuses.append(client.status)
                await client.until_cut()

        before = psutil.Process().memory_info().rss
        async with edge.module() as healthy:
            for _ in range(5):
                await asyncio.gather(*(stay_silent() for _ in range(100)))
            assert await healthy.is_alive()
            await eventually(lambda: edge.realtime.stats.connections == {"/module": 1})
        assert sorted(set(statuses)) == [101, 503]
        assert statuses.count(101) == 5 * 64
        assert psutil.Process().memory_info().rss - before < 30e6


async def test_speaking_before_the_greeting_is_not_heard() -> None:
    async with run_edge(LinkLimits(connect_deadline_s=0.2)) as edge:
        await _speak_early(edge)


async def _speak_early(edge: Edge) -> None:
    joins = text("40/module," + json.dumps(edge.auth()))
    for turns in range(12):
        reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
        writer.write(UPGRADE.format(path=PATH, port=edge.port).encode())
        for _ in range(turns):
            await asyncio.sleep(0)
        writer.write(joins)
        reading = asyncio.ensure_future(RawClient(reader, writer, 0).until_cut())
        await asyncio.wait([reading], timeout=0.05)
        writer.transport.abort()
        await reading
        if edge.bridge.sessions:
            break
    # Whoever is early is dropped; who comes after the greeting may not have read it, but joins.
    assert edge.realtime.stats.offences["early"] >= 1
    await eventually(lambda: edge.realtime.stats.connections == {})


@pytest.mark.parametrize(
    ("namespace", "code"),
    [("/admin", "not_found"), ("/view", "not_found"), ("/module/x", "not_found")],
)
async def test_an_unknown_namespace_is_refused(edge: Edge, namespace: str, code: str) -> None:
    async with open_client(edge.port, namespace) as client:
        with pytest.raises(Refused) as refused:
            await client.join(edge.auth())
        assert refused.value.body["code"] == code
        assert namespace in refused.value.body["message"]


async def test_the_root_namespace_is_refused(edge: Edge) -> None:
    async with open_client(edge.port) as client:
        await client.socket.send("40")
        assert (await client.receive()).startswith('44{"code":"not_found"')


async def test_overlays_have_no_door_to_modules(edge: Edge) -> None:
    async with open_client(edge.port, "/module", "/overlay-io/") as client:
        with pytest.raises(Refused) as refused:
            await client.join(edge.auth())
        assert refused.value.body["code"] == "not_found"
    assert edge.bridge.sessions == []


AUTHS: dict[str, tuple[str, object, str]] = {
    "nothing": ("/module", None, "invalid_command"),
    "no token": ("/module", {"protocol": 1}, "permission_denied"),
    "wrong token": ("/module", {"protocol": 1, "token": "x" * 43}, "permission_denied"),
    "number as token": ("/module", {"protocol": 1, "token": 1}, "invalid_command"),
    "session as module": ("/module", {"protocol": 1, "token": SESSION_TOKEN}, "permission_denied"),
    "wrong session": ("/dashboard", {"token": "x"}, "permission_denied"),
    "view as dashboard": ("/dashboard", {"token": VIEW_KEY}, "permission_denied"),
    "no session": ("/dashboard", {}, "invalid_command"),
}


@pytest.mark.parametrize(("namespace", "auth", "code"), AUTHS.values(), ids=AUTHS.keys())
async def test_a_wrong_auth_is_refused(edge: Edge, namespace: str, auth: object, code: str) -> None:
    async with open_client(edge.port, namespace) as client:
        with pytest.raises(Refused) as refused:
            await client.join(auth)
        assert refused.value.body["code"] == code
        assert SESSION_TOKEN not in str(refused.value.body)
    assert edge.bridge.sessions == []


async def test_a_refused_connection_is_closed_at_the_deadline() -> None:
    async with (
        run_edge(LinkLimits(connect_deadline_s=0.2)) as edge,
        open_client(edge.port) as client,
    ):
        with pytest.raises(Refused):
            await client.join({"protocol": 1, "token": "wrong"})
        await client.until_cut()
        assert client.socket.close_code == 1000
        assert edge.realtime.stats.cut == 0


async def test_guessing_on_one_connection_ends_it(edge: Edge) -> None:
    async with open_client(edge.port) as client:
        for _ in range(3):
            with pytest.raises(Refused):
                await client.join({"protocol": 1, "token": "guess"})
        with pytest.raises((Refused, ConnectionClosed)):
            await client.join(edge.auth())
    assert edge.bridge.sessions == []


async def test_a_refusal_of_the_bridge_reaches_the_peer(edge: Edge) -> None:
    async with open_client(edge.port) as client:
        with pytest.raises(Refused) as refused:
            await client.join(edge.auth("unwanted"))
        code = "permission_denied"
        body = {"code": code, "message": "not this one", "data": {"code": code}}
        assert refused.value.body == body


async def test_a_failure_of_the_core_is_said_and_uses_no_token_up(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    auth = edge.auth("breaking")
    for _ in range(2):
        async with open_client(edge.port) as client:
            with pytest.raises(Refused) as refused:
                await client.join(auth)
        assert refused.value.body["code"] == "internal"
    assert "a connect to /module failed" in caplog.text
    caplog.clear()


async def test_a_session_that_cannot_greet_is_closed(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_client(edge.port) as client:
        await client.socket.send("40/module," + json.dumps(edge.auth("speechless")))
        assert (await client.receive()).startswith("40/module,")
        assert await client.receive() == "41/module,"
        await client.until_cut()
    assert edge.session.reasons == ["the core failed to open the session"]
    assert "could not be opened" in caplog.text
    caplog.clear()


async def test_events_before_a_connect_are_not_heard(edge: Edge) -> None:
    async with open_client(edge.port) as client:
        await client.socket.send('42/module,["command",{}]')
        await client.until_cut()
    assert edge.bridge.sessions == []


async def test_a_close_of_the_layer_below_ends_the_session(edge: Edge) -> None:
    async with edge.module() as client:
        await client.socket.send("1")
        await client.until_cut()
    await eventually(lambda: bool(edge.session.reasons))
    assert edge.realtime.stats.cut == 0


async def test_nobody_comes_in_while_the_core_stops(edge: Edge) -> None:
    await edge.realtime.close()
    async with open_raw(edge.port) as client:
        assert client.status == 503


async def test_under_another_server_nobody_comes_in(edge: Edge) -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    query = b"EIO=4&transport=websocket"
    scope = {"type": "websocket", "path": "/", "query_string": query, "headers": []}
    await edge.realtime.module_app(scope, receive, send)
    assert sent[0]["type"] == "websocket.http.response.start"
    assert sent[0]["status"] == 400
    assert dict(sent[0]["headers"])[b"content-type"] == b"application/problem+json"
    assert msgspec.json.decode(sent[1]["body"])["code"] == "bad_request"


async def test_a_module_has_four_connections_at_most(edge: Edge) -> None:
    async with edge.module(), edge.module(), edge.module(), edge.module():
        async with open_client(edge.port) as client:
            with pytest.raises(Refused) as refused:
                await client.join(edge.auth())
            assert refused.value.body["code"] == "rate_limited"
        async with edge.module("other") as other:
            assert await other.is_alive()
    await eventually(lambda: edge.realtime.stats.connections == {})
    async with edge.module() as client:
        assert await client.is_alive()


async def test_a_page_without_an_origin_is_served_by_the_overlay_door_alone(edge: Edge) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with open_client(edge.port, origin="null"):
            pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "",
        "EIO=4&transport=polling",
        "EIO=3&transport=websocket",
        "EIO=4",
        "EIO=4&transport=websocket&sid=abc",
        "EIO=4&transport=websocket&j=0",
        "EIO=4&EIO=3&transport=websocket",
        "EIO=4&transport=websocket&transport=polling",
        "EIO=4&transport=websocket&" + "&".join(f"a{n}=1" for n in range(40)),
    ],
)
async def test_only_a_fresh_websocket_is_admitted(edge: Edge, query: str) -> None:
    async with open_raw(edge.port, f"/socket.io/?{query}") as client:
        assert client.status == 400
    assert edge.realtime.stats.connections == {}
