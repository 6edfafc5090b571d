"""Every way in which the platform's events can be interrupted, and when each is over."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import httpx

from tests.fakes.twitch.process import FakeProcess

__all__ = ["KEEPALIVE_S", "OUTAGES", "Outage", "settled"]

KEEPALIVE_S = 1.0
GRACE_S = 0.8
BACK_WITHIN_S = 40.0
LAG_S = 0.2
"""Less than the time for which an old socket is still read after a move."""
CODES = itertools.cycle((4000, 4001, 4002, 4003, 4004, 4005, 4006, 1001, 1011))

State = dict[str, Any]


class Outage(NamedTuple):
    """One way; most of them end the session, after which a gap has to be marked."""

    name: str
    begin: Callable[[FakeProcess], Awaitable[None]]
    is_slow: bool = False


async def settled(fake: FakeProcess, types: set[str], connections: int) -> None:
    """Wait until one session, on a further socket, has every subscription."""
    async with asyncio.timeout(BACK_WITHIN_S):
        while True:
            state = await _state(fake)
            if (
                state is not None
                and state["connections"] >= connections
                and state["sessions"] == 1
                and types <= set(state["subscribed"])
            ):
                return
            await asyncio.sleep(0.02)


async def _state(fake: FakeProcess) -> State | None:
    try:
        return dict(await fake.get("state"))
    except httpx.TransportError:
        return None


async def _move(fake: FakeProcess) -> None:
    await fake.do("ask_to_move")


async def _move_with_doubles(fake: FakeProcess) -> None:
    before = await _sockets(fake)
    await fake.switch(eventsub__doubles_moves=True, eventsub__move_lag_s=LAG_S)
    await fake.do("ask_to_move")
    await _more_sockets(fake, before)
    await asyncio.sleep(2 * LAG_S)
    await fake.switch(eventsub__doubles_moves=False, eventsub__move_lag_s=0)


async def _drop(fake: FakeProcess) -> None:
    await fake.do("drop_all")


async def _close(fake: FakeProcess) -> None:
    await fake.do("close_all", next(CODES))


async def _die_half_way(fake: FakeProcess) -> None:
    before = await _sockets(fake)
    await fake.do("mute_all")
    await _more_sockets(fake, before)
    await fake.do("lose_mute")


async def _fall_silent(fake: FakeProcess) -> None:
    before = await _sockets(fake)
    await fake.switch(eventsub__is_silent=True)
    await _more_sockets(fake, before)
    await fake.switch(eventsub__is_silent=False)


async def _refuse_the_move(fake: FakeProcess) -> None:
    deaths = await _deaths(fake)
    await fake.switch(eventsub__refuse_moves=1)
    await fake.do("ask_to_move")
    await _more_deaths(fake, deaths)


async def _drop_in_a_move(fake: FakeProcess) -> None:
    await fake.do("ask_to_move")
    await fake.do("drop_all")


async def _restart(fake: FakeProcess) -> None:
    await fake.post("restart", {"down_s": 0.3})
    # Until it is down, so that it is not taken for being back.
    async with asyncio.timeout(BACK_WITHIN_S):
        while await _state(fake) is not None:
            await asyncio.sleep(0.005)


async def _refuse_to_connect(fake: FakeProcess) -> None:
    await fake.switch(eventsub__refuse_connections=2)
    await fake.do("drop_all")


async def _expire(fake: FakeProcess) -> None:
    await fake.do("expire_logins")
    await fake.do("drop_all")


async def _give_no_subscriptions(fake: FakeProcess) -> None:
    """Let a session be closed with 4003 because nothing could be subscribed in time."""
    await fake.switch(eventsub__unused_after_s=0.3)
    await fake.post("fault", {"path": SUBSCRIPTIONS, "status": 500, "times": 1_000_000})
    closed = len((await fake.get("state"))["closed_with"])
    await fake.do("drop_all")
    async with asyncio.timeout(BACK_WITHIN_S):
        while 4003 not in (await fake.get("state"))["closed_with"][closed:]:
            await asyncio.sleep(0.02)
    await fake.post("clear_faults", {})
    await fake.switch(eventsub__unused_after_s=10)


async def _move_to_nowhere(fake: FakeProcess) -> None:
    deaths = await _deaths(fake)
    await fake.do("ask_to_move", to="ws://127.0.0.1:9/ws")
    await _more_deaths(fake, deaths)


async def _answer_nothing(fake: FakeProcess) -> None:
    before = await _sockets(fake)
    await fake.switch(eventsub__answers_nothing=True)
    await fake.do("drop_all")
    await _more_sockets(fake, before)
    await fake.switch(eventsub__answers_nothing=False)


async def _sockets(fake: FakeProcess) -> int:
    """Return how many there have been so far."""
    return int((await fake.get("state"))["connections"])


async def _deaths(fake: FakeProcess) -> int:
    """Return how many sessions have ended so far."""
    return int((await fake.get("state"))["deaths"])


async def _more_deaths(fake: FakeProcess, before: int) -> None:
    async with asyncio.timeout(BACK_WITHIN_S):
        while await _deaths(fake) == before:
            await asyncio.sleep(0.02)


async def _more_sockets(fake: FakeProcess, before: int) -> None:
    async with asyncio.timeout(BACK_WITHIN_S):
        while await _sockets(fake) == before:
            await asyncio.sleep(0.02)


SUBSCRIPTIONS = "/helix/eventsub/subscriptions"

OUTAGES = (
    Outage("a move", _move),
    Outage("a drop", _drop),
    Outage("a move, doubled and late", _move_with_doubles),
    Outage("a close", _close),
    Outage("a line that is dead half-way", _die_half_way),
    Outage("a move that is refused (4007)", _refuse_the_move),
    Outage("a restart of the server", _restart),
    Outage("a drop in the middle of a move", _drop_in_a_move),
    Outage("silence", _fall_silent),
    Outage("a drop, then refused connections", _refuse_to_connect),
    Outage("a drop with an expired login", _expire),
    Outage("a session without subscriptions (4003)", _give_no_subscriptions),
    Outage("a move to nowhere", _move_to_nowhere, is_slow=True),
    Outage("a drop, then a black hole", _answer_nothing, is_slow=True),
)
