"""Clients count events in bytes that come in pieces of any size."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from benchmarks.counting import Counter
from streamcore.core.bus import Batch
from streamcore.core.logged import LoggedEvent
from streamcore.core.realtime.packets import batch_packet, event_packet, text_frame
from streamcore.protocol.events import ChatMessage, Event, ViewerCount

AT = datetime(2026, 11, 22, 20, 15, 59, 250_000, tzinfo=UTC)


def _logged(seq: int, event: Event) -> LoggedEvent:
    numbered = msgspec.structs.replace(event, seq=seq, received_at=AT)
    return LoggedEvent(seq, "", "", "", msgspec.json.encode(numbered), numbered)


def _frames(*seqs: int) -> bytes:
    """Make the frames that a dashboard gets, one an event; number 0 was not logged."""
    events = [
        ChatMessage(text='he said "seq":7, and "origin": too, тест') if seq else ViewerCount()
        for seq in seqs
    ]
    return b"".join(
        text_frame(batch_packet("/dashboard", Batch((_logged(seq, event),)).joined()))
        for seq, event in zip(seqs, events, strict=True)
    )


@pytest.mark.parametrize("size", [1, 7, 64, 1000, 1 << 20])
def test_every_event_is_counted_once_however_the_bytes_come(size: int) -> None:
    counter = Counter(is_timed=True)
    data = _frames(0, 5, 6, 7, 0, 8)
    for start in range(0, len(data), size):
        counter.take(data[start : start + size], AT.timestamp())
    assert (counter.events, counter.logged, counter.bytes) == (6, 4, len(data))
    assert (counter.first_seq, counter.last_seq, counter.missing) == (5, 8, 0)
    assert len(counter.delays_ms) == 6


def test_numbers_that_were_left_out_are_missing() -> None:
    counter = Counter(is_timed=False)
    counter.take(_frames(3, 4, 8, 9), 0.0)
    assert counter.missing == 3


def test_the_delay_is_from_received_at_to_now_across_a_minute() -> None:
    counter = Counter(is_timed=True)
    counter.take(_frames(1), (AT + timedelta(milliseconds=1500)).timestamp())
    assert counter.delays_ms == [pytest.approx(1500, abs=0.01)]


def test_a_heartbeat_is_noticed() -> None:
    counter = Counter(is_timed=False)
    assert counter.take(_frames(1) + text_frame(b"2"), 0.0)
    assert not counter.take(_frames(2), 0.0)


def test_a_gap_that_the_core_tells_is_counted() -> None:
    counter = Counter(is_timed=False)
    packet = event_packet("/dashboard", b'["gap",{"skipped":3}]')
    counter.take(_frames(1) + text_frame(packet) + _frames(5), 0.0)
    assert (counter.gaps, counter.missing) == (1, 3)


def test_after_a_reset_nothing_from_before_counts() -> None:
    counter = Counter(is_timed=True)
    counter.take(_frames(1, 2), 0.0)
    counter.reset()
    counter.take(_frames(3), 0.0)
    assert (counter.events, counter.first_seq, counter.missing) == (1, 3, 0)
