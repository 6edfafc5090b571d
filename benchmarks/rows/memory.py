"""P8: what the core itself holds in memory: idle, with company, after a million events."""

from __future__ import annotations

import asyncio

from benchmarks.plan import Plan
from benchmarks.product import loaded, running, write_modules
from benchmarks.quiet_module import LISTENING
from benchmarks.readers import connected
from benchmarks.source import Order

__all__ = ["memory"]

CLIENTS = 50
MODULES = 20
EVENTS = 1_000_000
SETTLE_S = 3.0


async def memory(plan: Plan) -> None:
    """RSS of the core's process"""
    for _ in plan.times(3):
        with plan.home() as home:
            async with running(home) as product:
                await asyncio.sleep(SETTLE_S)
                plan.record("P8.idle", product.rss_mb())
    for _ in plan.times(1):
        with plan.home() as home:
            module_ids = write_modules(home, LISTENING, MODULES)
            async with loaded(home) as product:
                await product.approve_all(module_ids)
                async with connected(product.target, CLIENTS, timed=0) as readers:
                    await asyncio.sleep(SETTLE_S)
                    plan.record("P8.clients", product.rss_mb())
                    await product.carry_out(Order(do="flood", count=plan.size(EVENTS)))
                    await readers.quiet(within_s=300)
                    await asyncio.sleep(SETTLE_S)
                    plan.record("P8.events", product.rss_mb())
