"""P7: from the start of `main.py` to its ready line, and to fifty running modules."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx

from benchmarks.history import fill
from benchmarks.plan import Plan
from benchmarks.product import Product, running, write_modules
from benchmarks.quiet_module import LISTENING

__all__ = ["starting", "until_running"]

EVENTS = 1_000_000
MODULES = 50


async def starting(plan: Plan) -> None:
    """main.py to ready on a long log, warm; fifty modules after it"""
    with plan.home() as home:
        await asyncio.to_thread(fill, plan, home, plan.size(EVENTS))
        async with running(home):
            pass
        for _ in plan.times(7):
            async with running(home) as product:
                plan.record("P7.ready", product.ready_s)
    with plan.home() as home:
        module_ids = write_modules(home, LISTENING, MODULES)
        async with running(home) as product:
            await product.approve_all(module_ids)
        for _ in plan.times(3):
            async with running(home) as product:
                plan.record("P7.modules", await until_running(product, MODULES))


async def until_running(product: Product, count: int) -> float:
    """Return the seconds from now until so many modules run."""
    begin = time.perf_counter()
    states: dict[str, str] = {}
    async with asyncio.timeout(180), product.pushes() as pushes:
        # After the subscription, so that no change falls between.
        first, _ = await anext(pushes)
        assert first == "welcome"
        states |= {record["id"]: record["state"] for record in await _patiently(product)}
        while list(states.values()).count("running") < count:
            name, payload = await anext(pushes)
            if name == "modules":
                states |= {record["id"]: record.get("state", "") for record in payload}
    return time.perf_counter() - begin


async def _patiently(product: Product) -> list[dict[str, Any]]:
    """Ask for all records again when the core, starting many, does not answer in time."""
    while True:
        try:
            return await product.modules()
        except httpx.TimeoutException:
            print("    the core took more than 10 s to answer")
