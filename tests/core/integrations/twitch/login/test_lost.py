"""Logins that are lost, and those that only look so: no loop, no second try, no check forgotten."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from streamcore.core.errors import CommandError
from streamcore.core.integrations.oauth import LoginLostError
from streamcore.core.integrations.twitch.integration import TOKENS_NAME
from streamcore.protocol.events import PlatformStateName
from tests.core.integrations.host import eventually
from tests.core.integrations.twitch.rig import TwitchRig
from tests.fakes.clock import ManualClock
from tests.fakes.twitch.faults import Fault


async def test_a_server_that_refuses_everything_is_not_renewed_for_again_and_again(
    rig: TwitchRig,
) -> None:
    await rig.log_in()
    account = rig.twitch._streamer.account
    assert account is not None
    refused = '{"status": 401, "message": "Invalid OAuth token"}'
    rig.fake.faults.add("/helix/users", Fault(status=401, body=refused, times=1000))
    for _ in range(5):
        with pytest.raises(CommandError):
            await account.client.helix.get("/users", msgspec.Raw, {"id": "1001"})
    assert rig.fake.oauth.calls["refresh"] == 1, "a login that is good needs no other"
    rig.fake.faults.clear()
    await rig.send("it is good")
    assert rig.twitch.status.state is PlatformStateName.CONNECTED


async def test_a_lost_login_is_not_tried_again_whoever_asks(rig: TwitchRig) -> None:
    await rig.log_in()
    account = rig.twitch._streamer.account
    assert account is not None
    rig.fake.oauth.revoke_everything()
    asking = [account.client.identify() for _ in range(20)]
    results = await asyncio.gather(*asking, return_exceptions=True)
    assert all(isinstance(result, LoginLostError) for result in results)
    await rig.until(PlatformStateName.AUTH_REQUIRED)
    with pytest.raises(LoginLostError):
        await account.client.identify()
    assert rig.fake.oauth.calls["refresh"] == 1


async def test_a_refresh_token_of_thirty_days_asks_for_a_new_login(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.twitch.close()
    rig.fake.oauth.expire_access_tokens()
    rig.fake.oauth.expire_refresh_tokens()
    await rig.restart()
    await rig.until(PlatformStateName.AUTH_REQUIRED, reason="Invalid refresh token")
    assert rig.fake.oauth.calls["refresh"] == 1
    account = rig.twitch.status.account
    assert account is not None and account.name == "Streamer", "whose login it was is known"


async def test_a_changed_client_id_asks_for_a_new_login_and_takes_the_old_back(
    rig: TwitchRig,
) -> None:
    await rig.log_in()
    stored = msgspec.json.decode(rig.secrets.stored[TOKENS_NAME])
    await rig.twitch.close()
    rig.secrets.stored[TOKENS_NAME] = msgspec.json.encode(
        stored | {"client_id": "anotherclient0123456789"}
    ).decode()
    await rig.restart()
    await rig.until(PlatformStateName.AUTH_REQUIRED, reason="another client id")
    assert "refresh" not in rig.fake.oauth.calls, "the token was given to somebody else"
    await rig.log_in()
    assert rig.fake.oauth.calls["revoke"] >= 1


async def test_a_login_whose_access_has_run_out_is_taken_back_whole(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.oauth.expire_access_tokens()
    await rig.twitch.disconnect()
    assert rig.fake.oauth.grants == 0
    assert rig.secrets.stored == {}


async def test_a_token_that_no_header_can_carry_is_not_taken(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.oauth.expire_access_tokens()
    body = '{"access_token": "a\\nb", "refresh_token": "тайна", "expires_in": 5}'
    rig.fake.faults.add("/oauth2/token", Fault(body=body))
    with pytest.raises(CommandError):
        await rig.send("never")
    await rig.send("the next answer is a good one")


async def test_the_check_is_due_when_the_machine_wakes(rig: TwitchRig) -> None:
    clock = ManualClock()
    rig.host.clock = clock
    await rig.log_in_on(clock)
    before = rig.fake.oauth.calls["validate"]
    await clock.advance(120)
    assert rig.fake.oauth.calls["validate"] == before
    clock.jump_wall(5 * 3600)  # the clock for waiting stood still
    await clock.advance(60)
    await eventually(lambda: rig.fake.oauth.calls["validate"] == before + 1)
    clock.jump_wall(-9 * 3600)
    await clock.advance(3600)
    await eventually(lambda: rig.fake.oauth.calls["validate"] == before + 2)


async def test_a_check_that_twitch_cannot_answer_is_made_again_soon(rig: TwitchRig) -> None:
    clock = ManualClock()
    rig.host.clock = clock
    await rig.log_in_on(clock)
    rig.fake.oauth.failures = [500, 503]
    await clock.advance(3600)
    await eventually(lambda: len(rig.fake.oauth.failures) == 1)
    await clock.advance(60)
    await eventually(lambda: not rig.fake.oauth.failures)
    assert rig.twitch.status.state is PlatformStateName.CONNECTED
