"""Readers without a cursor: what they are too slow for goes oldest first, and is told in place."""

from __future__ import annotations

from streamcore.core.bridge.lossy import MAX_WAITING_BYTES, MAX_WAITING_S, LossyReader
from streamcore.core.bus import Batch, Bus
from streamcore.core.logged import LoggedEvent
from streamcore.protocol.frames import Gap
from tests.core.bridge.fakes import FakeLink
from tests.fakes.clock import ManualClock


class _Link(FakeLink):
    """Notes events and gaps in one order; may be full again after some batches."""

    def __init__(self) -> None:
        super().__init__("/dashboard")
        self.order: list[object] = []
        self.batches: list[Batch] = []
        self.room = 1_000_000

    def send(self, name: str, payload: object) -> None:
        assert isinstance(payload, Gap)
        self.order.append(f"gap {payload.skipped}")

    def send_batch(self, batch: Batch) -> None:
        assert not self.is_behind, "what waits here would be nobody's to leave out"
        self.batches.append(batch)
        self.order += [event.seq for event in batch.events]
        self.room -= 1
        self.is_behind = self.room <= 0


def _batch(*seqs: int, size: int = 100) -> Batch:
    return Batch(tuple(LoggedEvent(seq, "follow", "a", "", b"x" * size) for seq in seqs))


def _reader(link: FakeLink, clock: ManualClock | None = None) -> LossyReader:
    return LossyReader(Bus(), link, clock or ManualClock())


def test_a_reader_that_was_behind_gets_everything_in_order() -> None:
    link = _Link()
    reader = _reader(link)
    reader.offer(_batch(1))
    link.is_behind = True
    reader.offer(_batch(2, 3))
    reader.offer(_batch(4))
    assert link.order == [1]
    assert reader.waiting_bytes == 300
    link.drain()
    reader.offer(_batch(5))
    assert link.order == [1, 2, 3, 4, 5]
    assert reader.waiting_bytes == 0


def test_the_oldest_is_left_out_and_told_where_it_would_have_been() -> None:
    link = _Link()
    reader = _reader(link)
    reader.offer(_batch(1))
    link.is_behind = True
    size = MAX_WAITING_BYTES // 4
    for seq in range(2, 8):
        reader.offer(_batch(seq, size=size))
        assert reader.waiting_bytes <= MAX_WAITING_BYTES
    link.drain()
    assert link.order == [1, "gap 2", 4, 5, 6, 7]


async def test_what_is_too_old_is_left_out_even_when_nothing_new_comes() -> None:
    link, clock = _Link(), ManualClock()
    reader = _reader(link, clock)
    link.is_behind = True
    reader.offer(_batch(1, 2))
    await clock.advance(MAX_WAITING_S - 1)
    reader.offer(_batch(3))
    await clock.advance(2)
    link.drain()
    assert link.order == ["gap 2", 3]
    link.is_behind = True
    reader.offer(_batch(4))
    await clock.advance(MAX_WAITING_S + 1)
    link.drain()
    assert link.order == ["gap 2", 3, "gap 1"]


def test_a_reader_that_trickles_gets_a_little_each_time_and_keeps_its_order() -> None:
    link = _Link()
    reader = _reader(link)
    link.is_behind = True
    for seq in range(1, 7):
        reader.offer(_batch(seq))
    for _ in range(3):
        link.room = 2
        link.drain()
    assert link.order == [1, 2, 3, 4, 5, 6]
    assert link.is_behind


def test_slow_readers_keep_the_same_batches_and_no_copies() -> None:
    links = [_Link() for _ in range(20)]
    readers = [_reader(link) for link in links]
    waiting = [_batch(seq) for seq in range(1, 50)]
    for link in links:
        link.is_behind = True
    for batch in waiting:
        for reader in readers:
            reader.offer(batch)
    for link in links:
        link.drain()
        assert all(sent is kept for sent, kept in zip(link.batches, waiting, strict=True))
    assert all(not batch.frames for batch in waiting), "nothing was encoded for readers who wait"


def test_a_closed_reader_keeps_nothing() -> None:
    link = _Link()
    reader = _reader(link)
    link.is_behind = True
    reader.offer(_batch(1))
    reader.close()
    assert reader.waiting_bytes == 0
    link.drain()
    assert link.order == []
