"""C12: a platform that moves, drops, closes and restarts while a thousand things happen on it."""

from __future__ import annotations

import asyncio
import itertools
import json
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from tests.chaos.marks import Report
from tests.chaos.outages import GRACE_S, KEEPALIVE_S, OUTAGES, Outage, settled
from tests.chaos.plan import Plan
from tests.chaos.platform import is_connected
from tests.chaos.product import Victim, started
from tests.e2e.core_process import until, write_module
from tests.fakes.twitch.process import FakeProcess, fake_process

__all__ = ["reconnect_again_and_again"]

PER_S = 20.0
OUTAGES_LONG = 50
EVENTS_LONG = 1000
ARRIVED_WITHIN_S = 20.0
CALM_S = 0.4
SLACK_S = 0.5
"""A gap begins when the last frame was read, which is a little after it was written."""
PROGRAM = ("-m", "tests.chaos.hasty")

# The name of a person says of which deed an event is: everybody does one thing only.
WITNESS = """
import os

from streamcore.sdk import BaseModule, on_event


class Witness(BaseModule):
    async def setup(self):
        self.file = os.open(self.data_dir / "seen", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    @on_event("chat_message", "follow", "cheer", "gift_subscription", "subscription",
              "resubscription", "raid", "reward_redemption")
    async def see(self, event):
        os.write(self.file, f"{event.seq}\\n".encode())
"""

EVENT_OF = {
    "chat": {"channel.chat.message": "chat_message"},
    "follow": {"channel.follow": "follow"},
    "cheer": {"channel.chat.message": "chat_message", "channel.bits.use": "cheer"},
    "gift": {"channel.chat.notification": "gift_subscription"},
    "subscribe": {"channel.chat.notification": "subscription"},
    "resubscribe": {"channel.chat.notification": "resubscription"},
    "raid": {"channel.raid": "raid"},
    "redeem": {"channel.channel_points_custom_reward_redemption.add": "reward_redemption"},
}
"""Which notification of a deed becomes which event."""
PERMISSIONS = ("chat_read", "audience_read", "donations_read", "rewards_read")
DEEDS = ("chat", "chat", "follow", "chat", "cheer", "chat", "gift", "subscribe", "chat", "raid",
         "chat", "resubscribe", "redeem")  # fmt: skip


@dataclass(slots=True)
class Happened:
    """What the platform did and told, as its own side knows it."""

    told: dict[int, set[str]] = field(default_factory=dict)
    """By deed, the types of the events that have to come of what was written."""
    at: dict[int, float] = field(default_factory=dict)
    deed: dict[int, str] = field(default_factory=dict)


class Viewers:
    """Do one thing after the other; `turn` keeps them still while the server is down."""

    def __init__(self, fake: FakeProcess) -> None:
        self._fake = fake
        self.happened = Happened()
        self.turn = asyncio.Lock()

    async def act(self) -> None:
        """Go on until cancelled."""
        for number, deed in zip(itertools.count(), itertools.cycle(DEEDS), strict=False):
            async with self.turn:
                self.happened.at[number] = time.time()
                self.happened.deed[number] = deed
                told = await self._do(deed, f"viewer_{number}", number)
            events = EVENT_OF[deed]
            self.happened.told[number] = {events[kind] for kind in told if kind in events}
            await asyncio.sleep(1 / PER_S)

    async def _do(self, deed: str, who: str, number: int) -> Mapping[str, int]:
        match deed:
            case "chat":
                return await self._fake.do("chat", who, f"number {number}")
            case "cheer":
                return await self._fake.do("cheer", who, 100 + number)
            case "gift":
                return await self._fake.do("gift", who, f"friend_{number}")
            case "redeem":
                return await self._fake.do("redeem", who, "Hydrate", 500)
            case "resubscribe":
                return await self._fake.do("resubscribe", who, months=2 + number)
            case "raid":
                return await self._fake.do("raid", who, 5 + number)
            case _:
                return await self._fake.do(deed, who)


async def reconnect_again_and_again(plan: Plan, home: Path) -> Report:
    """C12: reconnects."""
    report = Report("C12 reconnects")
    switches = {
        "oauth.interval_s": 1,
        "eventsub.keepalive_s": KEEPALIVE_S,
        "eventsub.keepalive_share": 0.4,
        "eventsub.reconnect_grace_s": GRACE_S,
        "eventsub.dead_count_for_s": 0,
        "helix.limit": 100_000,
    }
    flags = [f"--set={name}={value}" for name, value in switches.items()]
    write_module(home, "witness", WITNESS, permissions=PERMISSIONS)
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(fake_process("--approve", *flags))
        victim = await stack.enter_async_context(
            started(home, environment=fake.env, program=PROGRAM)
        )
        await victim.approve("witness")
        await victim.api("POST", "/api/platforms/twitch/connect")
        await until(lambda: is_connected(victim), within_s=20, what="the platform is connected")
        happened, lost = await _endure(plan, report, victim, fake)
        # Marking a gap takes its time; what is not marked by now is for the next life to tell.
        await victim.stop()
        await victim.start()
        await until(lambda: is_connected(victim), within_s=20, what="it is connected again")
        await _marked(victim.home, happened)
        issued = await fake.get("issued")
        await victim.end(report)
    _judge(report, home, happened, lost)
    texts = [path.read_text() for path in (home / "logs").rglob("*") if path.is_file()]
    texts.append(victim.stderr.decode(errors="replace"))
    report.none("tokens in the logs", sum(token in text for token in issued for text in texts))
    return report


async def _endure(
    plan: Plan, report: Report, victim: Victim, fake: FakeProcess
) -> tuple[Happened, int]:
    """Let everything go wrong while viewers act; returns what they did, and the sessions lost."""
    types = set((await fake.get("state"))["subscribed"])
    viewers = Viewers(fake)
    acting = asyncio.create_task(viewers.act())
    deaths, back_s = int((await fake.get("state"))["deaths"]), []
    try:
        for outage in _chosen(plan):
            await asyncio.sleep(CALM_S)
            connections = (await fake.get("state"))["connections"]
            begin = time.monotonic()
            await _interrupt(outage, fake, viewers)
            await settled(fake, types, connections + 1)
            await until(lambda: is_connected(victim), within_s=20, what=f"back after {outage.name}")
            back_s.append(time.monotonic() - begin)
        while _told(viewers.happened) < plan.pick(0, EVENTS_LONG):
            await asyncio.sleep(0.1)
        await asyncio.sleep(CALM_S)
    finally:
        acting.cancel()
        await asyncio.gather(acting, return_exceptions=True)
    report.tell("reconnects forced", len(back_s))
    report.tell("until it was back, longest", max(back_s), "s")
    await _arrived(victim.home, _told(viewers.happened))
    return viewers.happened, int((await fake.get("state"))["deaths"]) - deaths


def _told(happened: Happened) -> int:
    return sum(map(len, happened.told.values()))


async def _interrupt(outage: Outage, fake: FakeProcess, viewers: Viewers) -> None:
    if "restart" not in outage.name:
        await outage.begin(fake)
        return
    async with viewers.turn:
        await outage.begin(fake)
        async with asyncio.timeout(ARRIVED_WITHIN_S):
            while not await _is_up(fake):
                await asyncio.sleep(0.02)


def _chosen(plan: Plan) -> list[Outage]:
    quick = [outage for outage in OUTAGES if not outage.is_slow]
    if not plan.is_long:
        return quick
    return [*OUTAGES, *itertools.islice(itertools.cycle(quick), OUTAGES_LONG - len(OUTAGES))]


async def _is_up(fake: FakeProcess) -> bool:
    try:
        return bool(await fake.get("state"))
    except httpx.TransportError:
        return False


async def _arrived(home: Path, count: int) -> None:
    """Wait until the module has seen as many; what is missing is judged later."""
    end = time.monotonic() + ARRIVED_WITHIN_S
    while len(_seen(home)) < count and time.monotonic() < end:
        await asyncio.sleep(0.05)


def _seen(home: Path) -> list[int]:
    """Return the numbers of the log that the module saw, in its order."""
    file = home / "module_data" / "witness" / "seen"
    return [int(line) for line in file.read_text().splitlines()] if file.exists() else []


def _judge(report: Report, home: Path, happened: Happened, lost: int) -> None:
    log = _log(home)
    logged: Counter[tuple[int, str]] = Counter()
    order: list[int] = []
    for event in log:
        number = _deed_of(event)
        if number is not None:
            logged[number, event["type"]] += 1
            if event["type"] == "chat_message":
                order.append(number)
    told = {(number, type_) for number, types in happened.told.items() for type_ in types}
    report.tell("things that happened", len(happened.deed))
    report.tell("events told to a living session", len(told))
    report.none("told and not in the log", len(told - logged.keys()))
    report.none("more than once in the log", sum(count > 1 for count in logged.values()))
    report.none("chat out of order", sum(a > b for a, b in itertools.pairwise(order)))
    wanted = [event["seq"] for event in log if _deed_of(event) is not None]
    seen = _seen(home)
    report.none("logged and not seen by the module", len(set(wanted) - set(seen)))
    report.none("seen twice by the module", len(seen) - len(set(seen)))
    report.none("seen out of order", sum(a > b for a, b in itertools.pairwise(seen)))
    gaps = [event for event in log if event["type"] == "event_gap"]
    report.tell("sessions lost", lost)
    # One for the restart at the end, in which those are that were not told yet.
    report.none("gaps too many", max(0, len(gaps) - lost - 1))
    unknown = _unknown(log, happened)
    report.tell("told to nobody", len(unknown))
    report.none("told to nobody and in no gap", sum(not _is_in(gaps, at) for at in unknown))


def _unknown(log: Sequence[Mapping[str, Any]], happened: Happened) -> list[float]:
    """Return when things happened that nobody was told, then or later."""
    logged = {(_deed_of(event), event["type"]) for event in log}
    return [
        happened.at[number]
        for number, deed in happened.deed.items()
        if len(happened.told.get(number, ())) < len(EVENT_OF[deed])
        and not any((number, type_) in logged for type_ in EVENT_OF[deed].values())
    ]


async def _marked(home: Path, happened: Happened) -> None:
    """Wait until every time of which nothing is known is in a gap; what is not is judged later."""
    end = time.monotonic() + ARRIVED_WITHIN_S
    while time.monotonic() < end:
        log = _log(home)
        gaps = [event for event in log if event["type"] == "event_gap"]
        if all(_is_in(gaps, at) for at in _unknown(log, happened)):
            return
        await asyncio.sleep(0.2)


def _log(home: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{home / 'streamcore.db'}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT seq, type, json(body) FROM log JOIN kinds ON kinds.id = log.kind ORDER BY seq"
        ).fetchall()
    return [{**json.loads(body), "seq": seq, "type": type_} for seq, type_, body in rows]


def _deed_of(event: Mapping[str, Any]) -> int | None:
    login = str((event.get("user") or {}).get("login") or "")
    prefix, _, number = login.partition("_")
    return int(number) if prefix == "viewer" and number.isdecimal() else None


def _is_in(gaps: Sequence[Mapping[str, Any]], at: float) -> bool:
    return any(
        datetime.fromisoformat(gap["from"]).timestamp() - SLACK_S
        <= at
        <= datetime.fromisoformat(gap["to"]).timestamp() + SLACK_S
        for gap in gaps
    )
