"""C5: the disk is full for a while under load; the core lives, says so, and loses nothing."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.chaos.disk import CannotMountError, SmallDisk, small_disk
from tests.chaos.effects import check_effects
from tests.chaos.inside import is_money
from tests.chaos.marks import Report
from tests.chaos.plan import Plan
from tests.chaos.product import Victim, started
from tests.chaos.sender import Sender
from tests.e2e.core_process import until

__all__ = ["fill_the_disk"]

SETTLE_S = 120.0
TOLD_WITHIN_S = 10.0


async def fill_the_disk(plan: Plan, home: Path) -> Report:
    """C5: a full disk."""
    report = Report("C5 disk full")
    try:
        with small_disk(home.parent / "disk", plan.pick(64, 256)) as disk:
            await _starve(plan, disk, report)
    except CannotMountError as error:
        report.skipped = str(error)
    return report


async def _starve(plan: Plan, disk: SmallDisk, report: Report) -> None:
    sender = Sender(plan.pick(300, 1000))
    home = disk.folder / "home"
    async with sender.running(), started(home, sender) as victim:
        sender.begin()
        await asyncio.sleep(plan.pick(1, 10))
        disk.fill()
        begin = time.monotonic()
        await until(lambda: _state(victim, "disk_full"), within_s=TOLD_WITHIN_S, what="it is told")
        report.timing("the state is shown after", (time.monotonic() - begin) * 1000, 2000)
        detail = (await victim.api("GET", "/api/system"))["storage"]["detail"]
        report.true("the streamer reads a sentence", holds=len(detail) > 20)
        answers = 0
        while time.monotonic() - begin < plan.seconds(5, 60):
            disk.fill()
            await victim.api("GET", "/api/system")
            answers += 1
            await asyncio.sleep(0.25)
        report.tell("answers of the API meanwhile", answers)
        waiting = sum(map(is_money, sender.unanswered))
        report.tell("money events that waited", waiting)
        disk.free()
        freed_at = time.monotonic()
        sender.pause()
        answered = await sender.all_answered(SETTLE_S)
        report.none("events never answered", 0 if answered else 1)
        resumed = next((at for at in sender.money_answers if at > freed_at), None)
        report.true("money events came through again", holds=resumed is not None or not waiting)
        if resumed is not None:
            report.timing("the first money event after space", (resumed - freed_at) * 1000, 2000)
        report.tell("all that had waited was logged after", time.monotonic() - freed_at, "s")
        await until(lambda: _state(victim, "ok"), within_s=TOLD_WITHIN_S, what="all is well again")
        await victim.end(report)
    check_effects(report, home, (), sender.acknowledged)


async def _state(victim: Victim, state: str) -> bool:
    return bool((await victim.api("GET", "/api/system"))["storage"]["state"] == state)
