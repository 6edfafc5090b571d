"""The chat's limit: never exceeded, and shared fairly among all who want to write."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from streamcore.core.errors import CommandError
from streamcore.core.integrations.twitch.commands.pacing import (
    LIMIT_OF_GUEST,
    LIMIT_OF_MODERATOR,
    Pacer,
)
from streamcore.protocol.errors import ErrorCode
from tests.fakes.clock import ManualClock

STREAMER = "dashboard"


class Room:
    """A pacer at work, and who wrote when."""

    def __init__(self, limit: int) -> None:
        self.clock = ManualClock()
        self.limit = limit
        self.pacer = Pacer(self.clock, preferred=STREAMER)
        self.pacer.allow(limit)
        self.began_s = self.clock.monotonic()
        self.written: list[tuple[float, str, int]] = []
        self.refused: list[CommandError] = []

    async def write(self, name: str, number: int = 0, *, count: int = 1) -> None:
        try:
            async with self.pacer.turn(name, count):
                for _ in range(count):
                    self.written.append((self.clock.monotonic() - self.began_s, name, number))
                    await asyncio.sleep(0)
        except CommandError as error:
            self.refused.append(error)

    def start(self, name: str, number: int = 0, *, count: int = 1) -> asyncio.Task[None]:
        return asyncio.create_task(self.write(name, number, count=count))

    async def settle(self) -> None:
        """Let everybody run who can, without any time going by."""
        for _ in range(5):
            await self.clock.advance(0)

    def at(self, name: str) -> list[float]:
        return [at for at, who, _ in self.written if who == name]

    def most_in_30_s(self) -> int:
        times = [at for at, _, _ in self.written]
        return max(sum(start <= at < start + 30 for at in times) for start in times)


@asynccontextmanager
async def room(limit: int = LIMIT_OF_MODERATOR) -> AsyncIterator[Room]:
    made = Room(limit)
    running = asyncio.create_task(made.pacer.run())
    try:
        yield made
    finally:
        running.cancel()


@pytest.mark.parametrize("limit", [LIMIT_OF_GUEST, LIMIT_OF_MODERATOR])
@pytest.mark.parametrize("count", [1, 3])
async def test_no_window_ever_holds_more_than_the_limit(limit: int, count: int) -> None:
    async with room(limit) as chat:
        for step in range(400):
            chat.start(f"module_{step % 3}", step, count=count)
            chat.start(STREAMER, step)
            await chat.clock.advance(0.3)
        assert limit * 0.8 < chat.most_in_30_s() <= limit
        assert len(chat.written) > limit * 2.5
        assert chat.refused


async def test_a_burst_goes_at_once_and_the_rest_comes_evenly() -> None:
    async with room() as chat:
        tasks = [chat.start("bot", number) for number in range(40)]
        await chat.settle()
        assert len(chat.written) == 25
        await chat.clock.advance(8)
        await asyncio.gather(*tasks)
        times = chat.at("bot")
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        assert max(gaps) < 0.5
        assert [number for _, _, number in chat.written] == list(range(40)), "in their order"


async def test_a_flood_does_not_starve_others() -> None:
    async with room(LIMIT_OF_GUEST) as chat:
        flood = [chat.start("flood", number) for number in range(200)]
        await chat.clock.advance(3)
        assert len(chat.refused) > 150, "who would wait too long was told at once"
        began_s = chat.clock.monotonic() - chat.began_s
        others = [chat.start(f"quiet_{number}") for number in range(2)]
        mine = chat.start(STREAMER)
        await chat.clock.advance(10)
        await asyncio.gather(mine, *others)
        per_message_s = 31 / (LIMIT_OF_GUEST * 0.7)
        assert chat.at(STREAMER)[0] - began_s < 0.01, "a reserve is the streamer's alone"
        for number in range(2):
            assert chat.at(f"quiet_{number}")[0] - began_s < per_message_s * 5
        await chat.clock.advance(60)
        await asyncio.gather(*flood)
        assert chat.most_in_30_s() <= LIMIT_OF_GUEST


async def test_two_that_flood_get_the_same() -> None:
    async with room() as chat:
        for step in range(300):
            for name in ("one", "two"):
                chat.start(name, step)
                chat.start(name, step)
            await chat.clock.advance(0.2)
        await chat.clock.advance(15)
        one, two = len(chat.at("one")), len(chat.at("two"))
        assert abs(one - two) <= 0.15 * (one + two)
        assert one + two > 130


async def test_the_streamer_goes_before_all_who_wait() -> None:
    async with room() as chat:
        flood = [chat.start("flood", number) for number in range(35)]
        await chat.settle()
        assert len(chat.at("flood")) == 25
        mine = [chat.start(STREAMER, number) for number in range(8)]
        await chat.settle()
        assert len(chat.at(STREAMER)) == 5, "the reserve goes at once"
        await chat.clock.advance(1.4)
        await asyncio.gather(*mine)
        assert len(chat.at("flood")) == 25
        await chat.clock.advance(9)
        await asyncio.gather(*flood)


async def test_who_would_wait_too_long_is_told_when_to_come_back() -> None:
    async with room(LIMIT_OF_GUEST) as chat:
        for number in range(40):
            chat.start("bot", number)
        await chat.settle()
        error = chat.refused[-1].body
        assert error.code is ErrorCode.RATE_LIMITED
        assert error.retry_after_ms is not None
        assert 10_000 < error.retry_after_ms < 20_000
        await chat.clock.advance(error.retry_after_ms / 1000)
        before = len(chat.refused)
        again = chat.start("bot", 99)
        await chat.clock.advance(5)
        await again
        assert len(chat.refused) == before
        assert chat.written[-1][2] == 99


async def test_one_senders_messages_do_not_overtake_each_other() -> None:
    async with room() as chat:
        gate = asyncio.Event()

        async def slow() -> None:
            async with chat.pacer.turn("bot", 1):
                await gate.wait()
                chat.written.append((0.0, "bot", 1))

        first = asyncio.create_task(slow())
        await chat.settle()
        second = chat.start("bot", 2)
        other = chat.start("other", 3)
        await chat.clock.advance(1)
        assert [number for _, _, number in chat.written] == [3], "others need not wait for it"
        gate.set()
        await asyncio.gather(first, second, other)
        assert [number for _, _, number in chat.written] == [3, 1, 2]


async def test_a_cancelled_waiter_gives_its_place_back() -> None:
    async with room(LIMIT_OF_GUEST) as chat:
        for number in range(5):
            await chat.write("bot", number)
        waiting = [chat.start("bot", 10 + number) for number in range(4)]
        await chat.settle()
        for task in waiting[:3]:
            task.cancel()
        await asyncio.gather(*waiting[:3], return_exceptions=True)
        per_message_s = 31 / (LIMIT_OF_GUEST * 0.7)
        await chat.clock.advance(per_message_s + 0.01)
        assert [number for _, _, number in chat.written][5:] == [13]


async def test_a_waiter_cancelled_in_the_moment_of_its_turn_costs_nothing() -> None:
    async with room(LIMIT_OF_GUEST) as chat:
        for _ in range(50):
            task = chat.start("bot")
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        wrote = len(chat.written)
        assert wrote <= 5
        for number in range(5 - wrote):
            await asyncio.wait_for(chat.write("bot", number), 1)


async def test_it_waits_as_long_as_the_platform_says() -> None:
    async with room() as chat:
        chat.pacer.hold(7)
        task = chat.start(STREAMER)
        await chat.clock.advance(6.9)
        assert not task.done()
        await chat.clock.advance(1)
        assert task.done()


async def test_a_moderator_that_was_made_one_may_write_more_at_once() -> None:
    async with room(LIMIT_OF_GUEST) as chat:
        tasks = [chat.start("bot", number) for number in range(9)]
        await chat.settle()
        assert len(chat.written) == 5
        chat.pacer.allow(LIMIT_OF_MODERATOR)
        await chat.settle()
        await asyncio.gather(*tasks)
        assert len(chat.written) == 9


async def test_nothing_is_kept_of_who_wrote_and_left() -> None:
    async with room() as chat:
        for number in range(200):
            await chat.write(f"module_{number}")
            await chat.clock.advance(1)
        assert not chat.pacer._senders
        assert not chat.pacer._order
