"""Asking for more rights while the session goes on, and what of it is shown."""

from __future__ import annotations

import msgspec
import pytest

from streamcore.core.integrations.base import Connected, DeviceFlow, PermissionStatus
from streamcore.core.integrations.twitch.integration import TOKENS_NAME, TwitchIntegration
from streamcore.core.integrations.twitch.login.scopes import DEFAULT, SERVED, scopes_for
from streamcore.protocol.events import ChatMessage, PlatformStateName
from streamcore.protocol.permissions import Permission
from tests.core.integrations.host import eventually
from tests.core.integrations.twitch.rig import TwitchRig
from tests.fakes.twitch.faults import Fault

POLLS = Permission.POLLS_MANAGE
MORE = DEFAULT | {POLLS}


def shown(rig: TwitchRig, permission: Permission = POLLS) -> PermissionStatus:
    (found,) = [e for e in rig.twitch.status.permissions if e.permission is permission]
    return found


async def test_more_rights_take_over_while_the_sockets_stay(rig: TwitchRig) -> None:
    await rig.log_in()
    connections = rig.fake.eventsub.connections
    old = msgspec.json.decode(rig.secrets.stored[TOKENS_NAME])
    assert shown(rig) == PermissionStatus(permission=POLLS, is_on=False, is_granted=False)

    flow = await rig.twitch.connect(permissions=MORE)
    assert isinstance(flow, DeviceFlow)
    assert rig.twitch.status.state is PlatformStateName.CONNECTED
    assert not shown(rig).is_on, "what is not confirmed changes nothing"
    await rig.fake.chat("Anna", "meanwhile")
    await rig.host.wait_events(ChatMessage)

    await rig.fake.approve_login()
    await eventually(lambda: shown(rig).is_granted, integration=rig.twitch)
    assert shown(rig).is_on
    assert set(rig.twitch.status.scopes) == set(scopes_for(MORE))
    assert "channel:manage:polls" in rig.twitch.status.scopes
    assert "channel:read:polls" not in rig.twitch.status.scopes, "managing covers reading"
    await rig.until(PlatformStateName.CONNECTED)
    assert rig.fake.eventsub.connections == connections
    await eventually(lambda: rig.fake.oauth.grants == 1)
    assert rig.fake.oauth.grant(old["access"]) is None, "the old login is revoked"
    await rig.send("with the new tokens")
    assert rig.fake.oauth.calls.get("refresh", 0) == 0

    assert isinstance(await rig.twitch.connect(permissions=MORE), Connected)
    await rig.twitch.close()
    await rig.restart()
    await rig.until(PlatformStateName.CONNECTED)
    assert shown(rig).is_on and shown(rig).is_granted


async def test_what_is_newly_allowed_is_subscribed_to_in_the_same_session(rig: TwitchRig) -> None:
    chat_only = {Permission.CHAT_READ}
    await rig.twitch.connect(permissions=chat_only)
    await rig.fake.approve_login()
    await rig.until(PlatformStateName.CONNECTED)
    assert "channel.follow" not in rig.fake.eventsub.subscribed()
    assert "moderator:read:followers" not in rig.twitch.status.scopes
    connections = rig.fake.eventsub.connections
    await rig.twitch.connect(permissions=chat_only | {Permission.AUDIENCE_READ})
    await rig.fake.approve_login()
    await rig.fake.wait_subscribed("channel.follow")
    assert rig.fake.eventsub.connections == connections


async def test_what_ends_with_the_old_tokens_is_asked_for_again(rig: TwitchRig) -> None:
    await rig.log_in()
    connections = rig.fake.eventsub.connections
    rig.fake.faults.add("/oauth2/revoke", Fault(delay_s=0.5))
    await rig.twitch.connect(permissions=MORE)
    await rig.fake.approve_login()
    await eventually(lambda: shown(rig).is_granted, integration=rig.twitch)
    await rig.fake.eventsub.revoke("channel.chat.message", "authorization_revoked")
    await eventually(lambda: "channel.chat.message" not in rig.fake.eventsub.subscribed())
    await rig.fake.wait_subscribed("channel.chat.message")
    assert rig.fake.eventsub.connections == connections
    await rig.until(PlatformStateName.CONNECTED)


async def test_confirmed_by_somebody_else_changes_nothing(rig: TwitchRig) -> None:
    await rig.log_in()
    stored = rig.secrets.stored[TOKENS_NAME]
    await rig.twitch.connect(permissions=MORE)
    await rig.fake.approve_login("moderator")
    await rig.until(PlatformStateName.CONNECTED, reason="confirmed for moderator")
    assert "Streamer" in rig.twitch.status.reason.ru
    assert rig.secrets.stored[TOKENS_NAME] == stored
    assert not shown(rig).is_on
    await eventually(lambda: rig.fake.oauth.authorised == {"1001"})
    await rig.send("as before")
    await rig.twitch.cancel()
    assert not rig.twitch.status.reason, "what was read is gone"


@pytest.mark.parametrize("end", ["denied", "given up"])
async def test_more_rights_that_are_not_given_change_nothing(rig: TwitchRig, end: str) -> None:
    await rig.log_in()
    stored, grants = rig.secrets.stored[TOKENS_NAME], rig.fake.oauth.grants
    await rig.twitch.connect(permissions=MORE)
    if end == "denied":
        await rig.fake.deny_login()
        await rig.until(PlatformStateName.CONNECTED, reason="access_denied")
    else:
        await rig.twitch.cancel()
        assert not rig.twitch.status.reason
    assert rig.secrets.stored[TOKENS_NAME] == stored
    assert rig.fake.oauth.grants == grants
    assert not shown(rig).is_on
    await rig.send("as before")


async def test_asking_again_with_other_rights_begins_another_login(rig: TwitchRig) -> None:
    await rig.log_in()
    first = await rig.twitch.connect(permissions=MORE)
    assert await rig.twitch.connect(permissions=MORE) == first
    assert await rig.twitch.connect() == first
    second = await rig.twitch.connect(permissions=[*SERVED])
    assert second != first
    await rig.fake.approve_login()
    await eventually(lambda: all(e.is_granted for e in rig.twitch.status.permissions))


async def test_a_login_that_is_lost_while_more_is_asked_is_there_again(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.twitch.connect(permissions=MORE)
    rig.fake.oauth.revoke_everything()
    await rig.fake.eventsub.drop_all()
    rig.fake.oauth.expire_access_tokens()
    await rig.until(PlatformStateName.CONNECTING, reason="Waiting")
    await rig.fake.approve_login()
    await rig.until(PlatformStateName.CONNECTED)
    assert shown(rig).is_granted
    await rig.send("again")


async def test_what_a_module_wants_is_asked_for_and_shown(rig: TwitchRig) -> None:
    await rig.log_in()
    assert isinstance(await rig.twitch.connect(), Connected)
    changes = len(rig.host.changes)
    rig.host.wanted = {POLLS: ["polls_bot"], Permission.OBS_READ: ["polls_bot"]}
    rig.twitch.wishes_changed()
    assert len(rig.host.changes) == changes + 1
    rig.twitch.wishes_changed()
    assert len(rig.host.changes) == changes + 1, "nothing new, nothing told"
    assert shown(rig) == PermissionStatus(
        permission=POLLS, is_on=True, is_granted=False, wanted_by=("polls_bot",)
    )
    assert isinstance(await rig.twitch.connect(), DeviceFlow)
    await rig.fake.approve_login()
    await eventually(lambda: shown(rig).is_granted, integration=rig.twitch)


async def test_what_the_streamer_switched_off_stays_off_whoever_wants_it(rig: TwitchRig) -> None:
    await rig.log_in()
    assert isinstance(await rig.twitch.connect(permissions=DEFAULT), Connected)
    rig.host.wanted = {POLLS: ["polls_bot"]}
    rig.twitch.wishes_changed()
    assert not shown(rig).is_on and shown(rig).wanted_by == ("polls_bot",)
    assert isinstance(await rig.twitch.connect(), Connected)
    less = DEFAULT - {Permission.MODERATION_READ}
    assert isinstance(await rig.twitch.connect(permissions=less), Connected)
    assert not shown(rig, Permission.MODERATION_READ).is_on
    await rig.until(PlatformStateName.CONNECTED)


async def test_a_choice_that_cannot_be_read_or_kept_stops_nothing(rig: TwitchRig) -> None:
    rig.notes.stored["twitch.permissions"] = b'["chat_read", '
    await rig.log_in()
    assert set(rig.twitch.status.scopes) == set(scopes_for(DEFAULT))
    rig.notes.fail_writes = 1
    assert isinstance(await rig.twitch.connect(permissions=[Permission.CHAT_READ]), Connected)
    assert not shown(rig, Permission.CHAT_SEND).is_on
    rig.notes.stored["twitch.permissions"] = b'["chat_read", "of_a_later_version"]'
    await rig.twitch.close()
    rig.twitch = TwitchIntegration(rig.host, rig.fake.env)
    await rig.twitch.start()
    assert [e.permission for e in rig.twitch.status.permissions if e.is_on] == ["chat_read"]


async def test_another_account_at_the_next_login_is_said_to_be_one(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.oauth.revoke_everything()
    await rig.fake.revoke_app()
    await rig.fake.eventsub.drop_all()
    await rig.until(PlatformStateName.AUTH_REQUIRED)
    await rig.twitch.connect()
    await rig.fake.approve_login("moderator")
    await eventually(
        lambda: "Another account" in rig.twitch.status.reason.en, integration=rig.twitch
    )
    await eventually(lambda: rig.twitch.status.account is not None)
    account = rig.twitch.status.account
    assert account is not None and account.id == "1003"
