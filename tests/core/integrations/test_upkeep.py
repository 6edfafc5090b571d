"""What is kept fresh: how often it is asked for, and what a failure costs."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from streamcore.core.errors import StreamCoreError
from streamcore.core.integrations.upkeep import Upkeep
from tests.fakes.clock import ManualClock


class Evenly(random.Random):
    """No jitter."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


class Source:
    """Notes when it was asked; raises what `errors` hold, then nothing."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.asked_at: list[float] = []
        self.errors: list[Exception] = []
        self.began_s = self.clock.monotonic()
        self.upkeep = Upkeep(
            "The list", self.load, clock=self.clock, chance=Evenly(), fatal=(KeyError,)
        )

    async def load(self) -> None:
        self.asked_at.append(self.clock.monotonic() - self.began_s)
        if self.errors:
            raise self.errors.pop(0)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.upkeep.run())
        await self.clock.advance(0)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])


async def test_it_is_asked_at_once_and_every_hour() -> None:
    source = Source()
    async with source.running():
        await source.clock.advance(7300)
    assert source.asked_at == [0, 3600, 7200]


async def test_after_failures_it_waits_longer_each_time_but_never_more_than_an_hour() -> None:
    source = Source()
    source.errors = [StreamCoreError("no") for _ in range(12)]
    async with source.running():
        await source.clock.advance(30_000)
    waits = [
        later - earlier
        for earlier, later in zip(source.asked_at, source.asked_at[1:], strict=False)
    ]
    assert waits[:9] == [15, 30, 60, 120, 240, 480, 960, 1920, 3600]
    assert set(waits[9:]) == {3600}


async def test_failures_are_told_once_and_so_is_their_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source = Source()
    source.errors = [StreamCoreError("it is down") for _ in range(3)]
    with caplog.at_level(logging.INFO):
        async with source.running():
            await source.clock.advance(3600)
    assert [record.getMessage() for record in caplog.records] == [
        "The list cannot be loaded: it is down; trying again later",
        "The list can be loaded again",
    ]
    assert not any(record.exc_info for record in caplog.records)


async def test_a_fault_of_ours_is_logged_where_it_happened_and_ends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source = Source()
    source.errors = [TypeError("a mistake")]
    async with source.running():
        await source.clock.advance(20)
    assert source.asked_at == [0, 15]
    assert [record.exc_info is not None for record in caplog.records] == [True]


async def test_woken_it_asks_now_and_an_hour_later() -> None:
    source = Source()
    async with source.running():
        await source.clock.advance(100)
        source.upkeep.wake()
        await source.clock.advance(3650)
    assert source.asked_at == [0, 100, 3700]


async def test_a_fatal_error_ends_it() -> None:
    source = Source()
    source.errors = [KeyError("login lost")]
    with pytest.raises(KeyError):
        await source.upkeep.run()
