"""Every subscription type: its versions, whose ids its condition names, what the token must allow.

From Twitch's pages "EventSub subscription types" and "EventSub reference".
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["GONE", "KINDS", "NAMES", "Kind"]

_LETTERS = {
    "B": "broadcaster_user_id",
    "M": "moderator_user_id",
    "U": "user_id",
}


class Kind(NamedTuple):
    """One type in one version; of each group in `scopes` the token needs one."""

    condition: str
    """A letter for each id that must be there: broadcaster, moderator, user; r: a reward may."""
    scopes: tuple[frozenset[str], ...]

    @property
    def required(self) -> tuple[str, ...]:
        """The condition's fields that must be there."""
        return tuple(_LETTERS[letter] for letter in self.condition if letter in _LETTERS)

    @property
    def optional(self) -> tuple[str, ...]:
        """The condition's fields that may be there."""
        return ("reward_id",) if "r" in self.condition else ()


def _of(condition: str, *groups: str) -> Kind:
    return Kind(condition, tuple(frozenset(group.split("|")) for group in groups))


def _either(area: str, what: str) -> str:
    return f"{area}:read:{what}|{area}:manage:{what}"


_MODERATE = (
    *(
        _either("moderator", what)
        for what in (
            "blocked_terms",
            "chat_settings",
            "unban_requests",
            "banned_users",
            "chat_messages",
        )
    ),
    "moderator:read:moderators",
    "moderator:read:vips",
)
_REDEMPTIONS = _either("channel", "redemptions")
_REWARD = "channel.channel_points_custom_reward"
_AUTOMATIC_REWARD = "channel.channel_points_automatic_reward_redemption.add"

KINDS: dict[tuple[str, str], Kind] = {
    **{
        (f"automod.message.{what}", version): _of("BM", "moderator:manage:automod")
        for what in ("hold", "update")
        for version in ("1", "2")
    },
    ("automod.settings.update", "1"): _of("BM", "moderator:read:automod_settings"),
    ("automod.terms.update", "1"): _of("BM", "moderator:manage:automod"),
    ("channel.bits.use", "1"): _of("B", "bits:read"),
    ("channel.cheer", "1"): _of("B", "bits:read"),
    ("channel.custom_power_up_redemption.add", "1"): _of("Br", "bits:read"),
    ("channel.update", "2"): _of("B"),
    ("channel.follow", "2"): _of("BM", "moderator:read:followers"),
    ("channel.ad_break.begin", "1"): _of("B", "channel:read:ads"),
    **{
        (f"channel.{what}", "1"): _of("BU", "user:read:chat")
        for what in (
            "chat.clear",
            "chat.clear_user_messages",
            "chat.message",
            "chat.message_delete",
            "chat.notification",
            "chat.user_message_hold",
            "chat.user_message_update",
            "chat_settings.update",
        )
    },
    **{(f"channel.shared_chat.{what}", "1"): _of("B") for what in ("begin", "update", "end")},
    **{
        (f"channel.{what}", "1"): _of("B", "channel:read:subscriptions")
        for what in ("subscribe", "subscription.end", "subscription.gift", "subscription.message")
    },
    ("channel.raid", "1"): _of("raid"),
    ("channel.ban", "1"): _of("B", "channel:moderate"),
    ("channel.unban", "1"): _of("B", "channel:moderate"),
    **{
        (f"channel.unban_request.{what}", "1"): _of("BM", _either("moderator", "unban_requests"))
        for what in ("create", "resolve")
    },
    ("channel.moderate", "1"): _of("BM", *_MODERATE),
    ("channel.moderate", "2"): _of("BM", *_MODERATE, _either("moderator", "warnings")),
    ("channel.moderator.add", "1"): _of("B", "moderation:read"),
    ("channel.moderator.remove", "1"): _of("B", "moderation:read"),
    (_AUTOMATIC_REWARD, "1"): _of("B", _REDEMPTIONS),
    (_AUTOMATIC_REWARD, "2"): _of("B", _REDEMPTIONS),
    (f"{_REWARD}.add", "1"): _of("B", _REDEMPTIONS),
    **{
        (f"{_REWARD}{what}", "1"): _of("Br", _REDEMPTIONS)
        for what in (".update", ".remove", "_redemption.add", "_redemption.update")
    },
    **{
        (f"channel.poll.{what}", "1"): _of("B", _either("channel", "polls"))
        for what in ("begin", "progress", "end")
    },
    **{
        (f"channel.prediction.{what}", "1"): _of("B", _either("channel", "predictions"))
        for what in ("begin", "progress", "lock", "end")
    },
    **{
        (f"channel.suspicious_user.{what}", "1"): _of("BM", "moderator:read:suspicious_users")
        for what in ("message", "update")
    },
    **{
        (f"channel.vip.{what}", "1"): _of("B", _either("channel", "vips"))
        for what in ("add", "remove")
    },
    **{
        (f"channel.warning.{what}", "1"): _of("BM", _either("moderator", "warnings"))
        for what in ("acknowledge", "send")
    },
    **{
        (f"channel.charity_campaign.{what}", "1"): _of("B", "channel:read:charity")
        for what in ("donate", "start", "progress", "stop")
    },
    **{
        (f"channel.goal.{what}", "1"): _of("B", "channel:read:goals")
        for what in ("begin", "progress", "end")
    },
    **{
        (f"channel.hype_train.{what}", "2"): _of("B", "channel:read:hype_train")
        for what in ("begin", "progress", "end")
    },
    **{
        (f"channel.shield_mode.{what}", "1"): _of("BM", _either("moderator", "shield_mode"))
        for what in ("begin", "end")
    },
    **{
        (f"channel.shoutout.{what}", "1"): _of("BM", _either("moderator", "shoutouts"))
        for what in ("create", "receive")
    },
    ("stream.online", "1"): _of("B"),
    ("stream.offline", "1"): _of("B"),
    ("user.update", "1"): _of("U"),
    ("user.whisper.message", "1"): _of("U", _either("user", "whispers")),
}

NAMES = frozenset(name for name, _ in KINDS)

GONE = frozenset({("channel.follow", "1"), ("channel.hype_train.begin", "1")})
"""What existed once: asked for, it is answered 410."""
