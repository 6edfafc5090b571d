"""P16: a flood of chat from the platform's socket, through adapter and log, to one client."""

from __future__ import annotations

import asyncio
import functools
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.plan import Plan
from benchmarks.product import Product, running
from benchmarks.readers import connected
from benchmarks.samples import percentile
from tests.e2e.core_process import until
from tests.fakes.twitch.process import FakeProcess, fake_process

__all__ = ["platform_flood"]

PLATFORM = "twitch"
CALM_PER_S = 1_000
STORM_PER_S = 5_000
MORE_THAN_POSSIBLE_PER_S = 40_000
"""The fake waits while the core is behind, so that what is logged is the core's own speed."""
SETTLED_WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class Flow:
    """One flood, from the first message to the last one logged."""

    offered: int
    logged: int
    seconds: float
    missing: int
    delays_ms: list[float]
    cpu_s: float
    fake_cpu_s: float
    growth_mb: float


async def platform_flood(plan: Plan) -> None:
    """5,000 chat messages/s from the platform's socket for a minute, 1,000/s, and the ceiling"""
    for _ in plan.times(1):
        async with _connected(plan) as (product, fake):
            # The first messages pay for what is loaded once.
            await _flow(product, fake, STORM_PER_S, 2)
            calm = await _flow(product, fake, CALM_PER_S, plan.seconds(20))
            plan.record("P16.calm_p50", percentile(calm.delays_ms, 50))
            plan.record("P16.calm_p99", percentile(calm.delays_ms, 99))
            plan.record("P16.calm_cpu", calm.cpu_s / calm.seconds * 100)
            storm = await _flow(product, fake, STORM_PER_S, plan.seconds(60))
            plan.record("P16.rate", storm.logged / storm.seconds)
            plan.record("P16.lost", storm.offered - storm.logged)
            plan.record("P16.missing", storm.missing)
            plan.record("P16.p50", percentile(storm.delays_ms, 50))
            plan.record("P16.p99", percentile(storm.delays_ms, 99))
            plan.record("P16.cpu", storm.cpu_s / storm.seconds * 100)
            plan.record("P16.fake_cpu", storm.fake_cpu_s / storm.seconds * 100)
            plan.record("P16.growth", storm.growth_mb)
            most = await _flow(product, fake, MORE_THAN_POSSIBLE_PER_S, plan.seconds(8))
            plan.record("P16.ceiling", most.logged / most.seconds)
            assert most.offered == most.logged, (
                "what is too much for the core waits, it is not lost"
            )


@asynccontextmanager
async def _connected(plan: Plan) -> AsyncIterator[tuple[Product, FakeProcess]]:
    """Run the product, logged in to a fake platform in a process of its own."""
    async with fake_process("--approve", "--interval", "1") as fake:
        with plan.home() as home:
            async with running(home, environment=fake.env) as product:
                await product.api("POST", f"/api/platforms/{PLATFORM}/connect")
                await until(
                    functools.partial(_is_connected, product), within_s=20, what="it is connected"
                )
                yield product, fake


async def _is_connected(product: Product) -> bool:
    platforms = (await product.api("GET", "/api/platforms"))["items"]
    return any(each["id"] == PLATFORM and each["state"] == "connected" for each in platforms)


async def _flow(product: Product, fake: FakeProcess, per_s: int, seconds: float) -> Flow:
    before = _messages(product.home)
    async with connected(product.target, 1, timed=1, since="at") as readers:
        used, begin = product.cpu_s(), time.monotonic()
        await fake.post("flood", {"per_s": per_s, "seconds": seconds})
        await asyncio.sleep(seconds / 10)
        early_mb = product.rss_mb()
        await asyncio.sleep(seconds * 9 / 10)
        late_mb = product.rss_mb()
        await until(functools.partial(_is_over, fake), within_s=SETTLED_WITHIN_S)
        flood = (await fake.get("state"))["flood"]
        offered = int(flood["offered"])
        await until(lambda: _messages(product.home) - before >= offered, within_s=SETTLED_WITHIN_S)
        took, used = time.monotonic() - begin, product.cpu_s() - used
        report = await readers.quiet()
    return Flow(
        offered=offered,
        logged=_messages(product.home) - before,
        # A flood's own time, unless the core took longer.
        seconds=max(float(flood["seconds"]), report.seconds),
        missing=report.missing + max(0, offered - report.events[0]),
        delays_ms=report.delays_ms,
        cpu_s=used * float(flood["seconds"]) / took,
        fake_cpu_s=float(flood["cpu_s"]),
        growth_mb=late_mb - early_mb,
    )


async def _is_over(fake: FakeProcess) -> bool:
    return not (await fake.get("state"))["flood"]["is_running"]


def _messages(home: Path) -> int:
    """Count the chat messages in the log itself."""
    with closing(sqlite3.connect(f"file:{home / 'streamcore.db'}?mode=ro", uri=True)) as database:
        (count,) = database.execute(
            "SELECT count(*) FROM log JOIN kinds ON kinds.id = log.kind WHERE type = 'chat_message'"
        ).fetchone()
    return int(count)
