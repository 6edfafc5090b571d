"""Notes of platforms' adapters: there after a restart, and in a database of an older version."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from streamcore.core.notes import Notes
from streamcore.core.store import Store


async def test_a_note_is_there_after_opening_again(tmp_path: Path) -> None:
    path = tmp_path / "streamcore.db"
    store = await Store.open(path)
    notes = Notes(store)
    assert await notes.get("a.b") is None
    await notes.set("a.b", b"\x00one")
    await notes.set("a.b", b"\x00two")
    await notes.set("a.c", b"")
    await store.close()
    store = await Store.open(path)
    notes = Notes(store)
    assert (await notes.get("a.b"), await notes.get("a.c")) == (b"\x00two", b"")
    await notes.delete("a.b")
    await notes.delete("never there")
    assert await notes.get("a.b") is None
    await store.close()


async def test_a_database_of_the_version_before_gets_its_table(tmp_path: Path) -> None:
    path = tmp_path / "streamcore.db"
    await (await Store.open(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE notes")
        connection.execute("PRAGMA user_version = 2")
    store = await Store.open(path)
    notes = Notes(store)
    await notes.set("a.b", b"kept")
    assert await notes.get("a.b") == b"kept"
    await store.close()
