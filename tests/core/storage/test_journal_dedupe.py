"""Dedupe: what a platform tells twice is logged once, wherever its first time is noted."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from streamcore.core.errors import StorageError
from streamcore.core.journal import Journal
from streamcore.core.journal.appending import FEW
from streamcore.core.journal.journal import MAX_WAITING
from streamcore.core.journal.seen import BATCH, SLICE
from streamcore.core.store import Store
from tests.core.storage.conftest import Published
from tests.core.storage.events import chat, donation, follow, viewers
from tests.core.storage.test_store import Held, limit_pages
from tests.fakes.clock import ManualClock

DAY_S = 24 * 3600


async def rows(store: Store) -> list[int]:
    return await store.read(
        lambda c: [seq for (seq,) in c.execute("SELECT seq FROM log ORDER BY seq")]
    )


async def test_a_repeated_fact_is_logged_once(journal: Journal, published: Published) -> None:
    first, second = await journal.append([chat("a", id="m1"), chat("a", id="m1")])
    (third,) = await journal.append([chat("a", id="m1")])
    assert first is not None and second is None and third is None
    assert len(published.events) == 1


async def test_repeats_in_one_commit_are_found(store: Store, journal: Journal) -> None:
    async with Held(store):
        appends = [asyncio.ensure_future(journal.append([follow(id="f1")])) for _ in range(5)]
        await asyncio.sleep(0)
    results = await asyncio.gather(*appends)
    assert [event is None for (event,) in results] == [False, True, True, True, True]


@pytest.mark.parametrize("other", [chat(id="m1", platform="youtube"), chat(id="m2"), chat(id="")])
async def test_another_platform_or_id_is_no_repeat(journal: Journal, other: object) -> None:
    await journal.append([chat(id="m1"), chat(id="")])
    (event,) = await journal.append([other])  # type: ignore[list-item]  # parametrised
    assert event is not None


async def test_a_repeat_is_known_for_a_day_and_across_restarts(
    tmp_path: Path, clock: ManualClock, published: Published
) -> None:
    async def again() -> bool:
        store = await Store.open(tmp_path / "other.db")
        journal = Journal(store, clock, published)
        await journal.open()
        (event,) = await journal.append([donation(id="d1")])
        await journal.prune()
        await journal.close()
        await store.close()
        return event is not None

    assert await again()
    await clock.advance(DAY_S - 60)
    assert not await again()
    await clock.advance(120)
    assert await again()
    assert not await again()


async def test_a_test_event_never_stands_in_the_way_of_a_real_one(journal: Journal) -> None:
    real = donation("from a viewer", id="7")
    test = msgspec.structs.replace(real, is_test=True)
    logged = [await journal.append([event]) for event in (test, real, real, test)]
    assert [event is not None for (event,) in logged] == [True, True, False, False]


async def crashed(path: Path, clock: ManualClock, ids: list[str]) -> None:
    """Log chat and leave as a crash does: nothing is written at the end."""
    store = await Store.open(path)
    journal = Journal(store, clock, lambda events: None)
    await journal.open()
    await journal.append([chat(id=id) for id in ids])
    await store.close()


async def test_a_repeat_is_known_after_a_crash_from_the_log_itself(
    tmp_path: Path, clock: ManualClock, published: Published
) -> None:
    path = tmp_path / "other.db"
    await crashed(path, clock, ["a", "b"])
    await crashed(path, clock, ["c"])
    store = await Store.open(path)
    assert await store.read(lambda c: c.execute("SELECT count(*) FROM seen").fetchone()) == (0,)
    journal = Journal(store, clock, published)
    await journal.open()
    results = await journal.append([chat(id=id) for id in ("a", "b", "c", "d")])
    assert [event is None for event in results] == [True, True, True, False]
    await clock.advance(DAY_S + 1)
    (event,) = await journal.append([chat(id="a")])
    assert event is not None
    await journal.close()
    await store.close()


@pytest.mark.parametrize("each", [1, 7, 300])
async def test_keys_move_to_the_table_and_are_known_wherever_they_are(
    store: Store, journal: Journal, each: int
) -> None:
    events = [chat(id=f"{i}") for i in range(3 * BATCH)]
    for at in range(0, len(events), MAX_WAITING):
        many = events[at : at + MAX_WAITING]
        parts = [many[part : part + each] for part in range(0, len(many), each)]
        await asyncio.gather(*(journal.append(part) for part in parts))
    # Small commits take the keys along, a few each.
    for number in range(2 * BATCH // SLICE):
        await journal.append([viewers(), chat(id=f"more {number}")])
    kept = await store.read(lambda c: c.execute("SELECT count(*) FROM seen").fetchone()[0])
    assert kept >= BATCH
    assert len(journal._writer.seen._recent) < 3 * BATCH
    again = [events[at : at + MAX_WAITING] for at in range(0, len(events), MAX_WAITING)]
    results = [event for part in again for event in await journal.append(part)]
    assert results == [None] * len(events)
    assert len(await rows(store)) == len(events) + 2 * BATCH // SLICE


async def test_every_size_of_group_finds_its_repeats(
    tmp_path: Path, clock: ManualClock, published: Published
) -> None:
    path = tmp_path / "other.db"
    store = await Store.open(path)
    journal = Journal(store, clock, published)
    await journal.open()
    for size in (1, 2, FEW, FEW + 1, 200):
        await journal.append([chat(id=f"{size} {i}") for i in range(0, size, 2)])
        await journal.append([chat(), follow(id="")])
    await journal.close()  # which leaves everything in the table
    journal = Journal(store, clock, published)
    await journal.open()
    assert not journal._writer.seen._recent
    for size in (1, 2, FEW, FEW + 1, 200):
        results = await journal.append([chat(id=f"{size} {i}") for i in range(size)])
        assert [event is None for event in results] == [i % 2 == 0 for i in range(size)]
    await journal.close()
    await store.close()


async def test_a_failed_commit_leaves_no_key_behind(store: Store, journal: Journal) -> None:
    await journal.append([chat(id="first")])
    await limit_pages(store, 2)
    with pytest.raises(StorageError):
        await journal.append([chat("x" * 50_000, id="big")])
    await limit_pages(store, None)
    (event,) = await journal.append([chat("x" * 50_000, id="big")])
    assert event is not None
