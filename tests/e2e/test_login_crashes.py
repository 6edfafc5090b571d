"""A core that is killed while it renews its login: it works again, or asks for a new one."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import httpx

from tests.e2e.core_process import Core, until
from tests.e2e.login import log_in
from tests.fakes.twitch import FakeTwitch

ROUNDS = 3
_SETTLED = ("connected", "auth_required")


async def _state(core: Core) -> str:
    return str((await core.api("GET", "/api/platforms/twitch"))["state"])


async def _settled(core: Core) -> str:
    async def is_settled() -> bool:
        return await _state(core) in _SETTLED

    await until(is_settled, within_s=15, what="twitch is connected or asks for a login")
    return await _state(core)


async def _renew_and_die(core: Core, twitch: FakeTwitch, chance: random.Random) -> None:
    """Kill the core at a random moment from just before the answer to well after the save."""
    twitch.oauth.hold_refresh = asyncio.Event()
    twitch.oauth.expire_access_tokens()
    refreshes = twitch.oauth.calls.get("refresh", 0)
    sending = asyncio.create_task(
        core.api("POST", "/api/chat", {"msg": "renews", "target": "twitch"})
    )
    await until(
        lambda: twitch.oauth.calls.get("refresh", 0) > refreshes, what="the login is renewed"
    )
    twitch.oauth.hold_refresh.set()
    await asyncio.sleep(chance.uniform(0, chance.choice((0.02, 0.06, 0.3))))
    await core.kill()
    await asyncio.gather(sending, return_exceptions=True)


async def test_a_core_killed_while_it_renews_works_again_or_asks_for_a_login(
    tmp_path: Path,
) -> None:
    chance = random.Random()
    ends: list[str] = []
    async with FakeTwitch() as twitch:
        core = Core(tmp_path / "home", twitch.env)
        try:
            await core.start()
            await log_in(core, twitch)
            for _ in range(ROUNDS):
                await _renew_and_die(core, twitch, chance)
                before = dict(twitch.oauth.calls)
                await core.start()
                ends.append(await _settled(core))
                asked = twitch.oauth.calls["refresh"] - before["refresh"]
                assert asked <= 1, f"{asked} renewals: it tries again and again"
                if ends[-1] == "auth_required":
                    await asyncio.sleep(0.2)
                    assert twitch.oauth.calls["refresh"] - before["refresh"] == asked
                    assert twitch.oauth.calls.get("device") == before.get("device")
                    assert await _state(core) == "auth_required"
                    await log_in(core, twitch)
                sent = await core.api("POST", "/api/chat", {"msg": "works", "target": "twitch"})
                assert sent["results"]["twitch"]["ok"], sent
            assert b"Traceback" not in core.stderr
        except httpx.HTTPError as error:
            raise AssertionError(f"after {ends}: {core.stderr.decode()}") from error
        finally:
            await core.close()
    assert len(ends) == ROUNDS
