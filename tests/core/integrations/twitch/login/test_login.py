"""Logging in by device code, and out again."""

from __future__ import annotations

import asyncio

import pytest

from streamcore.core.errors import CommandError, InvalidInputError
from streamcore.core.integrations.base import Connected, DeviceFlow, TokenFlow
from streamcore.core.integrations.twitch.integration import (
    CLIENT_ID_NAME,
    TOKENS_NAME,
    TwitchIntegration,
)
from streamcore.core.integrations.twitch.login.scopes import DEFAULT, scopes_for
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import PlatformStateName
from streamcore.protocol.permissions import Permission
from tests.core.integrations.host import eventually
from tests.core.integrations.twitch.rig import TwitchRig
from tests.fakes.twitch import CLIENT_ID


async def test_connecting_asks_the_streamer_to_confirm_a_code(rig: TwitchRig) -> None:
    flow = await rig.twitch.connect()
    assert isinstance(flow, DeviceFlow)
    assert flow.user_code in flow.verification_uri
    assert rig.twitch.status.state is PlatformStateName.CONNECTING
    await rig.fake.approve_login()
    await rig.until(PlatformStateName.CONNECTED)
    status = rig.twitch.status
    assert status.account is not None
    assert (status.account.id, status.account.name) == ("1001", "Streamer")
    assert set(status.scopes) == set(scopes_for(DEFAULT))
    assert status.quota is not None


async def test_connecting_while_a_login_is_pending_returns_the_pending_one(rig: TwitchRig) -> None:
    first, second = await asyncio.gather(rig.twitch.connect(), rig.twitch.connect())
    assert first == second
    assert rig.fake.oauth.calls["device"] == 1


async def test_disconnecting_cancels_a_pending_login(rig: TwitchRig) -> None:
    await rig.twitch.connect()
    await rig.twitch.disconnect()
    assert rig.twitch.status.state is PlatformStateName.DISCONNECTED
    polls = rig.fake.oauth.calls.get("poll", 0)
    await rig.fake.approve_login()
    await asyncio.sleep(0.05)
    assert rig.fake.oauth.calls.get("poll", 0) == polls
    assert rig.secrets.stored == {}


async def test_a_denied_login_ends_with_its_reason(rig: TwitchRig) -> None:
    await rig.twitch.connect()
    await rig.fake.deny_login()
    await rig.until(PlatformStateName.DISCONNECTED, reason="access_denied")
    assert isinstance(await rig.twitch.connect(), DeviceFlow)


async def test_a_code_that_nobody_confirms_expires(rig: TwitchRig) -> None:
    rig.fake.oauth.login_expires_in_s = 5
    await rig.twitch.connect()
    await rig.until(PlatformStateName.DISCONNECTED, reason="expired")


async def test_a_login_survives_twitchs_bad_moments(rig: TwitchRig) -> None:
    await rig.twitch.connect()
    rig.fake.oauth.failures = [503, 500]
    await eventually(lambda: not rig.fake.oauth.failures)
    await rig.fake.approve_login()
    await rig.until(PlatformStateName.CONNECTED)


async def test_disconnecting_revokes_and_forgets(rig: TwitchRig) -> None:
    await rig.log_in()
    assert rig.fake.oauth.grants == 1
    await rig.twitch.disconnect()
    assert rig.fake.oauth.grants == 0
    assert rig.secrets.stored == {}
    await eventually(lambda: not rig.fake.eventsub.living)


async def test_disconnecting_forgets_even_when_twitch_cannot_be_reached(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.oauth.failures = [503]
    await rig.twitch.disconnect()
    assert rig.secrets.stored == {}
    assert rig.twitch.status.state is PlatformStateName.DISCONNECTED


async def test_a_stored_login_is_revoked_though_nothing_ever_ran(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.twitch.close()
    rig.twitch = TwitchIntegration(rig.host, rig.fake.env)
    await rig.twitch.disconnect()
    assert rig.fake.oauth.grants == 0
    assert TOKENS_NAME not in rig.secrets.stored


async def test_connecting_while_connected_starts_no_login(rig: TwitchRig) -> None:
    await rig.log_in()
    assert isinstance(await rig.twitch.connect(), Connected)
    assert rig.fake.oauth.calls["device"] == 1


async def test_without_a_client_id_a_form_says_how_to_get_one(rig: TwitchRig) -> None:
    environ = {k: v for k, v in rig.fake.env.items() if not k.endswith("CLIENT_ID")}
    rig.twitch = TwitchIntegration(rig.host, environ)
    flow = await rig.twitch.connect()
    assert isinstance(flow, TokenFlow)
    (field,) = flow.fields
    assert "STREAMCORE_TWITCH_CLIENT_ID" in field.help["en"]
    assert rig.twitch.status.state is PlatformStateName.DISCONNECTED

    with pytest.raises(InvalidInputError) as caught:
        await rig.twitch.connect({"client_id": "no id at all!"})
    assert caught.value.field == "client_id"

    again = await rig.twitch.connect({"client_id": "wrong0123456789"})
    assert isinstance(again, TokenFlow), "a wrong id is asked for again"
    assert "invalid client" in again.reason
    assert CLIENT_ID_NAME not in rig.secrets.stored

    assert isinstance(await rig.twitch.connect({"client_id": CLIENT_ID}), DeviceFlow)
    await rig.fake.approve_login()
    await rig.until(PlatformStateName.CONNECTED)
    assert rig.secrets.stored[CLIENT_ID_NAME] == CLIENT_ID


async def test_a_wrong_client_id_of_the_environment_is_an_error(rig: TwitchRig) -> None:
    environ = rig.fake.env | {"STREAMCORE_TWITCH_CLIENT_ID": "wrong0123456789"}
    rig.twitch = TwitchIntegration(rig.host, environ)
    with pytest.raises(CommandError) as caught:
        await rig.twitch.connect()
    assert caught.value.body.code is ErrorCode.REJECTED_BY_PLATFORM


async def test_an_unreachable_twitch_is_an_error_of_connecting(rig: TwitchRig) -> None:
    rig.fake.oauth.failures = [503]
    with pytest.raises(CommandError) as caught:
        await rig.twitch.connect()
    assert caught.value.body.code is ErrorCode.PLATFORM_NOT_CONNECTED


async def test_a_scope_that_was_not_granted_leaves_the_rest_working(rig: TwitchRig) -> None:
    rig.fake.oauth.scopes_withheld = frozenset({"moderator:read:followers", "user:write:chat"})
    await rig.twitch.connect()
    await rig.fake.approve_login()
    await rig.until(PlatformStateName.CONNECTED)
    status = rig.twitch.status
    assert not status.reason, "what is missing stands among the permissions"
    missing = {each.permission for each in status.permissions if each.is_on and not each.is_granted}
    assert missing == {Permission.AUDIENCE_READ, Permission.CHAT_SEND}
    assert "send_chat" not in rig.twitch.status.capabilities
    assert "ban_user" in rig.twitch.status.capabilities
    with pytest.raises(CommandError) as caught:
        await rig.send("hi")
    assert caught.value.body.code is ErrorCode.UNSUPPORTED_BY_PLATFORM
    assert "channel.chat.message" in rig.fake.eventsub.subscribed()


async def test_a_login_that_cannot_be_stored_is_not_used(rig: TwitchRig) -> None:
    rig.secrets.fail_writes = 1
    await rig.twitch.connect()
    await rig.fake.approve_login()
    await rig.until(PlatformStateName.DISCONNECTED, reason="cannot be stored")
    assert not rig.fake.eventsub.connections
