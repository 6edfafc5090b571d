"""C11: a login is renewed by a thousand at once, its answer gets lost, the core dies in between."""

from __future__ import annotations

import asyncio
import functools
from pathlib import Path

from tests.chaos.inside import Order
from tests.chaos.marks import Report
from tests.chaos.plan import Plan
from tests.chaos.platform import reaches, state_of
from tests.chaos.product import Victim, started
from tests.chaos.sender import Sender
from tests.e2e.core_process import until
from tests.e2e.login import log_in
from tests.fakes.twitch import FakeTwitch

__all__ = ["lose_tokens"]

SETTLED_WITHIN_S = 20.0


async def lose_tokens(plan: Plan, home: Path) -> Report:
    """C11: tokens."""
    report = Report("C11 tokens")
    sender = Sender(0)
    async with FakeTwitch() as twitch, sender.running():
        twitch.helix.limit = 100_000
        async with started(home, sender, environment=twitch.env) as victim:
            await log_in(victim, twitch)
            await _ask_at_once(plan, report, sender, twitch)
            await _kill_between(plan, report, victim, sender, twitch)
            await _lose_answer(report, victim, twitch)
            await victim.end(report)
        texts = [path.read_text() for path in (home / "logs").rglob("*") if path.is_file()]
        leaked = sum(token in text for token in twitch.oauth.issued for text in texts)
        report.none("tokens in the logs", leaked)
    return report


async def _ask_at_once(plan: Plan, report: Report, sender: Sender, twitch: FakeTwitch) -> None:
    count = plan.pick(100, 1000)
    before = twitch.oauth.calls.get("refresh", 0)
    twitch.oauth.expire_access_tokens()
    done = await sender.order(Order(ask=count))
    report.tell("requests that were answered", done.answered)
    renewals = twitch.oauth.calls.get("refresh", 0) - before
    report.at_most(f"renewals for {count} refused requests at once", renewals, 1)
    report.at_most("no renewal at all", 1 - renewals, 0)


async def _kill_between(
    plan: Plan, report: Report, victim: Victim, sender: Sender, twitch: FakeTwitch
) -> None:
    """Kill the core while the new tokens are on their way, and see how its next life begins."""
    kept = signed_out = neither = 0
    for _ in range(plan.pick(2, 40)):
        before = twitch.oauth.calls.get("refresh", 0)
        twitch.oauth.expire_access_tokens()
        twitch.oauth.hold_refresh = asyncio.Event()
        asking = asyncio.create_task(_write(victim))
        await until(functools.partial(_is_renewed, twitch, before), what="the login is renewed")
        twitch.oauth.hold_refresh.set()
        await asyncio.sleep(plan.chance.uniform(0, 0.03))
        await victim.kill()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        twitch.oauth.hold_refresh = None
        sender.next_answer()
        await victim.start()
        await reaches(victim, "connected", "auth_required", within_s=SETTLED_WITHIN_S)
        state, reason = await state_of(victim)
        kept += state == "connected"
        signed_out += state == "auth_required" and bool(reason)
        neither += state not in ("connected", "auth_required")
        if state != "connected":
            await log_in(victim, twitch)
    report.tell("killed between answer and store: the login is good", kept)
    report.tell("killed between answer and store: sign in again", signed_out)
    report.none("killed between answer and store: neither", neither)


async def _lose_answer(report: Report, victim: Victim, twitch: FakeTwitch) -> None:
    before = twitch.oauth.calls.get("refresh", 0)
    twitch.oauth.expire_access_tokens()
    twitch.oauth.lose_refresh_answer = True
    await _write(victim)
    twitch.oauth.lose_refresh_answer = False
    await _write(victim)
    renewals = twitch.oauth.calls.get("refresh", 0) - before
    report.at_most("renewals when the answer got lost", renewals, 2)
    is_told = await reaches(victim, "auth_required", within_s=SETTLED_WITHIN_S)
    report.true("an answer that got lost ends in a new sign-in", holds=is_told)
    _, reason = await state_of(victim)
    report.true("the streamer reads why to sign in again", holds=bool(reason))
    await log_in(victim, twitch)


async def _write(victim: Victim) -> None:
    """Write in the chat, which needs a good login."""
    await victim.api("POST", "/api/chat", {"msg": "hello", "target": "twitch"})


def _is_renewed(twitch: FakeTwitch, before: int) -> bool:
    return twitch.oauth.calls.get("refresh", 0) > before
