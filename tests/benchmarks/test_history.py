"""A log that was written in bulk is one that the product reads."""

from __future__ import annotations

import asyncio
from pathlib import Path

from benchmarks.history import fill, login
from benchmarks.plan import Plan
from streamcore.core.clock import SystemClock
from streamcore.core.journal import EventQuery, Journal
from streamcore.core.store import Store


async def test_the_journal_finds_what_was_written(tmp_path: Path) -> None:
    plan = Plan(cache=tmp_path / "cache")
    await asyncio.to_thread(fill, plan, tmp_path / "home", 1_000)
    store = await Store.open(tmp_path / "home" / "streamcore.db")
    journal = Journal(store, SystemClock(), lambda _: None)
    await journal.open()
    page = await journal.page(EventQuery(q=login(0), limit=500))
    donations = await journal.page(EventQuery(types=("donation",), limit=50))
    await journal.close()
    await store.close()
    assert journal.head >= 1_000
    assert 50 < len(page.items) < 200
    assert all(login(0).encode() in item.lower() for item in page.items)
    assert len(donations.items) == 10
