"""C6: modules that throw every bomb at once; the others lose nothing, and the core stays small."""

from __future__ import annotations

import asyncio
from pathlib import Path

from benchmarks.product import MB
from tests.chaos.bombs import HARMLESS, write_bombs
from tests.chaos.effects import caught_up, check_effects, round_trips, write_effects
from tests.chaos.marks import Report
from tests.chaos.plan import Plan
from tests.chaos.product import Memory, Victim, note_memory, started
from tests.chaos.sender import Sender
from tests.e2e.core_process import write_module

__all__ = ["throw_bombs"]

SETTLE_S = 20.0
GROWTH_MB = 100
LOGS_MB = 64


async def throw_bombs(plan: Plan, home: Path) -> Report:
    """C6: hostile modules."""
    report = Report("C6 hostile modules")
    sender, memory = Sender(plan.pick(100, 500)), Memory()
    module_ids = write_effects(home, 3)
    bombs = write_bombs(home)
    write_module(home, "talker", HARMLESS)
    async with sender.running(), started(home, sender) as victim:
        await victim.approve_all(module_ids)
        sender.begin()
        await asyncio.sleep(1)
        before = victim.rss_mb()
        async with memory.watching(victim):
            for bomb in (*bombs, "talker"):
                await _light(victim, bomb)
            await asyncio.sleep(plan.seconds(4, 60))
        restarts = {record["id"]: record["restarts"] for record in await victim.modules()}
        sender.pause()
        report.none("events never answered", 0 if await sender.all_answered(SETTLE_S) else 1)
        for bomb in bombs:
            await victim.api("POST", f"/api/modules/{bomb}/disable")
        await caught_up(home, module_ids, SETTLE_S)
        report.none("restarts of the others", sum(restarts[each] for each in module_ids))
        report.none("restarts of one that prints 20 MB at once", restarts["talker"])
        report.tell("restarts of hostile ones", sum(restarts[each] for each in bombs))
        await victim.end(report)
    report.at_most("core RSS grew by", memory.peak_mb - before, GROWTH_MB, "MB")
    logs = sum(path.stat().st_size for path in (home / "logs").rglob("*") if path.is_file())
    report.at_most("all logs", logs / MB, LOGS_MB, "MB")
    check_effects(report, home, module_ids, sender.acknowledged)
    report.timings("an event's way into the log", sender.delays_ms, at=99, limit_ms=50)
    report.timings("round trip of the others", round_trips(home, module_ids))
    note_memory(report, memory, warm_up_s=plan.seconds(4, 60) / 3)
    return report


async def _light(victim: Victim, bomb: str) -> None:
    record = await victim.module(bomb)
    assert record is not None, bomb
    body = {"digest": record["digest"], "permissions": []}
    await victim.api("POST", f"/api/modules/{bomb}/approve", body)
