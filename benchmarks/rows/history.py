"""P11: a long log: append to it, search it, page through it."""

from __future__ import annotations

import asyncio
import time

from benchmarks.history import fill, login, word
from benchmarks.plan import Plan
from benchmarks.product import Product, loaded
from benchmarks.samples import median, percentile
from benchmarks.source import Order

__all__ = ["history", "pages", "searches", "slowest"]

EVENTS = 10_000_000
APPENDS = 1_000
APPENDS_PER_S = 200
TIMES = 7
COMMON, RARE = word(2), word(15_000)
SEARCHES = (
    login(3),
    login(30_000),
    f"{login(3)} {COMMON}",
    f"{login(3)} {RARE}",
    COMMON,
    RARE,
    COMMON[:3],
    "nothingofthekind",
)
"""A person who writes much and one who does not, with and without words, words, a beginning."""


async def history(plan: Plan) -> None:
    """fill an empty log; append to one of ten million events, search it, page through it (HTTP)"""
    await _alone(plan)
    events = plan.size(EVENTS)
    with plan.home() as home:
        await asyncio.to_thread(fill, plan, home, events)
        async with loaded(home) as product:
            plan.record("P11.history", events)
            for _ in plan.times(3):
                done = await product.carry_out(
                    Order(do="append", count=APPENDS, per_s=APPENDS_PER_S)
                )
                plan.record("P11.append_p50", percentile(done.delays_ms, 50))
                plan.record("P11.append", percentile(done.delays_ms, 99))
                plan.record("P11.search", await slowest(product, searches()))
                plan.record("P11.page", await slowest(product, pages(events)))


async def _alone(plan: Plan) -> None:
    """How many events an empty log takes when nobody reads."""
    with plan.home() as home:
        async with loaded(home) as product:
            for _ in plan.times(5):
                done = await product.carry_out(Order(do="flood", seconds=plan.seconds(8)))
                plan.record("P11.rate", done.events / done.seconds)
                plan.record("P11.rate_cpu", done.cpu_s / done.events * 1e6)


def searches() -> tuple[str, ...]:
    """Return the queries that search."""
    return tuple(f"limit=100&q={query}" for query in SEARCHES)


def pages(events: int) -> tuple[str, ...]:
    """Return the queries that page through so many events."""
    return (
        "limit=100",
        f"limit=100&before={events // 2}",
        f"limit=100&before={events // 2}&type=donation",
        "limit=100&platform=bench&type=donation,chat_message",
    )


async def slowest(product: Product, queries: tuple[str, ...]) -> float:
    """Return the median of the query with the greatest one."""
    medians = {query: await _ms(product, query) for query in queries}
    slowest = max(medians, key=lambda query: medians[query])
    print(f"    slowest: {slowest}")
    return medians[slowest]


async def _ms(product: Product, query: str) -> float:
    took = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        await product.api("GET", f"/api/events?{query}")
        took.append((time.perf_counter() - begin) * 1000)
    return median(took)
