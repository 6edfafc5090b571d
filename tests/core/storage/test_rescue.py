"""A damaged database: what is saved of it, what is not, and what a crash meanwhile leaves."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from streamcore.core.config import BACKUPS_NAME, QUARANTINE_NAME
from streamcore.core.consents import Consent, Consents
from streamcore.core.errors import StartError
from streamcore.core.journal import EventQuery, Journal
from streamcore.core.store import Store
from streamcore.core.store.health import StorageState
from streamcore.core.store.opening import suspect_damage
from tests.core.storage.conftest import Published
from tests.core.storage.events import chat, donation, own
from tests.fakes.clock import ManualClock

PAGE = 4096
EVENTS = 400


async def fill(path: Path, clock: ManualClock, published: Published, events: int = EVENTS) -> None:
    """Write a log, a consent, a withdrawal and data of a module, as the core does."""
    store = await Store.open(path)
    journal = Journal(store, clock, published)
    await journal.open()
    for start in range(0, events, 100):
        await journal.append(
            [
                donation(f"gift {i}", id=f"g{i}") if i % 10 == 0 else chat(f"line {i}", id=f"c{i}")
                for i in range(start, start + 100)
            ]
        )
    await journal.append([own("bot")])
    journal.save_cursor("bot", 7)
    await journal.close()
    consents = Consents(store)
    await consents.load()
    consent = Consent("digest", ("chat_read",), ("*",), (), clock.now())
    for module_id in ("bot", "other"):
        await consents.put(module_id, consent)
    await store.write(
        lambda c: c.executemany(
            "INSERT INTO storage VALUES ('bot', ?, ?)",
            [(f"{i:04}", b"x" * 100) for i in range(300)],
        )
    )
    await store.write(
        lambda c: c.execute("INSERT INTO storage_size VALUES ('bot', 31200)").fetchall()
    )
    await store.close()


def pages_of(path: Path, table: str) -> list[int]:
    """Return the pages of a table from its root: its leaves are all that is behind it."""
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)
        ).fetchone()
    content = path.read_bytes()
    page = content[(root - 1) * PAGE : root * PAGE]
    if page[0] in (13, 10):  # the root is a leaf
        return [root]
    cells = int.from_bytes(page[3:5], "big")
    pointers = (int.from_bytes(page[12 + 2 * i : 14 + 2 * i], "big") for i in range(cells))
    return [int.from_bytes(page[at : at + 4], "big") for at in pointers]


def break_page(path: Path, number: int) -> None:
    content = bytearray(path.read_bytes())
    content[(number - 1) * PAGE : number * PAGE] = b"\xa5" * PAGE
    path.write_bytes(content)


def kept_aside(path: Path) -> list[Path]:
    return sorted((path.parent / QUARANTINE_NAME).glob(f"*/{path.name}"))


async def logged(store: Store) -> list[int]:
    return [
        seq for (seq,) in await store.read(lambda c: c.execute("SELECT seq FROM log").fetchall())
    ]


@pytest.fixture
async def path(tmp_path: Path, clock: ManualClock, published: Published) -> Path:
    await fill(tmp_path / "streamcore.db", clock, published)
    return tmp_path / "streamcore.db"


async def test_a_broken_page_of_the_log_costs_only_its_events(
    path: Path, clock: ManualClock, published: Published
) -> None:
    leaves = pages_of(path, "log")
    break_page(path, leaves[3])
    break_page(path, leaves[9])
    broken = path.read_bytes()
    store = await Store.open(path, clock)
    there = await logged(store)
    assert EVENTS - 40 < len(there) < EVENTS + 1
    assert {1, EVENTS + 1} <= set(there)
    status = store.health.status
    assert status.state is StorageState.REBUILT
    assert f"{len(there)} events were saved" in status.detail
    assert "Not all of these could be read: events." in status.detail
    assert [each.read_bytes() for each in kept_aside(path)] == [broken]
    assert str(kept_aside(path)[0].parent) in status.detail
    # Everything else is whole, and no number is given out again.
    consents = Consents(store)
    await consents.load()
    assert consents.get("bot") is not None
    journal = Journal(store, clock, published)
    await journal.open()
    assert await journal.cursor("bot") == 7
    (event,) = await journal.append([chat("after")])
    assert event is not None and event.seq > EVENTS + 1
    page = await journal.page(EventQuery(q="line 399"))
    assert [msgspec.json.decode(item)["text"] for item in page.items] == ["line 399"]
    types = frozenset({"donation"})
    gifts, _ = await journal.read(
        after=0, limit=99, types=types, platforms=None, module_id=None, not_before=None
    )
    assert {gift.type for gift in gifts} == {"donation"}
    assert len(gifts) == sum(seq % 10 == 1 for seq in there if seq <= EVENTS)
    await journal.close()
    await store.close()


async def test_the_next_start_is_an_ordinary_one(path: Path) -> None:
    break_page(path, pages_of(path, "log")[2])
    await (await Store.open(path)).close()
    store = await Store.open(path)
    assert store.health.status.state is StorageState.OK
    assert len(kept_aside(path)) == 1
    await store.close()


@pytest.mark.parametrize("table", ["consents", "withdrawn", "enabled"])
async def test_what_was_granted_is_whole_or_not_at_all(path: Path, table: str) -> None:
    break_page(path, pages_of(path, table)[0])
    store = await Store.open(path)
    consents = Consents(store)
    await consents.load()
    assert consents.get("bot") is None and consents.get("other") is None
    assert "Modules ask for their permissions again." in store.health.status.detail
    assert len(await logged(store)) == EVENTS + 1
    await store.close()


async def test_a_consent_that_is_no_consent_grants_nothing_and_stops_no_start(path: Path) -> None:
    store = await Store.open(path)
    await store.write(
        lambda c: c.execute("UPDATE consents SET body = '{' WHERE module_id = 'bot'").fetchall()
    )
    consents = Consents(store)
    await consents.load()
    assert consents.get("bot") is None and consents.get("other") is not None
    await store.close()


async def test_data_of_modules_is_saved_from_both_ends_and_counted_anew(path: Path) -> None:
    leaves = pages_of(path, "storage")
    break_page(path, leaves[len(leaves) // 2])
    store = await Store.open(path)
    rows = await store.read(lambda c: c.execute("SELECT key FROM storage").fetchall())
    keys = [key for (key,) in rows]
    assert 200 < len(keys) < 300
    assert {"0000", "0299"} <= set(keys)
    size = await store.read(lambda c: c.execute("SELECT bytes FROM storage_size").fetchone())
    assert size == (len(keys) * 104,)
    assert "module data" in store.health.status.detail
    await store.close()


@pytest.mark.parametrize("damage", ["garbage", "header", "empty schema", "half"])
async def test_a_file_that_gives_little_is_filled_from_the_newest_copy(
    path: Path, damage: str
) -> None:
    backups = path.parent / BACKUPS_NAME
    backups.mkdir()
    (backups / "auto-20260101-000000.db").write_bytes(b"an older one")
    (backups / "auto-20260102-000000.db").write_bytes(path.read_bytes())
    content = path.read_bytes()
    match damage:
        case "garbage":
            content = b"\x13garbage" * 1000
        case "header":
            content = b"\x00" * 100 + content[100:]
        case "empty schema":
            content = content[:100] + b"\x00" * (PAGE - 100) + content[PAGE:]
        case "half":
            content = content[: len(content) // 2]
    path.write_bytes(content)
    store = await Store.open(path)
    assert len(await logged(store)) == EVENTS + 1
    rows = await store.read(lambda c: c.execute("SELECT count(*) FROM storage").fetchone())
    assert rows == (300,)
    consents = Consents(store)
    await consents.load()
    if damage != "half":
        assert "taken from the newest backup" in store.health.status.detail
        # What was withdrawn since the copy was made must not come back with it.
        assert consents.get("bot") is None
    await store.close()
    assert kept_aside(path)[0].read_bytes() == content


async def test_where_nothing_can_be_saved_a_person_decides(tmp_path: Path) -> None:
    path = tmp_path / "streamcore.db"
    path.write_bytes(b"\x13garbage" * 1000)
    with pytest.raises(StartError, match="streamcore restore"):
        await Store.open(path)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"\x13garbage" * 1000


async def test_no_flipped_bits_keep_a_store_from_opening(path: Path) -> None:
    whole, chance = path.read_bytes(), random.Random(5)
    rebuilt = 0
    for _ in range(12):
        content = bytearray(whole)
        for _ in range(60):
            content[chance.randrange(100, len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        store = await Store.open(path)
        rebuilt += store.health.status.state is StorageState.REBUILT
        await store.close()
    assert rebuilt > 6


async def test_damage_that_was_met_while_running_is_looked_for_at_the_next_start(
    tmp_path: Path, clock: ManualClock, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamcore.core.store.opening.CHECK_WHOLE_UP_TO", 0)
    path = tmp_path / "streamcore.db"
    await fill(path, clock, published)
    break_page(path, pages_of(path, "log")[3])
    store = await Store.open(path)  # which looks at the small tables only
    assert store.health.status.state is StorageState.OK
    with pytest.raises(Exception, match="malformed"):
        await store.read(lambda c: c.execute("SELECT sum(length(body)) FROM log").fetchall())
    await store.close()
    store = await Store.open(path)
    assert store.health.status.state is StorageState.REBUILT
    await store.close()
    store = await Store.open(path)
    assert store.health.status.state is StorageState.OK
    await store.close()


async def test_a_suspicion_that_proves_wrong_is_forgotten(path: Path) -> None:
    suspect_damage(path)
    store = await Store.open(path)
    assert store.health.status.state is StorageState.OK
    await store.close()
    assert not list(path.parent.glob("*.suspect"))


CALLS = ("rename", "replace", "unlink", "fsync", "mkdir")


def open_and_die(path: Path, calls: int) -> None:
    """Open the store in this process, which ends by a kill before its n-th change of files."""
    if sys.platform == "win32":
        return
    left, kill = calls, signal.SIGKILL

    def wrap(real: Callable[..., object]) -> Callable[..., object]:
        def or_die(*given: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), kill)
            return real(*given, **named)

        return or_die

    for name in CALLS:
        setattr(os, name, wrap(getattr(os, name)))
    asyncio.run(Store.open(path))
    os._exit(0)


@pytest.mark.skipif(sys.platform == "win32", reason="which has no SIGKILL")
def test_a_kill_at_any_step_leaves_the_old_or_the_new_one(
    tmp_path: Path, clock: ManualClock, published: Published
) -> None:
    if sys.platform == "win32":
        return
    path = tmp_path / "streamcore.db"
    asyncio.run(fill(path, clock, published))
    break_page(path, pages_of(path, "log")[3])
    damaged = path.read_bytes()
    step, exit_code = 0, -signal.SIGKILL
    while exit_code == -signal.SIGKILL:
        path.write_bytes(damaged)
        for aside in kept_aside(path):
            aside.rename(aside.with_name("seen"))
        child = multiprocessing.get_context("fork").Process(target=open_and_die, args=(path, step))
        child.start()
        child.join(9)
        exit_code = child.exitcode or 0
        assert exit_code in (0, -signal.SIGKILL)

        async def look() -> int:
            store = await Store.open(path)
            there = await logged(store)
            await store.close()
            return len(there)

        assert asyncio.run(look()) > EVENTS - 40, f"step {step}"
        assert [each.read_bytes() for each in kept_aside(path)] == [damaged], f"step {step}"
        step += 1
    assert step > 5
