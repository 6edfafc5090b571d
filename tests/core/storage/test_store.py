"""The store: group commit, isolation of jobs, damage, disk full, closing."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from streamcore.core.errors import CannotSaveError, DamagedError, StartError, StorageError
from streamcore.core.migrations import MIGRATIONS, SCHEMA_VERSION
from streamcore.core.store import StorageState, StorageStatus, Store
from streamcore.core.store.opening import open_writer
from streamcore.core.store.writer import RESERVE_BYTES


def put(name: str, value: int) -> Callable[[sqlite3.Connection], None]:
    def write(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO meta VALUES (?, ?)", (name, value))

    return write


class Held:
    """Keeps the writing thread busy, so that what is written meanwhile waits together."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running = threading.Event()
        self._release = threading.Event()

    async def __aenter__(self) -> None:
        self._write = asyncio.ensure_future(self._store.write(self._block))
        await asyncio.to_thread(self._running.wait, 5)

    async def __aexit__(self, *error: object) -> None:
        self._release.set()
        await self._write

    def _block(self, connection: sqlite3.Connection) -> None:
        self._running.set()
        self._release.wait(5)


def names(connection: sqlite3.Connection) -> list[str]:
    return [
        name
        for (name,) in connection.execute("SELECT name FROM meta WHERE name <> 'log_id' ORDER BY 1")
    ]


async def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "streamcore.db")
    await store.write(put("a", 1))
    await store.close()
    again = await Store.open(tmp_path / "streamcore.db")
    assert await again.read(names) == ["a"]
    await again.close()


async def test_closing_leaves_one_file_with_everything_in_it(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "streamcore.db")
    await store.write(put("a", 1))
    await store.close()
    assert not (tmp_path / "streamcore.db-wal").exists()


async def test_a_write_returns_what_its_function_returns(store: Store) -> None:
    assert await store.write(lambda c: c.execute("SELECT 7").fetchone()[0]) == 7


async def test_what_waits_is_committed_as_one_transaction(store: Store) -> None:
    seen: list[int] = []

    def look(connection: sqlite3.Connection) -> None:
        # From outside nothing of the 50 is there yet: they share the transaction of this one.
        outside = sqlite3.connect(connection.execute("PRAGMA database_list").fetchone()[2])
        seen.extend((len(names(connection)), len(names(outside))))
        outside.close()

    async with Held(store):
        jobs = [asyncio.ensure_future(store.write(put(f"n{i}", i))) for i in range(50)]
        last = asyncio.ensure_future(store.write(look))
        await asyncio.sleep(0)
        assert await store.read(names) == []
    await asyncio.gather(*jobs, last)
    assert seen == [50, 0]
    assert len(await store.read(names)) == 50


async def test_a_failing_job_undoes_only_its_own_writing(store: Store) -> None:
    def half_done(connection: sqlite3.Connection) -> None:
        put("half", 1)(connection)
        raise ValueError("changed my mind")

    async with Held(store):
        jobs = [
            asyncio.ensure_future(store.write(job))
            for job in (put("a", 1), half_done, put("b", 1), put("a", 2))
        ]
        await asyncio.sleep(0)
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(result) for result in results] == [
        type(None),
        ValueError,
        type(None),
        StorageError,
    ]
    assert await store.read(names) == ["a", "b"]


async def test_a_cancelled_write_disturbs_nobody(store: Store) -> None:
    async with Held(store):
        cancelled = asyncio.ensure_future(store.write(put("a", 1)))
        await asyncio.sleep(0)
        cancelled.cancel()
    await store.write(put("b", 1))
    assert "b" in await store.read(names)


async def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(StorageError):
        await store.read(put("a", 1))


async def test_a_read_sees_one_state_of_the_database(store: Store) -> None:
    loop = asyncio.get_running_loop()

    def twice(connection: sqlite3.Connection) -> tuple[int, int]:
        before = len(names(connection))
        asyncio.run_coroutine_threadsafe(store.write(put("a", 1)), loop).result(5)
        return before, len(names(connection))

    assert await store.read(twice) == (0, 0)
    assert await store.read(names) == ["a"]


async def test_after_closing_everything_is_refused(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "streamcore.db")
    await store.close()
    await store.close()
    with pytest.raises(StorageError):
        await store.read(names)
    with pytest.raises(StorageError):
        await store.write(put("a", 1))


async def test_closing_ends_a_long_read(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "streamcore.db")
    running = threading.Event()

    def endless(connection: sqlite3.Connection) -> None:
        connection.create_function("tell", 0, running.set)
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT tell() UNION ALL SELECT i FROM n) SELECT max(i) FROM n"
        ).fetchone()

    read = asyncio.ensure_future(store.read(endless))
    await asyncio.to_thread(running.wait, 5)
    await store.close()
    with pytest.raises(StorageError):
        await read


async def sample(path: Path, rows: int = 400) -> None:
    store = await Store.open(path)

    def fill(connection: sqlite3.Connection) -> None:
        connection.executemany(
            "INSERT INTO log VALUES (?, 1, 1, ?)", [(i, b"x" * 500) for i in range(1, rows)]
        )

    await store.write(fill)
    await store.close()


def test_a_file_of_garbage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "streamcore.db"
    path.write_bytes(b"\x13garbage" * 1000)
    with pytest.raises(DamagedError):
        open_writer(path)
    assert path.read_bytes() == b"\x13garbage" * 1000


@pytest.mark.parametrize("keep", [50, 5_000, 0.5, 0.99])
async def test_a_truncated_file_is_refused(tmp_path: Path, keep: float) -> None:
    path = tmp_path / "streamcore.db"
    await sample(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep if keep > 1 else keep * len(whole))])
    with pytest.raises(DamagedError):
        open_writer(path)


@pytest.mark.parametrize("page", range(1, 12))
async def test_a_page_of_garbage_is_refused(tmp_path: Path, page: int) -> None:
    path = tmp_path / "streamcore.db"
    await sample(path)
    content = bytearray(path.read_bytes())
    content[page * 4096 : page * 4096 + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    with pytest.raises(DamagedError):
        open_writer(path)


async def test_no_flipped_bit_makes_a_start_hang_or_crash(tmp_path: Path) -> None:
    await sample(tmp_path / "whole.db", rows=60)
    whole = (tmp_path / "whole.db").read_bytes()
    chance = random.Random(3)
    path = tmp_path / "streamcore.db"
    refused = 0
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(8):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        try:
            open_writer(path).close()
        except StartError:
            refused += 1
        for rest in tmp_path.glob("streamcore.db-*"):
            rest.unlink()
    assert refused > 0


async def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "streamcore.db"
    await sample(path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(StartError, match="newer StreamCore"):
        await Store.open(path)


async def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "streamcore.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    with pytest.raises(StartError, match="another program"):
        await Store.open(path)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("theirs",)]
    connection.close()


async def test_a_folder_that_is_not_there_is_a_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="cannot be opened"):
        await Store.open(tmp_path / "nowhere" / "streamcore.db")


def test_a_later_step_runs_once_on_an_older_database(tmp_path: Path) -> None:
    path = tmp_path / "streamcore.db"
    open_writer(path).close()
    steps = (*MIGRATIONS, ("ALTER TABLE enabled ADD COLUMN since INTEGER",))
    open_writer(path, steps).close()
    connection = open_writer(path, steps)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(steps),)
    assert connection.execute("SELECT since FROM enabled").fetchall() == []
    connection.close()


def test_a_step_that_fails_leaves_the_older_schema_whole(tmp_path: Path) -> None:
    path = tmp_path / "streamcore.db"
    open_writer(path).close()
    with pytest.raises(StartError):
        open_writer(path, (*MIGRATIONS, ("CREATE TABLE half (a)", "CREATE TABLE nonsense")))
    connection = open_writer(path)
    assert connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").fetchall() == []
    connection.close()


async def limit_pages(store: Store, extra: int | None) -> None:
    """Let the database grow by no more than this many pages."""

    def limit(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        top = pages + extra if extra is not None else 2**30
        connection.execute(f"PRAGMA max_page_count = {top}")

    while True:
        try:
            await store.write(limit)
        except CannotSaveError:
            # It shared a transaction with something that the disk did not take.
            await asyncio.sleep(0.01)
        else:
            return


def fill(size: int) -> Callable[[sqlite3.Connection], None]:
    def write(connection: sqlite3.Connection) -> None:
        connection.execute(
            "INSERT INTO module_settings VALUES (hex(randomblob(8)), zeroblob(?))", (size,)
        )

    return write


async def test_a_full_disk_is_logged_once_and_its_end_too(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await limit_pages(store, 2)
    for _ in range(5):
        with pytest.raises(StorageError):
            await store.write(fill(100_000))
    await limit_pages(store, None)
    await store.write(fill(100_000))
    assert caplog.text.count("The disk is full") == 1
    assert caplog.text.count("can be written again") == 1


async def test_who_watches_hears_of_a_full_disk_and_of_its_end(store: Store) -> None:
    heard: list[StorageStatus] = []
    store.health.watch(heard.append)
    await limit_pages(store, 2)
    for _ in range(3):
        with pytest.raises(StorageError):
            await store.write(fill(100_000))
    assert store.health.status.state is StorageState.DISK_FULL
    assert store.health.status.since is not None
    assert "make room" in store.health.status.detail
    await limit_pages(store, None)
    await store.write(fill(100_000))
    assert [status.state for status in heard] == [StorageState.DISK_FULL, StorageState.OK]
    assert heard[1].since is None


async def test_a_database_that_was_begun_anew_says_so_when_nothing_is_worse(store: Store) -> None:
    heard: list[StorageStatus] = []
    store.health.watch(heard.append)
    store.health.rebuilt("the damaged one is kept")
    await limit_pages(store, 2)
    with pytest.raises(StorageError):
        await store.write(fill(100_000))
    await limit_pages(store, None)
    assert [status.state for status in heard] == [
        StorageState.REBUILT,
        StorageState.DISK_FULL,
        StorageState.REBUILT,
    ]
    assert heard[-1] == heard[0] == store.health.status
    assert store.health.status.detail == "the damaged one is kept"


async def test_a_full_disk_is_told_and_passes(store: Store, tmp_path: Path) -> None:
    await store.write(put("before", 1))
    await limit_pages(store, 2)
    reserve = (tmp_path / "reserve.bin").stat()
    assert reserve.st_size == RESERVE_BYTES
    if sys.platform != "win32":  # which has no permission bits
        assert reserve.st_mode & 0o777 == 0o600
    with pytest.raises(StorageError, match="disk is full"):
        await store.write(fill(100_000))
    # The reserve went first: on a real disk that is what makes the second attempt succeed.
    assert not (tmp_path / "reserve.bin").exists()
    assert await store.read(names) == ["before"]
    await limit_pages(store, None)
    await store.write(fill(100_000))
    await store.write(put("later", 1))
    assert await store.read(names) == ["before", "later"]
    assert await store.read(lambda c: c.execute("PRAGMA integrity_check").fetchone()) == ("ok",)


async def test_a_full_disk_fails_everybody_in_the_transaction(store: Store) -> None:
    await limit_pages(store, 2)
    async with Held(store):
        jobs = [asyncio.ensure_future(store.write(job)) for job in (put("small", 1), fill(100_000))]
        await asyncio.sleep(0)
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(result) for result in results] == [CannotSaveError, CannotSaveError]
    assert await store.read(names) == []
