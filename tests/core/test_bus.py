"""The bus shares batches, keeps order and honours filters at once."""

from __future__ import annotations

import asyncio

import pytest

from streamcore.core.bus import Batch, Bus
from streamcore.core.event_filter import EventFilter
from streamcore.core.logged import LoggedEvent
from streamcore.core.pace import LOOK_EVERY_S, Pace
from streamcore.protocol.limits import MAX_BATCH_BYTES


class _Reader:
    def __init__(self) -> None:
        self.batches: list[Batch] = []

    def offer(self, batch: Batch) -> None:
        self.batches.append(batch)

    @property
    def seqs(self) -> list[int]:
        return [event.seq for batch in self.batches for event in batch.events]


def _event(seq: int, type_: str = "follow", platform: str = "a", module: str = "") -> LoggedEvent:
    return LoggedEvent(seq, type_, platform, module, b'{"seq":%d}' % seq)


ALL = EventFilter(frozenset({"follow", "chat_message", "module_event"}), None)


async def _settle() -> None:
    await asyncio.sleep(0.01)


async def test_events_of_one_turn_travel_together_in_order() -> None:
    bus, reader = Bus(), _Reader()
    bus.subscribe(ALL, reader)
    bus.publish([_event(1), _event(2)])
    bus.publish([_event(3)])
    await _settle()
    assert reader.seqs == [1, 2, 3]
    assert len(reader.batches) == 1
    assert reader.batches[0].joined() == b'{"seq":1},{"seq":2},{"seq":3}'
    assert reader.batches[0].last_seq == 3


class _FullPc:
    """Nothing is ever unused, and each look at the clock takes a millisecond."""

    cores = 4

    def __init__(self) -> None:
        self.time = 0.0

    def idle_s(self) -> float:
        return 0.0

    def loop_s(self) -> float:
        return 0.0

    def now(self) -> float:
        self.time += 0.001
        return self.time


async def test_events_of_several_turns_travel_together_when_processor_is_short() -> None:
    pc, reader = _FullPc(), _Reader()
    bus = Bus(Pace(pc), now=pc.now)
    bus.subscribe(ALL, reader)
    for seq in (1, 2):
        bus.publish([_event(seq)])
        await asyncio.sleep(0)
        assert reader.seqs[-1] == seq, "no wait before the first look"
        pc.time += LOOK_EVERY_S
    bus.publish([_event(3)])
    await _settle()
    for seq in (4, 5):
        bus.publish([_event(seq)])
        await asyncio.sleep(0)
    assert reader.seqs == [1, 2, 3]
    await _settle()
    assert [event.seq for event in reader.batches[-1].events] == [4, 5]


async def test_readers_with_equal_filters_share_one_batch() -> None:
    bus, first, second = Bus(), _Reader(), _Reader()
    bus.subscribe(EventFilter(frozenset({"follow"}), frozenset({"a"})), first)
    bus.subscribe(EventFilter(frozenset({"follow"}), frozenset({"a"})), second)
    bus.publish([_event(1)])
    await _settle()
    assert first.batches[0] is second.batches[0]


async def test_no_batch_is_larger_than_a_reader_takes() -> None:
    bus, reader = Bus(), _Reader()
    bus.subscribe(ALL, reader)
    sizes = [1000] * 400 + [MAX_BATCH_BYTES + 1] + [1000]
    bus.publish([_event(i)._replace(body=b"x" * size) for i, size in enumerate(sizes, 1)])
    await _settle()
    assert reader.seqs == list(range(1, 403))
    alone = [len(batch.events) == 1 for batch in reader.batches]
    large = [len(batch.joined()) > MAX_BATCH_BYTES for batch in reader.batches]
    assert large == [False, False, False, True, False]
    assert alone == [False, False, False, True, True]


async def test_filters_hold_types_and_platforms() -> None:
    bus, reader = Bus(), _Reader()
    bus.subscribe(EventFilter(frozenset({"follow"}), frozenset({"a"})), reader)
    bus.publish([_event(1), _event(2, "chat_message"), _event(3, platform="b")])
    bus.publish([_event(4, platform="")])
    await _settle()
    assert reader.seqs == [1, 4]


async def test_module_events_reach_their_module_alone() -> None:
    bus, own, other, dashboard = Bus(), _Reader(), _Reader(), _Reader()
    types = frozenset({"module_event"})
    bus.subscribe(EventFilter(types, None, "mine"), own)
    bus.subscribe(EventFilter(types, None, "yours"), other)
    bus.subscribe(EventFilter(types, None, None), dashboard)
    bus.publish([_event(1, "module_event", "", "mine")])
    await _settle()
    assert (own.seqs, other.seqs, dashboard.seqs) == ([1], [], [1])


async def test_a_replaced_filter_holds_for_what_still_waits() -> None:
    bus, reader = Bus(), _Reader()
    subscription = bus.subscribe(ALL, reader)
    bus.publish([_event(1)])
    subscription.replace(EventFilter(frozenset(), None))
    await _settle()
    assert reader.seqs == []


async def test_who_subscribes_late_does_not_get_what_was_published_before() -> None:
    bus, early, late = Bus(), _Reader(), _Reader()
    bus.subscribe(ALL, early)
    bus.publish([_event(1)])
    bus.subscribe(ALL, late)
    bus.publish([_event(2)])
    await _settle()
    assert (early.seqs, late.seqs) == ([1, 2], [2])


async def test_a_failing_reader_hurts_nobody(caplog: pytest.LogCaptureFixture) -> None:
    class _Broken:
        def offer(self, batch: Batch) -> None:
            raise RuntimeError("boom")

    bus, reader = Bus(), _Reader()
    bus.subscribe(ALL, _Broken())
    bus.subscribe(ALL, reader)
    bus.publish([_event(1)])
    await _settle()
    assert reader.seqs == [1]
    assert "a reader failed" in caplog.text


async def test_closing_stops_delivery_at_once() -> None:
    bus, reader = Bus(), _Reader()
    subscription = bus.subscribe(ALL, reader)
    bus.publish([_event(1)])
    subscription.close()
    subscription.close()
    await _settle()
    assert reader.seqs == []


async def test_nothing_is_lost_or_doubled_under_load() -> None:
    bus, readers = Bus(), [_Reader() for _ in range(20)]
    for reader in readers:
        bus.subscribe(ALL, reader)
    for seq in range(1, 2001):
        bus.publish([_event(seq)])
        if seq % 7 == 0:
            await asyncio.sleep(0)
    await _settle()
    assert all(reader.seqs == list(range(1, 2001)) for reader in readers)
