"""P15: a million events: start on them again, search, page, replay."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from benchmarks.history import fill
from benchmarks.plan import Plan
from benchmarks.product import Product, running
from benchmarks.rows.history import pages, searches, slowest
from tests.e2e.core_process import until, write_module

__all__ = ["million"]

EVENTS = 1_000_000
PAGE = 500
ABSENT = """
from streamcore.sdk import BaseModule, on_event


class Absent(BaseModule):
    @on_event("donation")
    async def hear(self, event):
        if event.text == "now":
            await self.storage.set("all", True)
"""
"""Was not there while the million came, and says so when it hears of what comes now."""


async def million(plan: Plan) -> None:
    """restart on a million events, search them, page through them, replay them"""
    events = plan.size(EVENTS)
    with plan.home() as home:
        write_module(home, "absent", ABSENT, permissions=("donations_read",))
        async with running(home) as product:
            await product.approve_all(["absent"])
        with closing(sqlite3.connect(home / "streamcore.db")) as connection:
            (consent,) = connection.execute("SELECT body FROM consents").fetchone()
        await asyncio.to_thread(fill, plan, home, events)
        _let_in(home, consent)
        for attempt in plan.times(3):
            _miss_all(home)
            async with running(home) as product:
                plan.record("P15.ready", product.ready_s)
                plan.record("P15.missed", await _until_all(product))
                if not attempt:
                    plan.record("P15.search", await slowest(product, searches()))
                    plan.record("P15.page", await slowest(product, pages(events)))
                    await _walk(plan, product, events)


def _let_in(home: Path, consent: bytes) -> None:
    """Give the long log's database the consent that the streamer gave."""
    with closing(sqlite3.connect(home / "streamcore.db")) as connection, connection:
        connection.execute("INSERT INTO consents VALUES ('absent', ?)", (consent,))
        connection.execute("INSERT INTO enabled VALUES ('absent')")


def _miss_all(home: Path) -> None:
    """Put the module's cursor before the first event."""
    with closing(sqlite3.connect(home / "streamcore.db")) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO cursors VALUES ('absent', 0)")
        connection.execute("DELETE FROM storage")
        connection.execute("DELETE FROM storage_size")


async def _until_all(product: Product) -> float:
    """Return the seconds from the ready line until the module is through what it missed."""
    begin = time.perf_counter()
    await product.simulate("donation", text="now")
    await until(lambda: product.stored("absent", "all"), within_s=60, what="all are replayed")
    return time.perf_counter() - begin


async def _walk(plan: Plan, product: Product, events: int) -> None:
    """Read the whole log as the dashboard would."""
    begin, cpu_s = time.perf_counter(), product.cpu_s()
    seen, query = 0, f"/api/events?limit={PAGE}"
    before = ""
    while True:
        page = await product.api("GET", query + before)
        seen += len(page["items"])
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    if seen < events:
        raise RuntimeError(f"expected at least {events} events; found {seen}")
    plan.record("P15.walk", seen / (time.perf_counter() - begin))
    plan.record("P15.walk_cpu", (product.cpu_s() - cpu_s) / seen * 1e6)
