"""A thousand messages through fifty interruptions of every kind: each once, in order, or marked."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from streamcore.protocol.events import ChatMessage, EventGap, PlatformStateName
from streamcore.protocol.permissions import Permission
from tests.core.integrations.host import FastClock, eventually
from tests.core.integrations.twitch.rig import TwitchRig

EVENTS = 1000
INTERRUPTIONS = 50
SPEED = 500.0
KEEPALIVE_S = 0.6
GRACE_S = 0.3


class Storm:
    """Talks all the time, notes what Twitch sent, and interrupts."""

    def __init__(self, rig: TwitchRig, chance: random.Random) -> None:
        self.rig = rig
        self.eventsub = rig.fake.eventsub
        self.chance = chance
        self.said: list[str] = []
        """What was written to a socket that stood."""
        self.unheard: list[datetime] = []
        """When something was said that nobody listened to."""

    @property
    def heard(self) -> list[str]:
        return [message.text for message in self.rig.host.of(ChatMessage)]

    async def say(self) -> bool:
        """Write one message in the chat; tells whether Twitch sent it to us."""
        text = f"message {len(self.said)}"
        before = self.eventsub.notifications
        await self.rig.fake.chat("Anna", text)
        if self.eventsub.notifications > before:
            self.said.append(text)
            return True
        self.unheard.append(self.rig.host.clock.now())
        await asyncio.sleep(0.004)
        return False

    async def arrived(self) -> None:
        """Wait until nothing is on its way: what is cut with the line is lost for every client."""
        await eventually(lambda: self.heard[-1:] == self.said[-1:])

    async def interrupt(self, how: Callable[[], Awaitable[None]]) -> None:
        """Interrupt, and wait until a new socket is tried, where one can be."""
        connections = self.eventsub.connections
        await how()
        if how != self.move_to_nowhere:
            await eventually(lambda: self.eventsub.connections > connections)

    async def move(self) -> None:
        await self.eventsub.ask_to_move()

    async def move_doubled(self) -> None:
        self.eventsub.doubles_moves = True
        await self.eventsub.ask_to_move()
        for _ in range(3):
            await self.say()
        await asyncio.sleep(0.02)
        self.eventsub.doubles_moves = False

    async def move_again_at_once(self) -> None:
        await self.eventsub.ask_to_move()
        await self.say()
        await self.eventsub.ask_to_move()

    async def move_after_a_refusal(self) -> None:
        self.eventsub.refuse_connections = 1
        await self.eventsub.ask_to_move()

    async def move_refused(self) -> None:
        self.eventsub.refuse_moves = 1
        await self.eventsub.ask_to_move()

    async def move_to_nowhere(self) -> None:
        await self.eventsub.ask_to_move(
            to=self.chance.choice(("ws://[", "", "http://127.0.0.1:1/"))
        )

    async def close_while_moving(self) -> None:
        await self.arrived()
        await self.eventsub.ask_to_move()
        await self.eventsub.close_all(self.chance.choice((4000, 4004)))

    async def close(self) -> None:
        await self.eventsub.close_all(self.chance.choice((4003, 4007, 4000, 4005, 1012)))

    async def drop(self) -> None:
        await self.arrived()
        cut = set(self.eventsub.sockets)
        await self.eventsub.drop_all()
        await eventually(lambda: not cut & self.eventsub.sockets)

    async def silence(self) -> None:
        sessions = self.eventsub.connections
        self.eventsub.is_silent = True
        await eventually(lambda: self.eventsub.connections > sessions)
        self.eventsub.is_silent = False

    async def restart(self) -> None:
        await self.arrived()
        await self.rig.fake.restart()


@pytest.mark.timeout(30)  # four seconds where nothing else runs
@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_is_lost_and_nothing_comes_twice(
    rig: TwitchRig, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    for chatty in ("httpcore", "httpx", "asyncio"):
        caplog.set_level(logging.ERROR, logger=chatty)
    rig.host.clock = FastClock(SPEED)
    rig.fake.eventsub.keepalive_s = KEEPALIVE_S
    rig.fake.eventsub.reconnect_grace_s = GRACE_S
    await rig.twitch.connect(permissions=[Permission.CHAT_READ])
    await rig.fake.approve_login()
    await rig.until(PlatformStateName.CONNECTED)
    storm = Storm(rig, random.Random(seed))
    usual: list[Callable[[], Awaitable[None]]] = [storm.move, storm.close, storm.drop]
    rare = [
        storm.move_doubled,
        storm.move_again_at_once,
        storm.move_after_a_refusal,
        storm.move_refused,
        storm.move_to_nowhere,
        storm.close_while_moving,
        storm.silence,
        storm.restart,
    ]
    interruptions = rare + [storm.chance.choice(usual) for _ in range(INTERRUPTIONS - len(rare))]
    storm.chance.shuffle(interruptions)
    step = EVENTS // INTERRUPTIONS
    for interruption in interruptions:
        goal = len(storm.said) + storm.chance.randint(step // 2, step)
        while len(storm.said) < goal:
            await storm.say()
        await storm.interrupt(interruption)
    while len(storm.said) < EVENTS:
        await storm.say()
    await eventually(lambda: len(storm.heard) >= EVENTS)
    assert storm.heard == storm.said
    assert rig.fake.eventsub.connections >= INTERRUPTIONS
    await eventually(lambda: all(is_marked(rig, at) for at in storm.unheard))
    for gap in rig.host.of(EventGap):
        assert gap.from_at is not None
        assert gap.to_at is not None
        assert gap.from_at <= gap.to_at


def is_marked(rig: TwitchRig, at: datetime) -> bool:
    """Tell whether a time lies in a gap that the log has been told of."""
    gaps = rig.host.of(EventGap)
    return any(gap.from_at <= at <= gap.to_at for gap in gaps if gap.from_at and gap.to_at)
