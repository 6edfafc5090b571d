"""What is measured, and how often: each second for those who look, now and then for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from streamcore.core.usage import UsageMeter
from tests.fakes.clock import ManualClock


class Stage:
    """A meter of one module whose counts the test sets."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.watched = asyncio.Event()
        self.measured = 0
        self.pushes: list[dict[str, Any]] = []
        self.running = {"bot": (1.5, 20.0)}
        self.counts = (0, 0)
        self.meter = UsageMeter(
            watched=self.watched,
            measure=self._measure,
            running=lambda: self.running,
            counts=lambda module_id: self.counts,
            push=self.pushes.append,
            clock=self.clock,
        )

    def _measure(self) -> None:
        self.measured += 1


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    task = asyncio.create_task(stage.meter.run())
    async with asyncio.timeout(5):
        # It finds its own process in a thread before it begins.
        while not stage.clock.sleepers:
            await asyncio.sleep(0.005)
    yield stage
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_nobody_looks_and_it_is_seldom(stage: Stage) -> None:
    await stage.clock.advance(4.9)
    assert stage.measured == 0
    await stage.clock.advance(15.2)
    assert stage.measured == len(stage.pushes) == 4


async def test_someone_looks_and_it_is_each_second_from_then_on(stage: Stage) -> None:
    await stage.clock.advance(2)
    stage.watched.set()
    await stage.clock.advance(0)
    assert stage.measured == 1, "whoever comes does not look at old figures for long"
    await stage.clock.advance(3)
    assert stage.measured == 4
    stage.watched.clear()
    await stage.clock.advance(1 + 10)
    assert stage.measured == 4 + 1 + 2


async def test_counts_become_rates_whatever_the_time_between(stage: Stage) -> None:
    await stage.clock.advance(5)
    stage.counts = (500, 50)
    await stage.clock.advance(5)
    assert stage.meter.rates("bot") == (100.0, 10.0)
    stage.watched.set()
    await stage.clock.advance(0)
    stage.counts = (520, 50)
    await stage.clock.advance(1)
    usage = stage.pushes[-1]["modules"]["bot"]
    assert (usage.events_per_s, usage.commands_per_s) == (20.0, 0.0)
    assert (usage.cpu_percent, usage.rss_mb) == (1.5, 20.0)


async def test_the_core_counts_itself_and_forgets_who_has_ended(stage: Stage) -> None:
    await stage.clock.advance(5)
    assert stage.meter.core["rss_mb"] > 5
    stage.running = {}
    await stage.clock.advance(5)
    assert stage.pushes[-1]["modules"] == {}
    assert stage.meter.rates("bot") == (0.0, 0.0)
