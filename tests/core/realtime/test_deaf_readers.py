"""Twenty readers that stop reading while events flow: cut soon, small, and nobody else notices."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import AsyncExitStack

import psutil

from streamcore.core.bridge.lossy import LossyReader
from streamcore.core.bus import Bus
from streamcore.core.clock import SystemClock
from streamcore.core.event_filter import EventFilter
from streamcore.core.logged import LoggedEvent
from streamcore.core.realtime.limits import LinkLimits
from tests.core.realtime.conftest import eventually, run_edge, watching_raw

DEAF = 20
PER_TURN = 20
BODY = b'{"n":%d,"x":"' + b"x" * 700 + b'"}'
GROWTH = 50e6


async def test_deaf_readers_are_cut_and_a_healthy_one_misses_nothing() -> None:
    before = psutil.Process().memory_info().rss
    bus = Bus()
    async with AsyncExitStack() as stack:
        edge = await stack.enter_async_context(run_edge(LinkLimits(stalled_s=0.5)))
        deaf = [await stack.enter_async_context(watching_raw(edge)) for _ in range(DEAF)]
        healthy = await stack.enter_async_context(edge.module("healthy"))
        for client in deaf:
            client.stop_reading()
        *deaf_sessions, well = edge.bridge.sessions
        readers = [
            LossyReader(bus, session.link, SystemClock()) for session in edge.bridge.sessions
        ]
        for reader in readers:
            reader.listen(EventFilter(frozenset({"chat_message"}), None))
        published = itertools.count(1)

        async def publish() -> None:
            while any(not session.reasons for session in deaf_sessions):
                for n in itertools.islice(published, PER_TURN):
                    bus.publish([_event(BODY % n)])
                await asyncio.sleep(0.005)
            bus.publish([_event(b'{"n":0}')])

        publishing = asyncio.ensure_future(publish())
        got: list[int] = []
        async with asyncio.timeout(8):
            while not got or got[-1]:
                name, events = await healthy.next_event()
                assert name == "events"
                got += [event["n"] for event in events]
        assert got == [*range(1, len(got)), 0]
        await publishing
        assert {reason for session in deaf_sessions for reason in session.reasons} == {
            "does not read what it is sent"
        }
        assert well.reasons == []
        await eventually(lambda: edge.realtime.stats.connections == {"/module": 1})
        for reader in readers:
            reader.close()
    assert psutil.Process().memory_info().rss - before < GROWTH


def _event(body: bytes) -> LoggedEvent:
    return LoggedEvent(1, "chat_message", "", "", body)
