"""C3: modules and core are killed at once; then one core lives on, and its memory is watched."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.chaos.effects import blocks_run_again, caught_up, check_effects, write_effects
from tests.chaos.experiments.module_kills import ModuleKiller
from tests.chaos.marks import Report
from tests.chaos.plan import Plan
from tests.chaos.product import Memory, note_memory, outliving, started
from tests.chaos.sender import Sender

__all__ = ["kill_both"]

SETTLE_S = 20.0
MODULE_KILL_EVERY_S = 0.5


async def kill_both(plan: Plan, home: Path) -> Report:
    """C3: kill -9 of both."""
    report = Report("C3 kill -9 of modules and core together")
    seconds = plan.seconds(7, 1800)
    sender = Sender(plan.pick(200, 1000))
    module_ids = write_effects(home, plan.pick(3, 10))
    orphans, memory = 0, Memory()
    async with sender.running(), started(home, sender, restless=True) as victim:
        await victim.approve_all(module_ids)
        sender.begin()
        killer = ModuleKiller(victim, module_ids, plan)

        async def kill_modules_for(duration: float) -> None:
            end = time.monotonic() + duration
            while time.monotonic() < end:
                await killer.kill_one()
                await asyncio.sleep(plan.chance.uniform(0.2, 1.8) * MODULE_KILL_EVERY_S)

        end = time.monotonic() + seconds / 3
        while time.monotonic() < end:
            await kill_modules_for(plan.chance.uniform(0.5, 4))
            bereft = await victim.crash()
            answer = sender.next_answer()
            await victim.start()
            async with asyncio.timeout(20):
                await answer
            orphans += await outliving(bereft)
        async with memory.watching(victim):
            await kill_modules_for(seconds * 2 / 3)
        sender.pause()
        report.none("events never answered", 0 if await sender.all_answered(SETTLE_S) else 1)
        report.true("every module runs again", holds=await killer.all_back())
        await caught_up(home, module_ids, SETTLE_S)
        report.none("processes that outlived their core", orphans)
        await victim.end(report)
    report.tell("core kills", victim.kills)
    report.tell("module kills", killer.kills)
    check_effects(report, home, module_ids, sender.acknowledged)
    kills = victim.kills * len(module_ids) + killer.kills
    report.at_most(
        "once blocks cut off behind their effect", blocks_run_again(home, module_ids), kills
    )
    note_memory(report, memory, warm_up_s=seconds / 6)
    return report
