"""C1: modules are killed with -9 in turn under load; none loses money, none does a thing twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from tests.chaos.effects import (
    Life,
    blocks_run_again,
    caught_up,
    check_effects,
    lives,
    round_trips,
    write_effects,
)
from tests.chaos.marks import Report
from tests.chaos.plan import Plan
from tests.chaos.product import Victim, started
from tests.chaos.sender import Sender

__all__ = ["ModuleKiller", "kill_modules"]

SETTLE_S = 20.0
BACK_WITHIN_S = 10.0


class ModuleKiller:
    """Kills the modules of a core one after the other and notes when each was."""

    def __init__(self, victim: Victim, module_ids: Sequence[str], plan: Plan) -> None:
        self._victim = victim
        self._module_ids = module_ids
        self._plan = plan
        self._killed: list[tuple[str, int, float]] = []

    @property
    def kills(self) -> int:
        return len(self._killed)

    async def kill_one(self) -> bool:
        """Kill one that runs; False when none does at the moment."""
        running = [
            record
            for record in await self._victim.modules()
            if record["id"] in self._module_ids and record["state"] == "running"
        ]
        known = {pid for _, pid, _ in self._killed}
        # Only one that has begun with its work: its next life is timed by its own notes.
        ready = [
            record
            for record in running
            if record["pid"] not in known
            and any(life.pid == record["pid"] for life in self._lives(record["id"]))
        ]
        if not ready:
            return False
        record = self._plan.chance.choice(ready)
        try:
            psutil.Process(record["pid"]).kill()
        except psutil.NoSuchProcess:
            return False
        self._killed.append((record["id"], record["pid"], time.time()))
        return True

    async def all_back(self, within_s: float = BACK_WITHIN_S) -> bool:
        """Wait until every module runs again."""
        end = time.monotonic() + within_s
        while await self._victim.running_count() < len(self._module_ids):
            if time.monotonic() > end:
                return False
            await asyncio.sleep(0.1)
        return True

    def absences_ms(self) -> list[float]:
        """Return how long each was away: from the kill to the first event of the next life."""
        found = []
        for module_id, pid, at in self._killed:
            known = self._lives(module_id)
            position = next(i for i, life in enumerate(known) if life.pid == pid)
            if position + 1 < len(known):
                found.append((known[position + 1].at - at) * 1000)
        return found

    def _lives(self, module_id: str) -> list[Life]:
        return lives(self._victim.home, module_id)


async def kill_modules(plan: Plan, home: Path) -> Report:
    """C1: kill -9 of modules."""
    report = Report("C1 kill -9 of modules")
    kills, pause_s = plan.pick(20, 1000), plan.pick(3, 2) / 10
    sender = Sender(plan.pick(200, 1000))
    module_ids = write_effects(home, plan.pick(10, 10))
    # The short form's twenty kills stay below what parks a module, so the product's rules hold.
    async with sender.running(), started(home, sender, restless=plan.is_long) as victim:
        await victim.approve_all(module_ids)
        sender.begin()
        killer = ModuleKiller(victim, module_ids, plan)
        begin = time.monotonic()
        end = begin + kills * pause_s * 3 + 10
        while killer.kills < kills and time.monotonic() < end and not plan.is_over(begin):
            if await killer.kill_one():
                await asyncio.sleep(plan.chance.uniform(0.2, 1.8) * pause_s)
            else:
                await asyncio.sleep(0.02)
        seconds = time.monotonic() - begin
        is_back = await killer.all_back()
        sender.pause()
        report.none("events never answered", 0 if await sender.all_answered(SETTLE_S) else 1)
        await caught_up(home, module_ids, SETTLE_S)
        report.tell("kills", killer.kills)
        if plan.minutes is None:
            report.none("kills that did not happen", kills - killer.kills)
        report.true("every module runs again", holds=is_back)
        await victim.end(report)
    report.tell("events a second", sender.sent / seconds)
    check_effects(report, home, module_ids, sender.acknowledged)
    report.at_most(
        "once blocks cut off behind their effect", blocks_run_again(home, module_ids), kills
    )
    report.timings("a module is back", killer.absences_ms(), at=95, limit_ms=1500)
    report.timings("round trip of modules", round_trips(home, module_ids), at=99, limit_ms=20)
    return report
