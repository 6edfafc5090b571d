"""Every type that Twitch has is either taken, or left for a reason."""

from __future__ import annotations

from collections import Counter

import pytest

from streamcore.core.integrations.twitch.eventsub.wanted import (
    NOT_WANTED,
    SUBSCRIPTIONS,
    Wanted,
    condition,
)
from tests.fakes.twitch.eventsub.kinds import KINDS

# https://dev.twitch.tv/docs/eventsub/eventsub-subscription-types, without what needs an app token,
# drops, extensions and the guest star beta.
PAGE = """
automod.message.hold 1, 2
automod.message.update 1, 2
automod.settings.update 1
automod.terms.update 1
channel.bits.use 1
channel.update 2
channel.follow 2
channel.ad_break.begin 1
channel.chat.clear 1
channel.chat.clear_user_messages 1
channel.chat.message 1
channel.chat.message_delete 1
channel.chat.notification 1
channel.chat_settings.update 1
channel.chat.user_message_hold 1
channel.chat.user_message_update 1
channel.shared_chat.begin 1
channel.shared_chat.update 1
channel.shared_chat.end 1
channel.subscribe 1
channel.subscription.end 1
channel.subscription.gift 1
channel.subscription.message 1
channel.cheer 1
channel.raid 1
channel.ban 1
channel.unban 1
channel.unban_request.create 1
channel.unban_request.resolve 1
channel.moderate 1, 2
channel.moderator.add 1
channel.moderator.remove 1
channel.channel_points_automatic_reward_redemption.add 1, 2
channel.channel_points_custom_reward.add 1
channel.channel_points_custom_reward.update 1
channel.channel_points_custom_reward.remove 1
channel.channel_points_custom_reward_redemption.add 1
channel.channel_points_custom_reward_redemption.update 1
channel.poll.begin 1
channel.poll.progress 1
channel.poll.end 1
channel.prediction.begin 1
channel.prediction.progress 1
channel.prediction.lock 1
channel.prediction.end 1
channel.suspicious_user.message 1
channel.suspicious_user.update 1
channel.vip.add 1
channel.vip.remove 1
channel.warning.acknowledge 1
channel.warning.send 1
channel.charity_campaign.donate 1
channel.charity_campaign.start 1
channel.charity_campaign.progress 1
channel.charity_campaign.stop 1
channel.goal.begin 1
channel.goal.progress 1
channel.goal.end 1
channel.hype_train.begin 2
channel.hype_train.progress 2
channel.hype_train.end 2
channel.shield_mode.begin 1
channel.shield_mode.end 1
channel.shoutout.create 1
channel.shoutout.receive 1
stream.online 1
stream.offline 1
user.update 1
user.whisper.message 1
channel.custom_power_up_redemption.add 1
"""
LISTED = {
    (line.split()[0], version.strip())
    for line in PAGE.strip().splitlines()
    for version in line.partition(" ")[2].split(",")
}
MAX_PER_SOCKET = 300


def test_every_type_is_taken_or_left_for_a_reason() -> None:
    taken = {(wanted.type, wanted.version) for wanted in SUBSCRIPTIONS}
    assert taken | NOT_WANTED.keys() == LISTED
    assert not taken & NOT_WANTED.keys()
    assert all(len(reason) > 20 for reason in NOT_WANTED.values())


def test_nothing_is_subscribed_to_twice() -> None:
    asked = Counter((wanted.type, condition(wanted, "1")) for wanted in SUBSCRIPTIONS)
    assert set(asked.values()) == {1}
    assert len(SUBSCRIPTIONS) < MAX_PER_SOCKET / 4


def test_the_chat_comes_first() -> None:
    assert SUBSCRIPTIONS[0].type == "channel.chat.message"
    first = [wanted.type.startswith("channel.chat") for wanted in SUBSCRIPTIONS]
    assert first == sorted(first, reverse=True)


@pytest.mark.parametrize("wanted", SUBSCRIPTIONS, ids=lambda wanted: wanted.type)
def test_each_names_the_ids_and_the_rights_that_the_platform_asks_for(wanted: Wanted) -> None:
    kind = KINDS[wanted.type, wanted.version]
    asked = condition(wanted, "1")
    given = {name for name in asked.__struct_fields__ if getattr(asked, name) is not None}
    if kind.condition == "raid":
        assert len(given) == 1
    else:
        assert given == set(kind.required)
    # One right is enough for each: no type that needs several at once is among them.
    needed = [set(group) for group in kind.scopes]
    assert needed == ([set(wanted.scopes)] if wanted.scopes else [])
