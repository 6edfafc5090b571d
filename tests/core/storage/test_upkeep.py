"""The daily look at the database and the copy of what matters, beside everything else."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from streamcore.core.config import BACKUPS_NAME
from streamcore.core.journal import Journal, copying
from streamcore.core.journal.pruning import keep_pruning
from streamcore.core.journal.upkeep import Upkeep
from streamcore.core.store import Store
from streamcore.core.store.copies import KEPT, copies
from tests.core.storage.events import chat, donation
from tests.core.storage.test_rescue import break_page, pages_of
from tests.fakes.clock import ManualClock


@pytest.fixture
def upkeep(store: Store, clock: ManualClock) -> Upkeep:
    return Upkeep(store, clock, lambda what: None)


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


async def test_a_copy_holds_all_but_old_chat(
    journal: Journal, upkeep: Upkeep, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "NEWEST", 100)
    monkeypatch.setattr(copying, "SLICE", 7)
    for _ in range(10):
        await journal.append([donation("gift"), *(chat(f"line {i}") for i in range(49))])
    await store.write(
        lambda c: c.executemany(
            "INSERT INTO storage VALUES ('bot', ?, x'01')", [(f"{i}",) for i in range(40)]
        )
    )
    copy = await upkeep.once()
    assert copy is not None
    gifts = set(range(1, 500, 50))
    assert rows(copy, "SELECT seq FROM log ORDER BY seq") == [
        (seq,) for seq in sorted(gifts | set(range(401, 501)))
    ]
    live = store.path
    for statement in (
        "SELECT * FROM log WHERE seq > 400",
        "SELECT * FROM storage",
        "SELECT * FROM kinds",
        "SELECT * FROM meta",
    ):
        assert rows(copy, statement) == rows(live, statement)
    # It can be opened as it is, and is one file.
    assert [each.name for each in (live.parent / BACKUPS_NAME).iterdir()] == [copy.name]
    again = await Store.open(copy)
    await again.close()


async def test_what_comes_meanwhile_is_not_held_up(
    journal: Journal, upkeep: Upkeep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "SLICE", 5)
    await journal.append([chat(f"line {i}") for i in range(300)])
    copying_now = asyncio.ensure_future(upkeep.once())
    appended = 0
    while not copying_now.done():
        await journal.append([chat("beside")])
        appended += 1
    copy = await copying_now
    assert copy is not None
    assert appended > 10
    ((count, last),) = rows(copy, "SELECT count(*), max(seq) FROM log")
    assert count == last
    assert isinstance(last, int) and last >= 300


async def test_only_a_few_copies_are_kept_and_no_file_of_the_streamer_goes(
    upkeep: Upkeep, store: Store, clock: ManualClock
) -> None:
    own = store.path.parent / BACKUPS_NAME / "streamcore-20200101-000000.zip"
    own.parent.mkdir()
    own.touch()
    unfinished = own.with_name("auto-20200101-000000.db.partial")
    unfinished.touch()
    made = []
    for _ in range(KEPT + 2):
        made.append(await upkeep.once())
        await clock.advance(1)
    assert copies(store.path.parent) == made[-KEPT:]
    assert own.exists() and not unfinished.exists()


async def test_a_day_goes_by_between_two_copies(
    upkeep: Upkeep, store: Store, clock: ManualClock
) -> None:
    running = asyncio.ensure_future(upkeep.run())
    await clock.advance(301)
    first = await made_after(store.path.parent, 0)
    os.utime(first, (clock.now().timestamp(),) * 2)
    for _ in range(25):
        await clock.advance(3600)
    second = await made_after(store.path.parent, 1)
    assert second.name > first.name
    running.cancel()
    await asyncio.wait({running})


async def made_after(home: Path, before: int) -> Path:
    async with asyncio.timeout(8):
        while len(found := copies(home)) <= before:
            await asyncio.sleep(0.01)
    return found[-1]


async def test_damage_is_told_and_nothing_is_copied(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamcore.core.store.opening.CHECK_WHOLE_UP_TO", 0)
    path = tmp_path / "streamcore.db"
    body = b'{"type":"chat_message","platform":"p","text":"' + b"x" * 850 + b'"}'
    store = await Store.open(path)
    await store.write(
        lambda c: c.executemany(
            "INSERT INTO log VALUES (?, 1, 1, ?)", [(i, body) for i in range(1, 200)]
        )
    )
    await store.close()
    break_page(path, pages_of(path, "log")[5])
    store = await Store.open(path)
    told: list[str] = []
    assert await Upkeep(store, clock, told.append).once() is None
    assert "damaged" in told[0]
    assert copies(tmp_path) == []
    await store.close()
    store = await Store.open(path)
    assert store.health.status.state == "rebuilt"
    await store.close()


async def test_it_ends_with_its_slice_when_the_core_ends(
    upkeep: Upkeep, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = 0

    def endless(path: Path) -> Generator[None, None, None]:
        nonlocal steps
        while True:
            steps += 1
            yield

    monkeypatch.setattr("streamcore.core.journal.upkeep.check_in_slices", endless)
    running = asyncio.ensure_future(upkeep.once())
    while not steps:
        await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.wait({running}, timeout=5)
    assert running.cancelled()
    at_the_end = steps
    await asyncio.sleep(0.02)
    assert steps == at_the_end


async def test_a_flood_is_pruned_before_the_hour_is_over(clock: ManualClock) -> None:
    head, pruned = 0, []

    async def prune() -> None:
        pruned.append(head)

    running = asyncio.ensure_future(keep_pruning(prune, lambda: head, clock))
    await clock.advance(59)
    assert pruned == []
    await clock.advance(1)
    assert pruned == [0]
    head = 40_000
    await clock.advance(30 * 60)
    assert pruned == [0]
    head = 60_000
    await clock.advance(60)
    assert pruned == [0, 60_000]
    await clock.advance(3660)
    assert pruned == [0, 60_000, 60_000]
    running.cancel()
    await asyncio.wait({running})
