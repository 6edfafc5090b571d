"""The inbox is bounded, keeps order, knows repetitions, and hands on in bursts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from streamcore.core.integrations.twitch.eventsub.frames import Frame, Metadata
from streamcore.core.integrations.twitch.eventsub.inbox import BURST, MAX_BYTES, Inbox


def a_frame(number: int) -> Frame:
    return Frame(metadata=Metadata(message_type="notification", message_id=f"{number}"))


class Taker:
    """Takes what comes, unless it is told to wait."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.bursts: list[int] = []
        self.may = asyncio.Event()
        self.may.set()

    async def take(self, frames: Sequence[Frame]) -> None:
        await self.may.wait()
        self.bursts.append(len(frames))
        self.taken.extend(frame.metadata.message_id for frame in frames)


async def turns(count: int = 20) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_what_came_together_is_taken_together() -> None:
    inbox, taker = Inbox(), Taker()
    async with asyncio.TaskGroup() as tasks:
        delivering = tasks.create_task(inbox.deliver(taker.take))
        for number in range(300):
            inbox.put(a_frame(number), 100)
            inbox.put(a_frame(number), 100)
        await turns()
        delivering.cancel()
    assert taker.taken == [f"{number}" for number in range(300)]
    assert taker.bursts == [BURST, BURST, 300 - 2 * BURST]


async def test_a_taker_that_waits_fills_it_up_to_its_bound() -> None:
    inbox, taker = Inbox(), Taker()
    taker.may.clear()
    async with asyncio.TaskGroup() as tasks:
        delivering = tasks.create_task(inbox.deliver(taker.take))
        put = 0
        while not inbox.is_full:
            inbox.put(a_frame(put), 64 * 1024)
            put += 1
        assert put == MAX_BYTES // (64 * 1024)
        waiting = tasks.create_task(inbox.room())
        await turns()
        assert not waiting.done()
        taker.may.set()
        await waiting
        await turns()
        delivering.cancel()
    assert len(taker.taken) == put


async def test_frames_without_an_id_are_never_repetitions() -> None:
    inbox, taker = Inbox(), Taker()
    nameless = Frame(metadata=Metadata(message_type="notification"))
    async with asyncio.TaskGroup() as tasks:
        delivering = tasks.create_task(inbox.deliver(taker.take))
        inbox.put(nameless, 10)
        inbox.put(nameless, 10)
        await turns()
        delivering.cancel()
    assert taker.taken == ["", ""]


async def test_a_repetition_is_known_among_thousands() -> None:
    inbox, taker = Inbox(), Taker()
    async with asyncio.TaskGroup() as tasks:
        delivering = tasks.create_task(inbox.deliver(taker.take))
        for number in range(9000):
            inbox.put(a_frame(number), 10)
        for number in range(5000, 9000):
            inbox.put(a_frame(number), 10)
        await turns(200)
        delivering.cancel()
    assert len(taker.taken) == 9000
