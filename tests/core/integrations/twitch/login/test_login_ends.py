"""A login under way: every way it can end, and that what was before is then there again."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from streamcore.core.errors import CommandError
from streamcore.core.integrations.base import DeviceFlow, PlatformStatus
from streamcore.core.integrations.twitch.integration import TOKENS_NAME, TwitchIntegration
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import ChatMessage, PlatformStateName
from streamcore.protocol.permissions import Permission
from tests.core.integrations.host import eventually
from tests.core.integrations.twitch.rig import TwitchRig
from tests.fakes.clock import ManualClock
from tests.fakes.twitch.faults import Fault

DEVICE, TOKEN = "/oauth2/device", "/oauth2/token"


async def lose_login(rig: TwitchRig) -> PlatformStatus:
    """Connect, then let the streamer take the app's rights away on Twitch."""
    await rig.log_in()
    await rig.fake.revoke_app()
    await rig.until(PlatformStateName.AUTH_REQUIRED)
    return rig.twitch.status


async def test_giving_up_a_first_login_leaves_nothing_behind(rig: TwitchRig) -> None:
    before = rig.twitch.status
    await rig.twitch.connect()
    await rig.twitch.cancel()
    assert rig.twitch.status == before
    polls = rig.fake.oauth.calls.get("poll", 0)
    await rig.fake.approve_login()
    await asyncio.sleep(0.05)
    assert rig.fake.oauth.calls.get("poll", 0) == polls
    assert TOKENS_NAME not in rig.secrets.stored


@pytest.mark.parametrize("end", ["denied", "given up", "expired"])
async def test_signing_in_again_to_no_avail_stays_auth_required(rig: TwitchRig, end: str) -> None:
    before = await lose_login(rig)
    rig.fake.oauth.login_expires_in_s = 5 if end == "expired" else 1800
    assert isinstance(await rig.twitch.connect(), DeviceFlow)
    await rig.until(PlatformStateName.CONNECTING, reason="Waiting")
    match end:
        case "denied":
            await rig.fake.deny_login()
            await rig.until(PlatformStateName.AUTH_REQUIRED, reason="access_denied")
        case "expired":
            await rig.until(PlatformStateName.AUTH_REQUIRED, reason="expired")
        case _:
            await rig.twitch.cancel()
            assert rig.twitch.status == before
    rig.fake.oauth.login_expires_in_s = 1800
    await rig.log_in()
    await rig.fake.chat("Anna", "hi")
    await rig.host.wait_events(ChatMessage)


async def test_a_restart_while_a_login_waits_forgets_only_that(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.twitch.connect(permissions=[*Permission])
    old = rig.twitch
    await rig.restart()
    await rig.until(PlatformStateName.CONNECTED)
    await old.close()
    assert not any(
        each.is_granted
        for each in rig.twitch.status.permissions
        if each.permission is Permission.POLLS_MANAGE
    )


async def test_being_told_to_slow_down_it_asks_less_often(rig: TwitchRig) -> None:
    clock = ManualClock()
    rig.host.clock = clock
    rig.twitch = TwitchIntegration(rig.host, rig.fake.env)
    slow_down = '{"status": 400, "message": "slow_down"}'
    rig.fake.faults.add(TOKEN, Fault(status=400, body=slow_down, times=2))
    await rig.twitch.connect()
    polls: list[float] = []
    rig.fake.oauth.calls["poll"] = 0
    for _ in range(30):
        before = len(rig.fake.faults.by_path.get(TOKEN, ())), rig.fake.oauth.calls["poll"]
        await clock.advance(1)
        await asyncio.sleep(0.03)
        if (len(rig.fake.faults.by_path.get(TOKEN, ())), rig.fake.oauth.calls["poll"]) != before:
            polls.append(clock.monotonic() - 1000)
    waits = [round(b - a) for a, b in pairwise(polls)]
    assert waits[-1] == 11, f"1 s, and 5 s more for each slow_down: {polls}"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(body="garbage"),
        Fault(body="html"),
        Fault(body="empty"),
        Fault(body='{"access_token": null, "refresh_token": 7}'),
        Fault(status=503),
        Fault(status=429),
        Fault(status=500, body="garbage"),
        Fault(is_cut=True),
    ],
    ids=["garbage", "html", "empty", "null", "503", "429", "500-garbage", "cut"],
)
async def test_a_login_survives_what_is_no_decision(rig: TwitchRig, fault: Fault) -> None:
    await rig.twitch.connect()
    fault.times = 3
    rig.fake.faults.add(TOKEN, fault)
    await eventually(lambda: not rig.fake.faults.by_path.get(TOKEN))
    await rig.fake.approve_login()
    await rig.until(PlatformStateName.CONNECTED)


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://[broken",
        "https://twitch.example/a\\nb",
        "https://twitch.example/" + "a" * 3000,
        "",
    ],
    ids=["script", "file", "no-host", "broken", "two-lines", "endless", "none"],
)
async def test_an_address_that_no_browser_should_open_begins_no_login(
    rig: TwitchRig, uri: str
) -> None:
    body = (
        f'{{"device_code": "d0d0d0d0d0", "user_code": "ABCD", "verification_uri": "{uri}",'
        ' "expires_in": 1800, "interval": 5}'
    )
    rig.fake.faults.add(DEVICE, Fault(body=body))
    with pytest.raises(CommandError) as caught:
        await rig.twitch.connect()
    assert caught.value.body.code is ErrorCode.REJECTED_BY_PLATFORM
    assert rig.twitch.status.state is PlatformStateName.DISCONNECTED
    assert isinstance(await rig.twitch.connect(), DeviceFlow)


@pytest.mark.parametrize(
    "numbers",
    ['"expires_in": -5, "interval": -1', '"expires_in": 1e300, "interval": 1e300'],
    ids=["negative", "endless"],
)
async def test_times_out_of_all_bounds_are_brought_into_them(rig: TwitchRig, numbers: str) -> None:
    body = (
        '{"device_code": "d0d0d0d0d0", "user_code": "ABCD",'
        f' "verification_uri": "https://twitch.example/activate", {numbers}}}'
    )
    rig.fake.faults.add(DEVICE, Fault(body=body))
    flow = await rig.twitch.connect()
    assert isinstance(flow, DeviceFlow)
    assert (flow.expires_at - rig.host.clock.now()).total_seconds() <= 3600
    await rig.twitch.cancel()


@pytest.mark.parametrize("body", ["garbage", "huge", "html", "empty"])
async def test_garbage_in_place_of_a_code_is_an_error_and_nothing_more(
    rig: TwitchRig, body: str
) -> None:
    rig.fake.faults.add(DEVICE, Fault(body=body))
    with pytest.raises(CommandError) as caught:
        await rig.twitch.connect()
    assert caught.value.body.code is ErrorCode.PLATFORM_NOT_CONNECTED
    assert isinstance(await rig.twitch.connect(), DeviceFlow)


async def test_a_login_that_nobody_can_be_found_behind_is_not_used(rig: TwitchRig) -> None:
    await rig.twitch.connect()
    rig.fake.faults.add("/oauth2/validate", Fault(status=500, times=9))
    await rig.fake.approve_login()
    await rig.until(PlatformStateName.DISCONNECTED, reason="whose login")
    assert TOKENS_NAME not in rig.secrets.stored
    await eventually(lambda: rig.fake.oauth.grants == 0)


async def test_a_login_that_cannot_be_stored_is_taken_back(rig: TwitchRig) -> None:
    rig.secrets.fail_writes = 1
    await rig.twitch.connect()
    await rig.fake.approve_login()
    await rig.until(PlatformStateName.DISCONNECTED, reason="cannot be stored")
    assert rig.fake.oauth.grants == 0, "tokens that nobody keeps are revoked"
