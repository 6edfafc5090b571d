"""What a login asks for, by what is switched on."""

from __future__ import annotations

import pytest

from streamcore.core.integrations.twitch.commands.scopes import SCOPES_OF
from streamcore.core.integrations.twitch.eventsub.wanted import SUBSCRIPTIONS
from streamcore.core.integrations.twitch.login.scopes import (
    DEFAULT,
    SERVED,
    Rights,
    permission_of,
    scopes_for,
)
from streamcore.protocol.permissions import PERMISSIONS, Permission


def test_every_subscription_and_command_belongs_to_a_permission_that_is_served() -> None:
    assert {permission_of(wanted) for wanted in SUBSCRIPTIONS} <= {None, *SERVED}
    assert {command.permission for command in SCOPES_OF} <= set(SERVED)
    assert all(PERMISSIONS[each].en and PERMISSIONS[each].ru for each in SERVED)


@pytest.mark.parametrize("permission", SERVED, ids=str)
def test_what_a_permission_asks_for_is_what_it_needs_and_no_more(permission: Permission) -> None:
    asked = scopes_for({permission})
    assert Rights(frozenset(asked), frozenset({permission})).missing == frozenset()
    for scope in asked:
        less = Rights(frozenset(asked) - {scope}, frozenset({permission}))
        assert less.missing == {permission}, f"{scope} is asked for and not needed"


def test_reading_asks_for_nothing_that_changes_the_channel() -> None:
    reading = {each for each in SERVED if each.value.endswith("_read")}
    changing = {scope for scope in scopes_for(reading) if ":manage:" in scope or ":edit" in scope}
    # Twitch has no scope that lets see held messages without deciding about them.
    assert changing <= {"moderator:manage:automod"}


def test_managing_covers_reading() -> None:
    read, manage = Permission.REWARDS_READ, Permission.REWARDS_MANAGE
    assert scopes_for({read, manage}) == ("channel:manage:redemptions",)
    rights = Rights(frozenset({"channel:manage:redemptions"}), frozenset({read, manage}))
    assert rights.missing == frozenset()
    assert not Rights(frozenset({"channel:read:redemptions"}), frozenset()).allow(manage)


def test_by_default_nothing_of_rewards_and_polls_can_be_changed() -> None:
    asked = scopes_for(DEFAULT)
    assert "user:write:chat" in asked and "user:read:chat" in asked
    assert not {"channel:manage:redemptions", "channel:manage:polls"} & set(asked)


def test_what_is_switched_off_is_not_subscribed_to() -> None:
    everything = frozenset(scopes_for(SERVED))
    chat_only = Rights(everything, frozenset({Permission.CHAT_READ}))
    types = {wanted.type for wanted in chat_only.subscriptions}
    assert {"channel.chat.message", "stream.online", "channel.raid"} <= types
    assert "channel.follow" not in types
