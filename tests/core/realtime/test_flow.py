"""Readers that are slow or gone, and the order of what goes out."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import psutil

from streamcore.core.realtime.limits import LinkLimits
from tests.core.realtime.conftest import eventually, joined_raw, run_edge, watching_raw
from tests.core.realtime.fake_bridge import FakeSession, batch

EVENTS = 20_000
FILLER = b"x" * 1000


def _body(number: int) -> bytes:
    return b'{"n":%d,"x":"%s"}' % (number, FILLER)


async def test_a_reader_that_never_reads_is_cut_and_a_healthy_one_gets_everything() -> None:
    before = psutil.Process().memory_info().rss
    async with (
        run_edge() as edge,
        edge.module("healthy") as healthy,
        joined_raw(edge, "stuck") as stuck,
    ):
        stuck.stop_reading()
        well, slow = edge.bridge.sessions

        async def publish() -> None:
            for number in range(EVENTS):
                shared = batch([_body(number)])
                well.link.send_batch(shared)
                slow.link.send_batch(shared)
                # As the bus does, a reader that is behind is waited for, but not for ever.
                while well.link.buffered > 1_000_000 and not well.reasons:
                    await asyncio.sleep(0)
                if number % 50 == 0:
                    await asyncio.sleep(0)

        publishing = asyncio.ensure_future(publish())
        for number in range(EVENTS):
            name, events = await healthy.next_event()
            assert (name, events[0]["n"]) == ("events", number)
        await publishing
        await eventually(lambda: bool(slow.reasons))
        assert slow.reasons == ["does not read what it is sent"]
        assert well.reasons == []
        assert edge.offences == [("module:stuck", "does not read what it is sent")]
        assert slow.link.buffered == 0
    assert psutil.Process().memory_info().rss - before < 40e6


async def test_a_reader_that_takes_nothing_for_a_while_is_cut_however_little_waits() -> None:
    async with run_edge(LinkLimits(stalled_s=0.3)) as edge, watching_raw(edge) as stuck:
        stuck.stop_reading()
        session = edge.session
        while not session.link.is_behind:
            session.link.send("message", "x" * 50_000)
            await asyncio.sleep(0)
        assert session.link.buffered < 100_000
        await eventually(lambda: bool(session.reasons))
        assert session.reasons == ["does not read what it is sent"]


async def test_a_module_may_read_nothing_for_longer_because_it_has_a_cursor() -> None:
    limits = LinkLimits(stalled_s=0.1, late_s=1.0)
    async with (
        run_edge(limits) as edge,
        joined_raw(edge, "busy") as busy,
        watching_raw(edge) as tab,
    ):
        module, dashboard = edge.bridge.sessions
        for client, session in ((busy, module), (tab, dashboard)):
            client.stop_reading()
            while not session.link.is_behind:
                session.link.send("message", "x" * 50_000)
        await eventually(lambda: bool(dashboard.reasons))
        assert module.reasons == []
        await eventually(lambda: bool(module.reasons))


async def test_a_reader_that_pauses_and_goes_on_loses_nothing() -> None:
    async with run_edge(LinkLimits(stalled_s=5)) as edge, edge.module() as client:
        session = edge.session
        sent = 0
        while session.link.buffered < 500_000:
            session.link.send("message", [sent, "x" * 20_000])
            sent += 1
            await asyncio.sleep(0)
        session.link.send("message", [sent, "last"])
        for number in range(sent + 1):
            assert (await client.next_event())[1][0] == number
        await eventually(lambda: session.link.buffered == 0)
        assert await client.is_alive()


async def test_answers_events_and_calls_keep_their_order() -> None:
    async with run_edge() as edge, edge.module() as client:
        link = edge.session.link
        for number in range(50):
            await client.socket.send(f'42/module,{number}["ack",{{"cursor":{number}}}]')
        await eventually(lambda: len(edge.session.acked) == 50)
        link.send_batch(batch([b'{"n":1}']))
        link.send("message", 2)
        answers = [await client.receive() for _ in range(52)]
    assert answers[:50] == [f"43/module,{number}[]" for number in range(50)]
    assert answers[50:] == ['42/module,["events",[{"n":1}]]', '42/module,["message",2]']


async def test_writing_to_a_connection_that_just_went_is_harmless() -> None:
    async with run_edge() as edge:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(joined_raw(edge, "bot"))
            session = edge.session
            client.writer.transport.abort()
            for _ in range(1000):
                session.link.send_batch(batch([_body(1)]))
                await asyncio.sleep(0)
        await eventually(lambda: bool(session.reasons))
        session.link.send("message", 1)
        session.link.close("again")
        await eventually(lambda: edge.realtime.stats.connections == {})


async def test_a_reader_that_hangs_up_halfway_is_gone_soon() -> None:
    async with run_edge(LinkLimits(linger_s=0.2)) as edge, joined_raw(edge, "bot") as client:
        session: FakeSession = edge.session
        client.stop_reading()
        while session.link.buffered < 200_000:
            session.link.send("message", "x" * 50_000)
            await asyncio.sleep(0)
        client.writer.write_eof()
        await eventually(lambda: bool(session.reasons))


async def test_nothing_is_kept_of_connections_that_are_gone() -> None:
    async with run_edge() as edge:
        server = edge.realtime.module_app.server  # type: ignore[attr-defined] # looking inside
        for round_ in range(30):
            async with edge.module() as client:
                if round_ % 3 == 0:
                    await client.socket.send("41/module,")
                elif round_ % 3 == 1:
                    client.socket.transport.abort()
        await eventually(lambda: len(server) == 0)
        await eventually(lambda: len(server.eio.tasks) == 0)
        assert server.eio.sockets == {}
        assert server.environ == {}
        assert server.manager.rooms == {}
        assert server.manager.pending_connect == {}
        assert server.manager.pending_disconnect == {}
