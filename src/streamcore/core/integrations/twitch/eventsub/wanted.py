"""Which subscriptions we want while an account is connected, for whose channel, and which not.

Twitch tells many facts several times. One source counts for each:

- chat: `channel.chat.*` with the right to read the chat;
- subscriptions and gifts: the chat's notices, which know a gift's group, its recipient and the
  words of a renewal; only their end is told by `channel.subscription.end` alone;
- bits: `channel.bits.use`, which knows power-ups too; custom power-ups: their redemption, which has
  an id and what was typed;
- raids: `channel.raid`, for those that come and for our own;
- charity: `channel.charity_campaign.donate`, which has an id; the campaign is a goal;
- bans: `channel.ban` and `channel.unban`, and for warnings, roles, requests, modes each its own
  type: every one opens with one right, where `channel.moderate` needs eight at once and is refused
  as a whole when one of them is missing.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

import msgspec

__all__ = ["NOT_WANTED", "SUBSCRIPTIONS", "Condition", "Wanted", "condition"]


class Condition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a subscription is about."""

    broadcaster_user_id: str | None = None
    moderator_user_id: str | None = None
    user_id: str | None = None
    to_broadcaster_user_id: str | None = None
    from_broadcaster_user_id: str | None = None


class _Whose(Enum):
    """Whose ids a subscription's condition names; all are the streamer's own."""

    CHANNEL = "channel"
    CHANNEL_READER = "channel_reader"
    CHANNEL_MODERATOR = "channel_moderator"
    RAIDED = "raided"
    RAIDING = "raiding"


class Wanted(NamedTuple):
    """A subscription that we want while an account is connected.

    Any one of `scopes` opens it, the first is the one to ask for; none means that no right is
    needed.
    """

    type: str
    version: str
    whose: _Whose
    scopes: tuple[str, ...] = ()


def _read_or_manage(what: str, *, by: str = "moderator") -> tuple[str, ...]:
    return (f"{by}:read:{what}", f"{by}:manage:{what}")


def _group(
    whose: _Whose, scopes: tuple[str, ...], *types: str, version: str = "1"
) -> tuple[Wanted, ...]:
    return tuple(Wanted(each, version, whose, scopes) for each in types)


_ANY = _Whose.CHANNEL
_MOD = _Whose.CHANNEL_MODERATOR
_REWARD = "channel.channel_points_custom_reward"

SUBSCRIPTIONS = (
    *_group(
        _Whose.CHANNEL_READER,
        ("user:read:chat",),
        "channel.chat.message",
        "channel.chat.notification",
        "channel.chat.message_delete",
        "channel.chat.clear",
        "channel.chat.clear_user_messages",
        "channel.chat_settings.update",
    ),
    *_group(_ANY, ("bits:read",), "channel.bits.use", "channel.custom_power_up_redemption.add"),
    *_group(_MOD, ("moderator:read:followers",), "channel.follow", version="2"),
    Wanted("channel.raid", "1", _Whose.RAIDED),
    *_group(
        _ANY,
        _read_or_manage("redemptions", by="channel"),
        f"{_REWARD}_redemption.add",
        f"{_REWARD}_redemption.update",
        f"{_REWARD}.add",
        f"{_REWARD}.update",
        f"{_REWARD}.remove",
    ),
    *_group(
        _ANY,
        _read_or_manage("redemptions", by="channel"),
        "channel.channel_points_automatic_reward_redemption.add",
        version="2",
    ),
    *_group(
        _ANY,
        ("channel:read:charity",),
        "channel.charity_campaign.donate",
        "channel.charity_campaign.start",
        "channel.charity_campaign.progress",
        "channel.charity_campaign.stop",
    ),
    *_group(_ANY, (), "stream.online", "stream.offline"),
    *_group(_ANY, (), "channel.update", version="2"),
    Wanted("channel.raid", "1", _Whose.RAIDING),
    *_group(_ANY, ("channel:read:subscriptions",), "channel.subscription.end"),
    *_group(
        _ANY,
        ("channel:read:hype_train",),
        "channel.hype_train.begin",
        "channel.hype_train.progress",
        "channel.hype_train.end",
        version="2",
    ),
    *_group(
        _ANY,
        _read_or_manage("polls", by="channel"),
        "channel.poll.begin",
        "channel.poll.progress",
        "channel.poll.end",
    ),
    *_group(
        _ANY,
        _read_or_manage("predictions", by="channel"),
        "channel.prediction.begin",
        "channel.prediction.progress",
        "channel.prediction.lock",
        "channel.prediction.end",
    ),
    *_group(
        _ANY,
        ("channel:read:goals",),
        "channel.goal.begin",
        "channel.goal.progress",
        "channel.goal.end",
    ),
    *_group(_ANY, ("channel:read:ads",), "channel.ad_break.begin"),
    *_group(
        _MOD,
        _read_or_manage("shoutouts"),
        "channel.shoutout.create",
        "channel.shoutout.receive",
    ),
    *_group(
        _ANY,
        (),
        "channel.shared_chat.begin",
        "channel.shared_chat.update",
        "channel.shared_chat.end",
    ),
    *_group(_ANY, ("channel:moderate",), "channel.ban", "channel.unban"),
    *_group(
        _MOD,
        ("moderator:manage:automod",),
        "automod.message.hold",
        "automod.message.update",
        version="2",
    ),
    *_group(
        _MOD,
        _read_or_manage("warnings"),
        "channel.warning.send",
        "channel.warning.acknowledge",
    ),
    *_group(
        _MOD,
        _read_or_manage("unban_requests"),
        "channel.unban_request.create",
        "channel.unban_request.resolve",
    ),
    *_group(
        _MOD, _read_or_manage("shield_mode"), "channel.shield_mode.begin", "channel.shield_mode.end"
    ),
    *_group(
        _MOD,
        ("moderator:read:suspicious_users",),
        "channel.suspicious_user.message",
        "channel.suspicious_user.update",
    ),
    *_group(_ANY, ("moderation:read",), "channel.moderator.add", "channel.moderator.remove"),
    *_group(_ANY, _read_or_manage("vips", by="channel"), "channel.vip.add", "channel.vip.remove"),
)
"""Chat and money first: it is what the streamer looks for after a reconnect."""

_NOTICE_KNOWS_MORE = "the chat's notice tells it, with the gift's group and its recipient"
_OLDER = "an older version of a type that we take"
_NO_EVENT = "nothing that a module could do with it: the protocol has no event for it"

NOT_WANTED: dict[tuple[str, str], str] = {
    ("channel.subscribe", "1"): _NOTICE_KNOWS_MORE,
    ("channel.subscription.gift", "1"): _NOTICE_KNOWS_MORE,
    ("channel.subscription.message", "1"): _NOTICE_KNOWS_MORE,
    ("channel.cheer", "1"): "channel.bits.use tells it, and power-ups too",
    ("channel.moderate", "1"): "needs seven rights at once; each deed has a type of its own",
    ("channel.moderate", "2"): "needs eight rights at once; each deed has a type of its own",
    ("automod.message.hold", "1"): _OLDER,
    ("automod.message.update", "1"): _OLDER,
    ("channel.channel_points_automatic_reward_redemption.add", "1"): _OLDER,
    ("automod.settings.update", "1"): _NO_EVENT,
    ("automod.terms.update", "1"): _NO_EVENT,
    ("channel.chat.user_message_hold", "1"): "only of messages that this account itself wrote",
    ("channel.chat.user_message_update", "1"): "only of messages that this account itself wrote",
    ("user.update", "1"): _NO_EVENT,
    ("user.whisper.message", "1"): "private letters are not the stream's business",
}
"""What Twitch would also tell, by type and version, and why we do not ask for it."""


def condition(wanted: Wanted, user_id: str) -> Condition:
    """Return a subscription's condition for the streamer's own channel."""
    match wanted.whose:
        case _Whose.CHANNEL:
            return Condition(broadcaster_user_id=user_id)
        case _Whose.CHANNEL_READER:
            return Condition(broadcaster_user_id=user_id, user_id=user_id)
        case _Whose.CHANNEL_MODERATOR:
            return Condition(broadcaster_user_id=user_id, moderator_user_id=user_id)
        case _Whose.RAIDED:
            return Condition(to_broadcaster_user_id=user_id)
        case _Whose.RAIDING:
            return Condition(from_broadcaster_user_id=user_id)
