"""Delivery: live, behind the cursor, back again; nothing of value lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from streamcore.core.bridge import delivery as delivery_module
from streamcore.core.bridge.delivery import Delivery, DeliveryServices
from streamcore.core.bus import Batch, Bus
from streamcore.core.event_filter import EventFilter
from streamcore.protocol.events import ChatMessage, Donation, EventGap, ViewerCount
from streamcore.protocol.frames import Gap
from streamcore.protocol.limits import MAX_BATCH_BYTES
from tests.core.bridge.fakes import FakeLink, MemoryJournal, eventually
from tests.fakes.clock import ManualClock

TYPES = frozenset({"donation", "chat_message", "viewer_count"})


class _Stage:
    def __init__(self) -> None:
        self.bus = Bus()
        self.journal = MemoryJournal(self.bus)
        self.clock = ManualClock()
        self.link = FakeLink()

    async def donate(self, count: int = 1, *, age_s: float = 0) -> None:
        at = self.clock.now() - timedelta(seconds=age_s)
        await self.journal.append([Donation(platform="a", received_at=at) for _ in range(count)])

    async def chat(self, count: int = 1) -> None:
        now = self.clock.now()
        messages = [ChatMessage(platform="a", received_at=now) for _ in range(count)]
        await self.journal.append(messages)

    @asynccontextmanager
    async def delivery(
        self, cursor: int = 0, catch_up: frozenset[str] = frozenset()
    ) -> AsyncIterator[Delivery]:
        services = DeliveryServices(self.bus, self.journal, self.clock)
        filter_ = EventFilter(TYPES, None)
        delivery = Delivery(services, self.link, "bot", filter_, catch_up, cursor)
        task = asyncio.create_task(delivery.run())
        try:
            yield delivery
        finally:
            delivery.close()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def stage() -> _Stage:
    return _Stage()


async def test_what_was_missed_comes_first_and_then_what_happens(stage: _Stage) -> None:
    await stage.donate(450)
    async with stage.delivery(cursor=50) as delivery:
        await eventually(lambda: delivery.is_live)
        await stage.donate(3)
        await eventually(lambda: len(stage.link.seqs) == 403)
    assert stage.link.seqs == list(range(51, 454))


async def test_chat_is_not_caught_up_unless_the_manifest_says_so(stage: _Stage) -> None:
    await stage.chat(3)
    await stage.donate()
    async with stage.delivery() as delivery:
        await eventually(lambda: delivery.is_live)
    assert stage.link.seqs == [4]
    stage.link = FakeLink()
    async with stage.delivery(catch_up=frozenset({"chat_message"})) as delivery:
        await eventually(lambda: delivery.is_live)
    assert stage.link.seqs == [1, 2, 3, 4]


async def test_events_that_come_while_catching_up_come_once(stage: _Stage) -> None:
    await stage.donate(1000)
    async with stage.delivery() as delivery:
        for _ in range(200):
            await stage.donate()
            await asyncio.sleep(0)
        await eventually(lambda: delivery.is_live)
        await eventually(lambda: len(stage.link.seqs) >= 1200)
    assert stage.link.seqs == list(range(1, 1201))


async def test_a_module_goes_live_though_something_happens_at_every_read(stage: _Stage) -> None:
    read = stage.journal.read

    async def busy_read(**wanted: Any) -> Any:
        page = await read(**wanted)
        await stage.donate()
        await stage.chat()
        return page

    stage.journal.read = busy_read  # type: ignore[method-assign]
    await stage.donate(300)
    async with stage.delivery() as delivery:
        await eventually(lambda: delivery.is_live)
        reads = stage.journal.reads
        await stage.chat(3)
        await eventually(lambda: stage.link.seqs[-1:] == [stage.journal.head])
    assert stage.journal.reads == reads < 6
    assert stage.link.seqs == list(range(1, stage.journal.head + 1))
    assert stage.link.named("gap") == []


async def test_chat_of_the_time_since_ready_is_not_lost_to_the_catching_up(stage: _Stage) -> None:
    await stage.chat(2)
    await stage.donate(900)
    async with stage.delivery() as delivery:
        assert not delivery.is_live
        await stage.chat(5)
        await eventually(lambda: delivery.is_live)
        await eventually(lambda: len(stage.link.seqs) == 905)
    assert stage.link.seqs == list(range(3, 908))


async def test_who_does_not_acknowledge_waits_behind_the_cursor(
    stage: _Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "WINDOW_EVENTS", 10)
    async with stage.delivery() as delivery:
        await eventually(lambda: delivery.is_live)
        for _ in range(30):
            await stage.donate()
            await stage.chat()
            await asyncio.sleep(0.002)
        sent = len(stage.link.seqs)
        assert 10 <= sent < 30
        assert not delivery.is_live
        while not delivery.is_live:
            delivery.ack(max(stage.link.seqs))
            await asyncio.sleep(0)
        donations = [event.seq for event in stage.link.events if event.type == "donation"]
        assert donations == [row.seq for row in stage.journal.rows if row.type == "donation"]
        chat = sum(event.type == "chat_message" for event in stage.link.events)
        (gap,) = stage.link.named("gap")
        assert isinstance(gap, Gap)
        assert chat + gap.skipped == 30


async def test_a_reader_with_a_full_socket_is_spared_until_it_drains(stage: _Stage) -> None:
    async with stage.delivery() as delivery:
        await eventually(lambda: delivery.is_live)
        stage.link.buffered = delivery_module.WINDOW_BYTES
        await stage.donate(2)
        await eventually(lambda: not delivery.is_live)
        assert stage.link.seqs == []
        stage.link.drain()
        await eventually(lambda: stage.link.seqs == [1, 2])


async def test_the_cursor_follows_acks_and_never_runs_ahead(stage: _Stage) -> None:
    async with stage.delivery() as delivery:
        await eventually(lambda: delivery.is_live)
        await stage.donate(5)
        await eventually(lambda: len(stage.link.seqs) == 5)
        delivery.ack(3)
        assert stage.journal.cursors == {"bot": 3}
        delivery.ack(2)
        assert stage.journal.cursors == {"bot": 3}
        delivery.ack(10**9)
        assert stage.journal.cursors == {"bot": 5}


@pytest.mark.parametrize(
    ("setup", "skipped"),
    [
        pytest.param(lambda s: s.donate(7, age_s=25 * 3600), 7, id="too old"),
        pytest.param(lambda s: s.donate(10_050), 50, id="too many"),
    ],
)
async def test_what_is_too_old_or_too_much_is_one_gap(
    stage: _Stage, setup: Callable[[_Stage], object], skipped: int
) -> None:
    await setup(stage)  # type: ignore[misc] # a parametrised coroutine function
    await stage.donate(2)
    newest = stage.journal.head
    async with stage.delivery(catch_up=frozenset()) as delivery:
        async with asyncio.timeout(5):
            while not delivery.is_live:
                delivery.ack(max(stage.link.seqs, default=0))
                await asyncio.sleep(0)
    first = stage.link.events[0]
    gap = msgspec.json.decode(first.body, type=EventGap)
    # What came after the old ones counts towards the limit of what is caught up with.
    assert gap.reason.startswith(str(skipped + (2 if skipped == 50 else 0)))
    assert gap.from_at is not None
    assert stage.link.seqs[-1] == newest
    assert stage.journal.cursors["bot"] >= skipped, "the next life does not hear of it again"


async def test_old_times_behind_a_fresh_event_do_not_take_it_along(stage: _Stage) -> None:
    await stage.donate(age_s=30 * 3600)
    await stage.donate()
    await stage.donate(age_s=30 * 3600)  # imported, or logged while the clock was wrong
    async with stage.delivery() as delivery:
        await eventually(lambda: delivery.is_live)
    assert stage.link.seqs == [2, 3]


async def test_a_page_of_large_events_is_sent_in_packets_that_a_module_takes(
    stage: _Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "WINDOW_BYTES", 3 * MAX_BATCH_BYTES)
    sizes: list[int] = []
    take = stage.link.send_batch

    def send_batch(batch: Batch) -> None:
        sizes.append(len(batch.joined()))
        take(batch)

    monkeypatch.setattr(stage.link, "send_batch", send_batch)
    now = stage.clock.now()
    large = Donation(platform="a", received_at=now, text="x" * 20_000)
    await stage.journal.append([large] * 100)
    async with stage.delivery() as delivery:
        await eventually(lambda: len(sizes) == 4)
        await asyncio.sleep(0.01)
        assert len(sizes) == 4, "what is not acknowledged is bounded within a page too"
        async with asyncio.timeout(5):
            while not delivery.is_live:
                delivery.ack(max(stage.link.seqs))
                await asyncio.sleep(0)
    assert stage.link.seqs == list(range(1, 101))
    assert max(sizes) <= MAX_BATCH_BYTES


async def test_withdrawn_types_stop_at_once(stage: _Stage) -> None:
    async with stage.delivery() as delivery:
        await eventually(lambda: delivery.is_live)
        await stage.journal.append([Donation(platform="a")])
        delivery.replace_filter(EventFilter(frozenset(), None))
        await stage.donate()
        await asyncio.sleep(0.01)
    assert stage.link.events == []


async def test_what_is_not_logged_passes_live(stage: _Stage) -> None:
    async with stage.delivery() as delivery:
        await eventually(lambda: delivery.is_live)
        await stage.journal.append([ViewerCount(platform="a", viewers=5)])
        await eventually(lambda: len(stage.link.events) == 1)
