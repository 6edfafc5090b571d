"""P10: what the core and five modules do while nothing happens."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from benchmarks.plan import Plan
from benchmarks.product import cpu_seconds, running, write_modules
from benchmarks.quiet_module import LISTENING

__all__ = ["idle"]

MODULES = 5
SETTLE_S = 5.0


async def idle(plan: Plan) -> None:
    """processor time and wake-ups of the core and five modules without events"""
    seconds = plan.seconds(20)
    with plan.home() as home:
        module_ids = write_modules(home, LISTENING, MODULES)
        async with running(home) as product:
            await product.approve_all(module_ids)
            await asyncio.sleep(SETTLE_S)
            core, modules = product.process, product.module_processes()
            for _ in plan.times(3):
                used, wakes = cpu_seconds(core), _wakes(core.pid)
                theirs = [_wakes(module.pid) for module in modules]
                await asyncio.sleep(seconds)
                plan.record("P10.cpu", (cpu_seconds(core) - used) / seconds * 100)
                plan.record("P10.core_wakes", (_wakes(core.pid) - wakes) / seconds)
                most = max(
                    _wakes(module.pid) - before
                    for module, before in zip(modules, theirs, strict=True)
                )
                plan.record("P10.module_wakes", most / seconds)


def _wakes(pid: int) -> int:
    """Return how often all threads of a process went to sleep by themselves, and so woke up."""
    if sys.platform != "linux":
        raise RuntimeError("wake-ups are counted on Linux only")
    count = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        for line in status.read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                count += int(line.split()[1])
    return count
