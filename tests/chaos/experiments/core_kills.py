"""C2: the core is killed with -9 under load: what it acknowledged stays, nobody outlives it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.chaos.effects import blocks_run_again, caught_up, check_effects, write_effects
from tests.chaos.marks import Report
from tests.chaos.plan import Plan
from tests.chaos.product import outliving, started
from tests.chaos.sender import Sender

__all__ = ["kill_cores"]

SETTLE_S = 20.0


async def kill_cores(plan: Plan, home: Path) -> Report:
    """C2: kill -9 of the core."""
    report = Report("C2 kill -9 of the core")
    sender = Sender(plan.pick(200, 1000))
    module_ids = write_effects(home, plan.pick(3, 10))
    recoveries: list[float] = []
    orphans = 0
    async with sender.running(), started(home, sender) as victim:
        await victim.approve_all(module_ids)
        sender.begin()
        begin = time.monotonic()
        for _ in range(plan.pick(4, 100)):
            if plan.is_over(begin):
                break
            await asyncio.sleep(plan.chance.uniform(0.2, 2.0))
            killed_at = time.monotonic()
            bereft = await victim.crash()
            answer = sender.next_answer()
            await victim.start()
            async with asyncio.timeout(20):
                recoveries.append((await answer - killed_at) * 1000)
            orphans += await outliving(bereft)
        seconds = time.monotonic() - begin
        sender.pause()
        report.none("events never answered", 0 if await sender.all_answered(SETTLE_S) else 1)
        await victim.all_running(module_ids)
        await caught_up(home, module_ids, SETTLE_S)
        report.none("processes that outlived their core", orphans)
        await victim.end(report)
    report.tell("kills", victim.kills)
    report.tell("events a second", sender.sent / seconds)
    check_effects(report, home, module_ids, sender.acknowledged)
    again = blocks_run_again(home, module_ids)
    report.at_most("once blocks cut off behind their effect", again, victim.kills * len(module_ids))
    report.timings("from the kill to the first new commit", recoveries, at=95, limit_ms=1000)
    return report
