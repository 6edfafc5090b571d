"""The write-ahead log is emptied beside the writing thread, and with it when events never pause."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from streamcore.core.store import Store
from streamcore.core.store.checkpoints import DUE_PAGES, MOST_PAGES, PAGES_OF_A_COMMIT


def add(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO answers VALUES (hex(randomblob(8)), 'key', 1, 'answer')")


def in_the_file_itself(path: Path) -> int:
    """Count what would be there without the write-ahead log."""
    alone = path.with_name("alone.db")
    alone.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(alone)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM answers").fetchone()[0])
        except sqlite3.DatabaseError:  # empty so far, or copied while it was written
            return 0


async def write(store: Store, commits: int) -> None:
    for _ in range(commits):
        await store.write(add, durable=False)


async def test_commits_reach_the_file_itself_while_the_store_is_open(
    store: Store, tmp_path: Path
) -> None:
    commits = DUE_PAGES // PAGES_OF_A_COMMIT + 1
    await write(store, commits)
    async with asyncio.timeout(8):
        while in_the_file_itself(store.path) < commits - 1:
            await asyncio.sleep(0.05)


async def test_a_long_reader_neither_stops_the_writing_nor_the_end(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "other.db")
    begun, end = threading.Event(), threading.Event()

    def slow(connection: sqlite3.Connection) -> int:
        connection.execute("SELECT count(*) FROM answers").fetchone()
        begun.set()
        end.wait(8)
        return int(connection.execute("SELECT count(*) FROM answers").fetchone()[0])

    reading = asyncio.ensure_future(store.read(slow))
    await asyncio.to_thread(begun.wait, 8)
    await write(store, DUE_PAGES)
    end.set()
    assert await reading == 0
    await store.close()
    assert in_the_file_itself(tmp_path / "other.db") == DUE_PAGES
    assert not (tmp_path / "other.db-wal").exists()


async def test_what_never_pauses_does_not_grow_the_write_ahead_log_for_ever(store: Store) -> None:
    def much(connection: sqlite3.Connection) -> None:
        connection.execute(
            "INSERT INTO module_settings VALUES (hex(randomblob(8)), randomblob(?))", (1 << 20,)
        )

    waiting = [asyncio.ensure_future(store.write(much, durable=False)) for _ in range(20)]
    for _ in range(60):
        waiting.append(asyncio.ensure_future(store.write(much, durable=False)))
        await waiting.pop(0)
    await asyncio.gather(*waiting)
    wal = store.path.with_name(store.path.name + "-wal")
    assert wal.stat().st_size < 2 * MOST_PAGES * 4096
