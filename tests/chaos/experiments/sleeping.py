"""C9: the computer sleeps, and its clock is set; nobody is blamed for it, and all goes on."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.chaos.effects import caught_up, check_effects, write_effects
from tests.chaos.inside import Order
from tests.chaos.marks import Report
from tests.chaos.plan import Plan
from tests.chaos.platform import reaches
from tests.chaos.product import Victim, started
from tests.chaos.sender import Sender
from tests.e2e.login import log_in
from tests.fakes.twitch import FakeTwitch

__all__ = ["sleep_and_wake"]

SETTLE_S = 20.0
DAY_S = 24 * 3600.0
KEEPALIVE_S = 1.0
"""So short that the platform's link is dead after every sleep."""


async def sleep_and_wake(plan: Plan, home: Path) -> Report:
    """C9: suspend and a clock that jumps."""
    report = Report("C9 sleep and clock")
    sender = Sender(plan.pick(100, 500))
    module_ids = write_effects(home, 3)
    async with FakeTwitch() as twitch, sender.running():
        twitch.eventsub.keepalive_s = KEEPALIVE_S
        async with started(home, sender, environment=twitch.env) as victim:
            await victim.approve_all(module_ids)
            await log_in(victim, twitch)
            sender.begin()
            await asyncio.sleep(1)
            await _suspend(victim, plan.seconds(3, 90))
            begin = time.monotonic()
            report.true("events are logged after a sleep", holds=await _flows(sender))
            is_back = await reaches(victim, "connected", within_s=60)
            report.true("the platform is connected after a sleep", holds=is_back)
            report.timing("connected again after", (time.monotonic() - begin) * 1000, 15_000)
            for jump_s in (DAY_S, -DAY_S, *((-DAY_S, DAY_S) if plan.is_long else ())):
                await sender.order(Order(jump_s=jump_s))
                # Longer than the core waits between two looks at its modules.
                await asyncio.sleep(plan.pick(5.5, 30.0))
                report.true(f"events are logged, {jump_s:+.0f} s", holds=await _flows(sender))
            is_well = await reaches(victim, "connected", within_s=15)
            report.true("the platform is connected after the clock was set", holds=is_well)
            records = await victim.modules()
            sender.pause()
            report.none("events never answered", 0 if await sender.all_answered(SETTLE_S) else 1)
            await caught_up(home, module_ids, SETTLE_S)
            report.none("restarts of modules", sum(record["restarts"] for record in records))
            running = sum(record["state"] == "running" for record in records)
            report.none("modules that do not run", len(module_ids) - running)
            await victim.end(report)
    check_effects(report, home, module_ids, sender.acknowledged)
    return report


async def _suspend(victim: Victim, seconds: float) -> None:
    """Stop every process of the product at once and let them go on together."""
    processes = [victim.process, *victim.module_processes()]
    try:
        for process in processes:
            process.suspend()
        await asyncio.sleep(seconds)
    finally:
        for process in processes:
            process.resume()


async def _flows(sender: Sender) -> bool:
    """See whether events that are offered from now on are answered."""
    number = sender.sent + 1
    end = time.monotonic() + SETTLE_S
    while number not in sender.acknowledged and time.monotonic() < end:
        await asyncio.sleep(0.02)
    return number in sender.acknowledged
