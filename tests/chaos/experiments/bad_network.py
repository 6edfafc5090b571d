"""C10: the way to the platform is lossy, slow, cut, dead or without names; the core stays calm."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

from tests.chaos.marks import Report
from tests.chaos.network import BadNetwork, Weather
from tests.chaos.plan import Plan
from tests.chaos.platform import gaps, reaches, state_of
from tests.chaos.product import Victim, started
from tests.e2e.core_process import until
from tests.e2e.login import log_in
from tests.fakes.twitch import FakeTwitch

__all__ = ["spoil_the_network"]

API = "STREAMCORE_TWITCH_API_URL"
EVENTS = "STREAMCORE_TWITCH_EVENTSUB_URL"
NOWHERE = "http://no-such-host.invalid"
KEEPALIVE_S = 1.0
AGAIN_WITHIN_S = 90.0
"""The longest pause between two attempts is 60 s."""
TOLD_WITHIN_S = 10.0
ATTEMPTS_SPARED = 3
"""The first ones may come faster than one a second."""
CPU_PERCENT = 5.0
CALM_AFTER_S = 3.0
"""What begins behind the start is done by then."""
BROKEN = (Weather.CUT, Weather.SWALLOWED, Weather.REFUSED)


async def spoil_the_network(plan: Plan, home: Path) -> Report:
    """C10: the network."""
    report = Report("C10 network")
    async with AsyncExitStack() as stack:
        twitch = await stack.enter_async_context(FakeTwitch())
        twitch.eventsub.keepalive_s = KEEPALIVE_S
        networks = {
            name: await stack.enter_async_context(
                BadNetwork(_port(twitch.env[name]), plan.chance).running()
            )
            for name in (API, EVENTS)
        }
        environment = _through(twitch.env, networks)
        async with started(home, environment=environment) as victim:
            await log_in(victim, twitch)
            await _endure(plan, report, victim, twitch, networks)
            report.none("tracebacks of the core", victim.tracebacks())
            await victim.stop()
        await _without_names(plan, report, home, environment)
        async with started(home, environment=environment) as victim:
            is_back = await reaches(victim, "connected", within_s=20)
            report.true("the platform is connected when names are there again", holds=is_back)
            await victim.end(report)
    return report


async def _endure(
    plan: Plan,
    report: Report,
    victim: Victim,
    twitch: FakeTwitch,
    networks: Mapping[str, BadNetwork],
) -> None:
    events = networks[EVENTS]
    weathers = {
        Weather.LOSSY: plan.pick(1, 60),
        Weather.SLOW: plan.pick(0, 60),
        Weather.CUT: plan.pick(1, 60),
        Weather.SWALLOWED: plan.seconds(2, 300),
        Weather.REFUSED: plan.pick(0, 60),
    }
    for weather, seconds in weathers.items():
        if not seconds:
            continue
        gaps_before = gaps(victim.home)
        cpu_s, begin, attempts = victim.cpu_s(), time.monotonic(), len(events.attempts)
        for network in networks.values():
            await network.change(weather)
        await asyncio.sleep(seconds)
        took_s = time.monotonic() - begin
        made = len(events.attempts) - attempts
        report.at_most(f"{weather}: attempts to connect", made, took_s + ATTEMPTS_SPARED)
        percent = (victim.cpu_s() - cpu_s) / took_s * 100
        report.timing(f"{weather}: processor time", percent, CPU_PERCENT, "%")
        for network in networks.values():
            await network.change(Weather.FAIR)
        begin = time.monotonic()
        is_back = await _hears(victim, twitch, f"after {weather}")
        report.true(f"{weather}: events come again", holds=is_back)
        report.tell(f"{weather}: back after", time.monotonic() - begin, "s")
        if weather in BROKEN:
            is_told = await _is_told(victim, gaps_before)
            report.true(f"{weather}: the gap is told", holds=is_told)
        else:
            report.tell(f"{weather}: gaps told", gaps(victim.home) - gaps_before)


async def _is_told(victim: Victim, gaps_before: int) -> bool:
    """Wait for one more gap; it is told when Twitch has been asked what can be asked."""

    async def is_one_more() -> bool:
        return gaps(victim.home) > gaps_before

    try:
        await until(is_one_more, within_s=TOLD_WITHIN_S)
    except AssertionError:
        return False
    return True


async def _hears(victim: Victim, twitch: FakeTwitch, text: str) -> bool:
    """Talk until the core has logged it."""

    async def is_logged() -> bool:
        if "channel.chat.message" not in twitch.eventsub.subscribed():
            return False
        await twitch.chat("Anna", text)
        page = await victim.api("GET", "/api/events?type=chat_message&limit=20")
        return text in [event["text"] for event in page["items"]]

    try:
        await until(is_logged, within_s=AGAIN_WITHIN_S)
    except AssertionError:
        return False
    return await reaches(victim, "connected", within_s=AGAIN_WITHIN_S)


async def _without_names(
    plan: Plan, report: Report, home: Path, environment: Mapping[str, str]
) -> None:
    """Start where no name of the platform can be found."""
    nowhere = {
        name: NOWHERE.replace("http", "ws") if "EVENTSUB" in name else NOWHERE
        for name in environment
        if name.endswith("_URL")
    }
    async with started(home, environment={**environment, **nowhere}) as victim:
        await asyncio.sleep(CALM_AFTER_S)
        cpu_s, begin = victim.cpu_s(), time.monotonic()
        await asyncio.sleep(plan.pick(1, 30))
        percent = (victim.cpu_s() - cpu_s) / (time.monotonic() - begin) * 100
        report.timing("no names: processor time", percent, CPU_PERCENT, "%")
        state, reason = await state_of(victim)
        report.true(f"no names: it goes on trying and says so ({state})", holds=bool(reason))
        report.none("no names: tracebacks of the core", victim.tracebacks())
        await victim.stop()


def _through(env: Mapping[str, str], networks: Mapping[str, BadNetwork]) -> dict[str, str]:
    """Return an environment whose addresses lead through the networks, the events' their own."""
    return {
        name: value.replace(f":{_port(value)}", f":{networks.get(name, networks[API]).port}")
        if name.endswith("_URL")
        else value
        for name, value in env.items()
    }


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port
