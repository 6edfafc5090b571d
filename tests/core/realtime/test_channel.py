"""Sessions over a real connection: joining, events, commands, answers, endings."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque

import pytest

from streamcore.core.realtime.limits import LinkLimits
from tests.core.realtime.client import Client, Refused, open_client
from tests.core.realtime.conftest import SESSION_TOKEN, VIEW_KEY, Edge, eventually, run_edge
from tests.core.realtime.fake_bridge import batch


async def test_a_module_is_welcomed_after_it_was_told_that_it_is_connected(edge: Edge) -> None:
    async with edge.module() as client:
        assert client.welcome["who"] == "module:bot"


async def test_commands_are_answered(edge: Edge) -> None:
    async with edge.module() as client:
        answer = await client.ask("command", {"cmd": "echo", "msg": "Привет 😀"})
    assert answer == {"ok": True, "result": {"cmd": "echo", "msg": "Привет 😀"}}


async def test_a_slow_command_does_not_hold_up_the_next(edge: Edge) -> None:
    async with edge.module() as client:
        await client.emit("command", {"cmd": "wait"})
        assert (await client.ask("command", {"cmd": "echo"}))["ok"]


async def test_what_needs_no_waiting_is_answered_in_order_and_without_a_task(edge: Edge) -> None:
    async with edge.module() as client:
        for number in range(20):
            message = json.dumps(["command", {"cmd": "echo", "at_once": number + 1}])
            await client.socket.send(f"42/module,{100 + number}{message}")
        for number in range(20):
            answer = await client.answer(100 + number)
            assert answer["result"]["at_once"] == number + 1


async def test_a_command_that_fails_at_once_is_answered_and_logged(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    async with edge.module() as client:
        answer = await client.ask("command", {"cmd": "crash", "at_once": True})
        assert answer["error"]["code"] == "internal"
        assert await client.is_alive()
    assert "'command' failed" in caplog.text
    caplog.clear()


@pytest.mark.parametrize("work", [{"cmd": "wait"}, {"cmd": "x", "stuck": True}])
async def test_a_command_that_never_ends_is_answered_in_time_and_gives_its_place_back(
    work: dict[str, object],
) -> None:
    async with run_edge(LinkLimits(answer_within_s=0.15, unanswered_commands=2)) as edge:
        async with edge.module() as client:
            for number in (101, 102, 103):
                await client.socket.send(f"42/module,{number}{json.dumps(['command', work])}")
            assert (await client.answer(103))["error"]["code"] == "rate_limited"
            for number in (101, 102):
                answer = await client.answer(number)
                assert answer["error"]["code"] == "timeout"
                assert "whether it was done is not known" in answer["error"]["message"]
            # Both places are free again, and what ends later is not answered twice.
            edge.session.release.set()
            for _ in range(5):
                assert (await client.ask("command", {"cmd": "echo"}))["ok"]
        assert client.events == deque()


async def test_a_subscription_that_never_ends_does_not_hold_up_the_next() -> None:
    async with run_edge(LinkLimits(answer_within_s=0.15)) as edge, edge.module() as client:
        await client.emit("ready", {"stuck": True})
        assert await client.ask("ready", {"n": 1}) == {"took": "ready"}
        edge.session.release.set()


async def test_subscriptions_are_taken_in_order(edge: Edge) -> None:
    async with edge.module() as client:
        for number in range(20):
            await client.emit("ready", {"n": number})
        assert await client.ask("ready", {"n": 20}) == {"took": "ready"}
        assert [payload["n"] for _, payload in edge.session.handled] == list(range(21))


async def test_acks_take_the_short_way(edge: Edge) -> None:
    async with edge.module() as client:
        assert await client.ask("ack", {"cursor": 7}) is None
        assert edge.session.acked == [{"cursor": 7}]
        assert edge.session.handled == []


async def test_a_failing_command_is_answered_and_logged(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    async with edge.module() as client:
        answer = await client.ask("command", {"cmd": "crash"})
        assert answer["error"]["code"] == "internal"
        assert await client.is_alive()
    assert "'command' failed" in caplog.text
    caplog.clear()


async def test_a_batch_goes_out_as_one_list_and_its_frame_is_shared(edge: Edge) -> None:
    async with edge.module("bot") as first, edge.module("other") as second:
        shared = batch([b'{"n":1}', b'{"n":2}'])
        for session in edge.bridge.sessions:
            session.link.send_batch(shared)
        for client in (first, second):
            assert await client.next_event() == ("events", [{"n": 1}, {"n": 2}])
        assert list(shared.frames) == ["/module"]


@pytest.mark.parametrize("size", [1, 70, 125, 126, 127, 65_490, 65_535, 65_536, 300_000])
async def test_packets_of_every_length_arrive(edge: Edge, size: int) -> None:
    async with edge.module() as client:
        edge.session.link.send("message", "x" * size)
        assert await client.next_event() == ("message", "x" * size)


async def test_the_core_calls_and_gets_the_answer(edge: Edge) -> None:
    async with edge.module() as client:
        call = asyncio.ensure_future(edge.session.link.call("call", {"name": "x"}, 5))
        message = await client.receive()
        assert message.startswith("42/module,1000000000[")
        await client.socket.send('43/module,1000000000[{"ok":true}]')
        assert await call == b'{"ok":true}'


async def test_a_call_without_an_answer_times_out_and_a_late_answer_is_ignored(edge: Edge) -> None:
    async with edge.module() as client:
        with pytest.raises(TimeoutError):
            await edge.session.link.call("call", {}, 0.01)
        await client.receive()
        await client.socket.send('43/module,1000000000["late"]')
        assert await client.is_alive()


async def test_calls_end_with_the_connection(edge: Edge) -> None:
    async with edge.module() as client:
        call = asyncio.ensure_future(edge.session.link.call("call", {}, 5))
        await client.receive()
    with pytest.raises(ConnectionError):
        await call
    with pytest.raises(ConnectionError):
        await edge.session.link.call("call", {}, 5)


async def test_unanswered_calls_are_bounded() -> None:
    async with run_edge(LinkLimits(pending_calls=3)) as edge:
        async with edge.module():
            link = edge.session.link
            calls = [asyncio.ensure_future(link.call("call", {}, 5)) for _ in range(3)]
            await asyncio.sleep(0)
            with pytest.raises(ConnectionError):
                await link.call("call", {}, 5)
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert {type(result) for result in results} == {ConnectionError}


async def test_a_page_and_a_dashboard_have_their_own_doors(edge: Edge) -> None:
    async with open_client(edge.port, "/view", "/overlay-io/", origin="null") as page:
        assert (await page.join({"key": VIEW_KEY, "protocol": 1}))["who"] == "view:bot/overlay"
    async with open_client(edge.port, "/dashboard") as dashboard:
        assert (await dashboard.join({"token": SESSION_TOKEN}))["who"] == "dashboard"
        assert await dashboard.ask("open_log", {"module_id": "bot"}) == {"took": "open_log"}


async def test_the_session_hears_once_that_its_peer_left(edge: Edge) -> None:
    async with edge.module() as client:
        await client.socket.send("41/module,")
        await eventually(lambda: bool(edge.session.reasons))
    await eventually(lambda: edge.realtime.stats.connections == {})
    assert edge.session.reasons == ["the peer disconnected"]


async def test_a_closed_link_says_goodbye_and_ends_the_connection(edge: Edge) -> None:
    async with edge.module() as client:
        edge.session.link.close("replaced")
        edge.session.link.send("message", "too late")
        assert await client.receive() == "41/module,"
        await client.until_cut()
    assert edge.session.reasons == ["replaced"]


async def test_a_withdrawn_module_is_dropped(edge: Edge) -> None:
    async with edge.module() as client:
        edge.realtime.disconnect(edge.session.principal)
        await client.until_cut()
    assert edge.session.reasons == ["withdrawn"]


async def test_a_second_namespace_on_one_connection_is_refused(edge: Edge) -> None:
    async with edge.module() as client:
        second = Client(client.socket, "/dashboard")
        with pytest.raises(Refused) as refused:
            await second.join({"token": SESSION_TOKEN})
        assert refused.value.body["code"] == "conflict"
        assert await client.is_alive()
        assert [str(session.principal) for session in edge.bridge.sessions] == ["module:bot"]


async def test_what_had_not_begun_when_the_peer_left_never_does(edge: Edge) -> None:
    async with edge.module() as client:
        session = edge.session
        for number in range(10):
            await client.emit("ready", {"n": number, "slow": True})
        await eventually(lambda: bool(session.handled))
    await eventually(lambda: bool(session.reasons))
    session.release.set()
    async with edge.module() as client:
        # All of the party's turns were given back: it may have 64 unanswered commands again.
        for _ in range(64):
            await client.emit("command", {"cmd": "wait"})
        await eventually(lambda: len(edge.session.handled) == 64)
        edge.session.release.set()
        assert len(session.handled) == 1


async def test_frames_and_tokens_stay_out_of_the_log(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="streamcore")
    caplog.set_level(logging.DEBUG, logger="uvicorn")
    auth = edge.auth()
    async with open_client(edge.port) as client:
        await client.join(auth)
        await client.ask("command", {"cmd": "echo", "msg": "a private line"})
    lines = [record.getMessage() for record in caplog.records if "websockets" not in record.name]
    assert not [line for line in lines if str(auth["token"]) in line or "private" in line]
