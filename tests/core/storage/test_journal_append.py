"""Appending: numbers, order, transient events, back-pressure, failure, restart."""

from __future__ import annotations

import asyncio
from collections import deque
from pathlib import Path

import msgspec
import pytest

from streamcore.core.errors import StorageError
from streamcore.core.journal import EventQuery, Journal, LoggedEvent
from streamcore.core.journal.appending import Append, Commit, LogWriter
from streamcore.core.journal.journal import MAX_WAITING
from streamcore.core.store import Store
from streamcore.core.store.opening import open_writer
from streamcore.protocol.events import EVENTS, ChatMessage
from tests.core.storage.conftest import Published
from tests.core.storage.events import chat, donation, viewers
from tests.core.storage.test_store import Held, limit_pages
from tests.fakes.clock import ManualClock


async def rows(store: Store) -> list[int]:
    return await store.read(
        lambda c: [seq for (seq,) in c.execute("SELECT seq FROM log ORDER BY seq")]
    )


async def test_an_event_is_numbered_dated_and_published(
    journal: Journal, clock: ManualClock, published: Published
) -> None:
    (event,) = await journal.append([chat("hello")])
    assert event is not None
    assert (event.seq, event.received_at) == (1, clock.now())
    assert event.id
    (logged,) = published.events
    assert (logged.seq, logged.type, logged.platform) == (1, "chat_message", "twitch")
    assert logged.event is event
    assert msgspec.json.decode(logged.body, type=EVENTS["chat_message"]) == event
    assert journal.head == 1


async def test_an_event_keeps_the_id_and_time_it_has(journal: Journal, clock: ManualClock) -> None:
    earlier = clock.now().replace(year=2020)
    given = msgspec.structs.replace(chat(), id="kept", received_at=earlier)
    (event,) = await journal.append([given])
    assert event is not None
    assert (event.id, event.received_at) == ("kept", earlier)
    assert given.seq == 0


async def test_nothing_is_published_before_it_is_on_the_disk(
    store: Store, clock: ManualClock
) -> None:
    on_disk: list[bool] = []

    def publish(events: object) -> None:
        import sqlite3

        outside = sqlite3.connect(store._path)
        on_disk.append(outside.execute("SELECT count(*) FROM log").fetchone()[0] == len(seen) + 1)
        outside.close()
        seen.append(events)

    seen: list[object] = []
    journal = Journal(store, clock, publish)
    await journal.open()
    for _ in range(3):
        await journal.append([donation()])
    await journal.close()
    assert on_disk == [True, True, True]


async def test_many_writers_share_commits_and_order_is_kept(
    store: Store, journal: Journal, published: Published
) -> None:
    async with Held(store):
        appends = [asyncio.ensure_future(journal.append([chat(f"{i}")])) for i in range(300)]
        await asyncio.sleep(0)
        assert published.events == [] and journal.head == 0
    results = await asyncio.gather(*appends)
    assert [event.seq for (event,) in results if event] == list(range(1, 301))
    assert published.seqs == list(range(1, 301))
    assert published.calls < 10
    assert await rows(store) == list(range(1, 301))


async def test_a_commit_waits_for_company_as_long_as_its_readers_would(
    store: Store, clock: ManualClock, published: Published
) -> None:
    waits = [0.0, 0.2]
    journal = Journal(store, clock, published, lambda: waits.pop(0) if waits else 0.0)
    await journal.open()
    await journal.append([chat()])
    appends = []
    for _ in range(5):
        appends.append(asyncio.ensure_future(journal.append([chat()])))
        await asyncio.sleep(0.001)
        assert published.seqs == [1]
    await asyncio.gather(*appends)
    assert (published.calls, published.seqs) == (2, [1, 2, 3, 4, 5, 6])
    await journal.append([chat()])
    assert published.calls == 3
    await journal.close()


async def test_transient_events_are_published_unlogged_and_in_their_place(
    store: Store, journal: Journal, published: Published
) -> None:
    await journal.append([viewers()])
    assert published.seqs == [0]
    async with Held(store):
        appends = [
            asyncio.ensure_future(journal.append([event]))
            for event in (chat(), viewers(), chat(), viewers())
        ]
        await asyncio.sleep(0)
        assert published.seqs == [0]
    await asyncio.gather(*appends)
    assert published.seqs == [0, 1, 0, 2, 0]
    assert await rows(store) == [1, 2]


async def test_a_reader_that_fails_does_not_fail_the_platform(
    store: Store, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    def publish(events: object) -> None:
        raise RuntimeError("reader")

    journal = Journal(store, clock, publish)
    await journal.open()
    assert await journal.append([chat()]) != [None]
    await journal.close()
    assert "could not be handed on" in caplog.text


async def test_append_waits_when_too_much_waits_for_the_disk(
    store: Store, journal: Journal, published: Published
) -> None:
    async with Held(store):
        full = [chat(f"{i}") for i in range(MAX_WAITING)]
        first = asyncio.ensure_future(journal.append(full))
        late = [asyncio.ensure_future(journal.append([chat()])) for _ in range(3)]
        await asyncio.sleep(0.01)
        # The late ones have no number yet: what waits is bounded.
        assert journal._last == MAX_WAITING
    await first
    results = await asyncio.gather(*late)
    assert [event.seq for (event,) in results if event] == [
        MAX_WAITING + 1,
        MAX_WAITING + 2,
        MAX_WAITING + 3,
    ]
    assert published.seqs == list(range(1, MAX_WAITING + 4))


@pytest.mark.timeout(30)  # some seconds of work, and machines are busy
async def test_a_flood_of_several_tasks_is_bounded_and_nothing_of_it_is_lost(
    store: Store, journal: Journal, published: Published
) -> None:
    offered, each, most = 100_000, 250, 0

    async def feed(name: str) -> None:
        nonlocal most
        for begin in range(0, offered // 4, each):
            events = [viewers(), *(chat(f"{name} {begin + i}", id="") for i in range(each))]
            await journal.take(events)
            most = max(most, journal._unsettled)

    async with asyncio.TaskGroup() as tasks:
        for name in "abcd":
            tasks.create_task(feed(name))
    await journal.append([chat("end")])
    assert most <= MAX_WAITING
    assert len(await rows(store)) == offered + 1
    logged = [event for event in published.events if event.seq]
    assert [event.seq for event in logged] == list(range(1, offered + 2))
    texts = [event.event.text for event in logged if isinstance(event.event, ChatMessage)]
    for name in "abcd":
        assert [text for text in texts if text.startswith(f"{name} ")] == [
            f"{name} {number}" for number in range(offered // 4)
        ]


async def test_a_call_larger_than_the_queue_goes_through_alone(journal: Journal) -> None:
    results = await journal.append([chat() for _ in range(MAX_WAITING + 10)])
    assert len(results) == MAX_WAITING + 10


async def test_a_cancelled_append_is_still_logged(
    store: Store, journal: Journal, published: Published
) -> None:
    async with Held(store):
        append = asyncio.ensure_future(journal.append([donation()]))
        await asyncio.sleep(0)
        append.cancel()
    await journal.append([chat()])
    assert published.seqs == [1, 2]


async def test_a_full_disk_is_an_error_to_the_platform_and_passes(
    store: Store, journal: Journal, published: Published
) -> None:
    await journal.append([donation(id="before")])
    await limit_pages(store, 2)
    big = "x" * 50_000
    with pytest.raises(StorageError, match="disk is full"):
        await journal.append([chat(big, id="big"), viewers()])
    # Nothing of it was published but what needs no disk.
    assert published.seqs == [1, 0]
    assert journal.head == 1
    await limit_pages(store, None)
    (event,) = await journal.append([chat(big, id="big")])
    assert event is not None and event.seq > 2
    assert await rows(store) == [1, event.seq]
    (repeat,) = await journal.append([donation(id="before")])
    assert repeat is None


async def test_a_second_attempt_of_a_commit_starts_from_nothing(tmp_path: Path) -> None:
    connection = open_writer(tmp_path / "other.db")
    loop = asyncio.get_running_loop()
    logged = LoggedEvent(1, "follow", "twitch", "", b"{}", None)
    append = Append([logged], [None], 0, loop.create_future(), is_money=True)
    commit = Commit(deque([append]), LogWriter(), loop, lambda: None, lambda *settled: None)
    commit.begin()
    for end in ("ROLLBACK", "COMMIT"):
        connection.execute("BEGIN")
        commit.run(connection)
        connection.execute(end)
    joined = "SELECT type, platform FROM log JOIN kinds ON kinds.id = log.kind"
    assert connection.execute(joined).fetchall() == [("follow", "twitch")]
    connection.close()


async def test_numbers_go_on_after_a_clean_close_without_a_gap(
    tmp_path: Path, clock: ManualClock, published: Published
) -> None:
    for expected in (1, 2, 3):
        store = await Store.open(tmp_path / "other.db")
        journal = Journal(store, clock, published)
        await journal.open()
        assert journal.head == expected - 1
        (event,) = await journal.append([chat()])
        assert event is not None and event.seq == expected
        await journal.close()
        await store.close()


async def test_a_number_is_never_given_twice_even_when_its_event_is_gone(
    tmp_path: Path, clock: ManualClock, published: Published
) -> None:
    store = await Store.open(tmp_path / "other.db")
    journal = Journal(store, clock, published)
    await journal.open()
    await journal.append([chat(), chat(), chat()])
    # A power cut after commits that were not synced: the newest events are gone, the lease is not.
    await store.write(lambda c: c.execute("DELETE FROM log WHERE seq > 1"))
    await store.close()
    store = await Store.open(tmp_path / "other.db")
    again = Journal(store, clock, published)
    await again.open()
    (event,) = await again.append([chat()])
    assert event is not None and event.seq > 3
    await again.close()
    await store.close()


async def test_closing_commits_and_publishes_what_waits(
    tmp_path: Path, clock: ManualClock, published: Published
) -> None:
    store = await Store.open(tmp_path / "other.db")
    journal = Journal(store, clock, published)
    await journal.open()
    append = asyncio.ensure_future(journal.append([donation()]))
    await asyncio.sleep(0)
    await journal.close()
    assert append.done() and published.seqs == [1]
    with pytest.raises(StorageError):
        await journal.append([donation()])
    await store.close()


async def test_cursors_are_known_at_once_and_after_a_restart(
    tmp_path: Path, clock: ManualClock, published: Published
) -> None:
    store = await Store.open(tmp_path / "other.db")
    journal = Journal(store, clock, published)
    await journal.open()
    assert await journal.cursor("bot") is None
    for seq in range(1000):
        journal.save_cursor("bot", seq)
    assert await journal.cursor("bot") == 999
    await journal.close()
    again = Journal(store, clock, published)
    await again.open()
    assert await again.cursor("bot") == 999
    await again.close()
    await store.close()


async def test_a_removed_modules_cursor_is_forgotten(
    tmp_path: Path, clock: ManualClock, published: Published
) -> None:
    store = await Store.open(tmp_path / "other.db")
    journal = Journal(store, clock, published)
    await journal.open()
    journal.save_cursor("bot", 5)
    journal.forget_cursor("bot")
    assert await journal.cursor("bot") is None
    await journal.close()
    assert await store.read(lambda c: c.execute("SELECT * FROM cursors").fetchall()) == []
    await store.close()


async def test_cursors_are_written_without_a_close(store: Store, journal: Journal) -> None:
    journal.save_cursor("bot", 5)
    async with asyncio.timeout(5):
        while True:
            saved = await store.read(lambda c: c.execute("SELECT * FROM cursors").fetchall())
            if saved == [("bot", 5)]:
                break
            await asyncio.sleep(0.05)


async def test_every_type_of_event_can_be_logged(journal: Journal, published: Published) -> None:
    events = [cls(platform="twitch") for cls in EVENTS.values()]
    results = await journal.append(events)
    assert [event.type for event in published.events] == list(EVENTS)
    assert None not in results
    page = await journal.page(EventQuery(limit=100))
    assert len(page.items) == sum(cls.durable for cls in EVENTS.values())


async def test_a_modules_first_cursor_is_written_at_once(journal: Journal, store: Store) -> None:
    await journal.begin_cursor("bot", 5)
    # What a crash in the next instant would leave.
    rows = await store.read(lambda c: c.execute("SELECT module_id, seq FROM cursors").fetchall())
    assert rows == [("bot", 5)]
