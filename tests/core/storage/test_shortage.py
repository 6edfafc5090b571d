"""Platforms' events while the database cannot be written: money waits, chat is shown unsaved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from streamcore.core.errors import CannotSaveError, StorageError
from streamcore.core.journal import EventQuery, Journal
from streamcore.core.journal.journal import MAX_WAITING
from streamcore.core.store import StorageState, Store
from streamcore.protocol.events import ChatMessage, Donation, EventGap
from tests.core.storage.conftest import Published
from tests.core.storage.events import chat, donation, viewers
from tests.core.storage.test_store import limit_pages
from tests.fakes.clock import ManualClock

BIG = "x" * 50_000
"""More than the pages that are left."""


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(8):
        while not condition():
            await asyncio.sleep(0.01)


async def run_out(store: Store, journal: Journal) -> None:
    """Fill the disk; one big donation waits from then on."""
    await limit_pages(store, 2)
    await journal.take([donation(BIG, id="first")])
    await until(lambda: store.health.status.state is StorageState.DISK_FULL)


def texts(published: Published) -> list[str]:
    return [
        event.event.text[:9]
        for event in published.events
        if isinstance(event.event, ChatMessage | Donation)
    ]


async def test_chat_goes_on_unsaved_while_money_waits_and_then_the_gap_is_told(
    store: Store, journal: Journal, published: Published
) -> None:
    await journal.take([chat("before")])
    await run_out(store, journal)
    await journal.take([chat("now"), donation("second", id="second"), viewers()])
    await journal.take([chat("and now")])
    assert texts(published) == ["before", "now", "and now"]
    assert published.seqs[1:] == [0, 0, 0]
    assert msgspec.json.decode(published.events[1].body)["seq"] == 0

    await limit_pages(store, None)
    await until(lambda: isinstance(published.events[-1].event, EventGap))
    assert store.health.status.state is StorageState.OK
    assert texts(published)[3:] == ["xxxxxxxxx", "second"]
    page = await journal.page(EventQuery(limit=10))
    assert [msgspec.json.decode(body)["type"] for body in page.items] == [
        "event_gap",
        "donation",
        "donation",
        "chat_message",
    ]
    gap = published.events[-1].event
    assert isinstance(gap, EventGap)
    assert (gap.platform, gap.seq) == ("twitch", journal.head)
    assert "(2 events). The disk is full" in gap.reason
    await journal.take([chat("after")])
    await until(lambda: texts(published)[-1] == "after")
    assert published.events[-1].seq == journal.head == gap.seq + 1


async def test_what_waits_keeps_its_order_and_waits_for_no_event_to_come(
    store: Store, journal: Journal, published: Published
) -> None:
    await run_out(store, journal)
    for number in range(30):
        await journal.take([donation(f"d{number}", id=f"{number}")])
    await limit_pages(store, None)
    await until(lambda: len(published.events) == 31)
    assert texts(published)[1:] == [f"d{number}" for number in range(30)]
    assert published.seqs == sorted(published.seqs)


async def test_a_caller_who_waits_for_the_disk_is_told_and_nothing_is_shown(
    store: Store, journal: Journal, published: Published
) -> None:
    await run_out(store, journal)
    for events in ([chat()], [donation(BIG)], [chat(), donation(BIG), viewers()]):
        with pytest.raises(CannotSaveError):
            await journal.append(events)
    assert published.seqs == [0]
    await limit_pages(store, None)
    await until(lambda: len(published.events) == 2)


async def test_too_much_money_is_back_pressure_and_chat_still_passes(
    store: Store, journal: Journal, published: Published
) -> None:
    await run_out(store, journal)
    await journal.take([donation(id=f"{number}") for number in range(MAX_WAITING - 1)])
    late = asyncio.ensure_future(journal.take([donation("late", id="late")]))
    await journal.take([chat("chat")])
    assert texts(published) == ["chat"]
    assert not late.done()
    await limit_pages(store, None)
    await late
    await until(lambda: texts(published)[-1] == "late")
    assert len(published.events) == MAX_WAITING + 3


async def test_what_came_twice_while_it_waited_is_logged_once(
    store: Store, journal: Journal, published: Published
) -> None:
    await run_out(store, journal)
    for _ in range(3):
        await journal.take([donation("again", id="again")])
    await limit_pages(store, None)
    await until(lambda: texts(published)[-1:] == ["again"])
    await journal.append([donation("last", id="last")])
    assert texts(published)[1:] == ["again", "last"]


async def test_closing_on_a_full_disk_ends_and_says_what_was_lost(
    tmp_path: Path, clock: ManualClock, published: Published, caplog: pytest.LogCaptureFixture
) -> None:
    store = await Store.open(tmp_path / "other.db")
    journal = Journal(store, clock, published)
    await journal.open()
    await run_out(store, journal)
    await journal.take([donation(BIG, id="second")])
    async with asyncio.timeout(5):
        await journal.close()
        await store.close()
    assert "2 events could not be saved" in caplog.text
    assert published.events == []
    with pytest.raises(StorageError):
        await journal.take([donation()])


async def test_closing_saves_what_waits_when_there_is_room_after_all(
    tmp_path: Path, clock: ManualClock, published: Published, caplog: pytest.LogCaptureFixture
) -> None:
    store = await Store.open(tmp_path / "other.db")
    journal = Journal(store, clock, published)
    await journal.open()
    await run_out(store, journal)
    room = asyncio.ensure_future(limit_pages(store, None))
    await asyncio.sleep(0)
    await journal.close()
    await room
    await store.close()
    assert texts(published) == ["xxxxxxxxx"]
    assert "could not be saved" not in caplog.text
