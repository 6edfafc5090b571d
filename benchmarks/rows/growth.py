"""P12: how the core's processor time per event grows with clients, modules and history."""

from __future__ import annotations

import asyncio
from pathlib import Path

from benchmarks.history import fill
from benchmarks.plan import Plan
from benchmarks.plot import plot
from benchmarks.product import Loaded, loaded, write_modules
from benchmarks.quiet_module import LISTENING
from benchmarks.readers import connected
from benchmarks.samples import median, worst_doubling
from benchmarks.source import Order

__all__ = ["growth"]

CLIENTS = (8, 16, 32, 64)
MODULES = (4, 8, 16, 32)
HISTORY = (125_000, 250_000, 500_000, 1_000_000)
PER_S = 500
MODULES_PER_S = 200
PLOT = Path("benchmarks/growth.svg")


async def growth(plan: Plan) -> None:
    """processor time of the core per event while clients, modules or history double"""
    seconds = plan.seconds(5)
    clients = {size: await _with_clients(plan, size, seconds) for size in CLIENTS}
    modules = {size: await _with_modules(plan, size, seconds) for size in MODULES}
    sizes = [plan.size(size) for size in HISTORY]
    history = {size: await _with_history(plan, size, seconds) for size in sizes}
    plan.record("P12.clients", worst_doubling(clients))
    plan.record("P12.modules", worst_doubling(modules))
    plan.record("P12.history", worst_doubling(history))
    series = {"clients": clients, "modules": modules, "events in the log": history}
    for name, costs in series.items():
        print(f"    {name}: " + ", ".join(f"{n:,}: {us:.0f} µs" for n, us in costs.items()))
    drawing = plot("CPU of the core per event, µs", series)
    await asyncio.to_thread(PLOT.write_text, drawing, encoding="utf-8")


async def _with_clients(plan: Plan, clients: int, seconds: float) -> float:
    with plan.home() as home:
        async with (
            loaded(home) as product,
            connected(product.target, clients, timed=0),
        ):
            return await _us_per_event(plan, product, PER_S, seconds)


async def _with_modules(plan: Plan, modules: int, seconds: float) -> float:
    with plan.home() as home:
        module_ids = write_modules(home, LISTENING, modules)
        async with loaded(home) as product:
            await product.approve_all(module_ids)
            return await _us_per_event(plan, product, MODULES_PER_S, seconds)


async def _with_history(plan: Plan, events: int, seconds: float) -> float:
    with plan.home() as home:
        await asyncio.to_thread(fill, plan, home, events)
        async with loaded(home) as product:
            return await _us_per_event(plan, product, PER_S, seconds)


async def _us_per_event(plan: Plan, product: Loaded, per_s: int, seconds: float) -> float:
    costs = []
    for _ in plan.times(3):
        done = await product.carry_out(Order(do="pace", per_s=per_s, seconds=seconds))
        costs.append(done.cpu_s / done.events * 1e6)
    return median(costs)
