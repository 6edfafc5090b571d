"""P9: what a module's process costs: time to ready, memory, a hundred of them."""

from __future__ import annotations

import asyncio
import time

import psutil

from benchmarks.plan import Plan
from benchmarks.product import MB, Product, cpu_seconds, running, write_modules
from benchmarks.quiet_module import LISTENING
from benchmarks.rows.starting import until_running

__all__ = ["fresh_interpreter", "module_processes"]

MANY = 100
IDLE_S = 10.0
SETTLE_S = 1.0


async def module_processes(plan: Plan) -> None:
    """a module's process as this system's launcher makes it: start to ready, memory, a hundred"""
    with plan.home() as home:
        write_modules(home, LISTENING, 1)
        async with running(home) as product:
            await product.approve_all(["bench_000"])
            for _ in plan.times(9):
                plan.record("P9.start", await _start(product) * 1000)
                await asyncio.sleep(SETTLE_S)
                plan.record("P9.uss", (await _memory(product))[0])
    with plan.home() as home:
        module_ids = write_modules(home, LISTENING, MANY)
        async with running(home) as product:
            await product.approve_all(module_ids)
        for _ in plan.times(3):
            async with running(home) as product:
                plan.record("P9.hundred", await until_running(product, MANY))
                await asyncio.sleep(SETTLE_S)
                modules = product.module_processes()
                plan.record("P9.hundred_mb", sum(_uss(each) for each in modules))
                before = sum(cpu_seconds(each) for each in modules)
                seconds = plan.seconds(IDLE_S)
                await asyncio.sleep(seconds)
                used = sum(cpu_seconds(each) for each in modules) - before
                plan.record("P9.hundred_cpu", used / seconds * 100)


async def fresh_interpreter(plan: Plan) -> None:
    """a module in a fresh interpreter, which is how they start where nothing can be forked"""
    with plan.home() as home:
        write_modules(home, LISTENING, 1)
        async with running(home, program=("-m", "benchmarks.unforked")) as product:
            await product.approve_all(["bench_000"])
            for _ in plan.times(9):
                plan.record("P9b.start", await _start(product))
                await asyncio.sleep(SETTLE_S)
                plan.record("P9b.rss", (await _memory(product))[1])


async def _start(product: Product) -> float:
    """Stop the module, start it, and return the seconds from `starting` to `running`."""
    await product.api("POST", "/api/modules/bench_000/disable")
    await product.reaches("bench_000", "disabled")
    async with asyncio.timeout(30), product.pushes() as pushes:
        await anext(pushes)
        enabling = asyncio.create_task(product.api("POST", "/api/modules/bench_000/enable"))
        begin = 0.0
        try:
            async for name, payload in pushes:
                states = [record["state"] for record in payload] if name == "modules" else []
                if "starting" in states:
                    begin = begin or time.perf_counter()
                if "running" in states:
                    return time.perf_counter() - begin
        finally:
            await enabling
    raise RuntimeError("the core closed the connection")


async def _memory(product: Product) -> tuple[float, float]:
    """Return the module's own memory and its RSS."""
    process = await product.process_of("bench_000")
    return _uss(process), float(process.memory_info().rss) / MB


def _uss(process: psutil.Process) -> float:
    return float(process.memory_full_info().uss) / MB
