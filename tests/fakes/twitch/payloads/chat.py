"""Payloads of the chat: messages, notices, removals, modes."""

from __future__ import annotations

from tests.fakes.twitch.payloads.basics import CHEER, Payload, broadcaster, message, new_id
from tests.fakes.twitch.people import STREAMER, Person

__all__ = [
    "ANONYMOUS_GIFTER",
    "NOTICES",
    "chat_clear",
    "chat_clear_user",
    "chat_message",
    "chat_notification",
    "chat_settings",
    "chatter",
    "from_partner",
    "message_delete",
]

ANONYMOUS_GIFTER = Person("274598607", "ananonymousgifter", "AnAnonymousGifter")

_SHARED = (
    "sub",
    "resub",
    "sub_gift",
    "community_sub_gift",
    "gift_paid_upgrade",
    "prime_paid_upgrade",
    "raid",
    "pay_it_forward",
    "announcement",
)
NOTICES = (
    *_SHARED,
    "unraid",
    "bits_badge_tier",
    "charity_donation",
    "watch_streak",
    *(f"shared_chat_{kind}" for kind in _SHARED),
)
"""The kinds of notices: each payload has a field for every one of them."""


def chatter(person: Person, badges: tuple[str, ...] = ()) -> Payload:
    """Return who wrote; a badge is `set` or `set:info`."""
    shown = [badge.partition(":") for badge in badges]
    if person == STREAMER:
        shown.append(("broadcaster", "", ""))
    return {
        **person.fields("chatter_user"),
        "color": "#00FF7F",
        "badges": [{"set_id": name, "id": "1", "info": info} for name, _, info in shown],
    }


def chat_message(
    person: Person,
    text: str,
    *,
    message_id: str,
    badges: tuple[str, ...] = (),
    reply: Payload | None = None,
    kind: str = "text",
) -> Payload:
    bits = sum(int(found[2]) for found in CHEER.finditer(text))
    return {
        **broadcaster(),
        **chatter(person, badges),
        "message_id": message_id,
        "message": message(text),
        "message_type": kind,
        "cheer": {"bits": bits} if bits else None,
        "reply": reply,
        "channel_points_custom_reward_id": None,
        "channel_points_animation_id": None,
        **_own(),
        "is_source_only": None,
    }


def chat_notification(
    person: Person | None, kind: str, content: Payload | None, *, text: str = "", system: str = ""
) -> Payload:
    """Return a notice; its content stands under its own kind, all other kinds are null."""
    return {
        **broadcaster(),
        **chatter(person or ANONYMOUS_GIFTER),
        "chatter_is_anonymous": person is None,
        "system_message": system,
        "message_id": new_id(),
        "message": message(text),
        "notice_type": kind,
        **dict.fromkeys(NOTICES),
        **({kind: content} if content is not None else {}),
        **_own(),
    }


def from_partner(payload: Payload, partner: Person) -> Payload:
    """Return a message or notice as it comes out of a shared chat, sent in a partner's channel."""
    return {
        **payload,
        **partner.fields("source_broadcaster_user"),
        "source_message_id": new_id(),
        "source_badges": [{"set_id": "subscriber", "id": "3", "info": "3"}],
        **({"is_source_only": False} if "is_source_only" in payload else {}),
    }


def _own() -> Payload:
    """Return the fields of a shared chat as they are outside of one."""
    return dict.fromkeys(
        (
            "source_broadcaster_user_id",
            "source_broadcaster_user_login",
            "source_broadcaster_user_name",
            "source_message_id",
            "source_badges",
        )
    )


def message_delete(person: Person, message_id: str) -> Payload:
    return {**broadcaster(), **person.fields("target_user"), "message_id": message_id}


def chat_clear() -> Payload:
    return broadcaster()


def chat_clear_user(person: Person) -> Payload:
    return {**broadcaster(), **person.fields("target_user")}


def chat_settings(
    *,
    emote: bool = False,
    follower_minutes: int | None = None,
    slow_s: int | None = None,
    subscriber: bool = False,
    unique: bool = False,
) -> Payload:
    return {
        **broadcaster(),
        "emote_mode": emote,
        "follower_mode": follower_minutes is not None,
        "follower_mode_duration_minutes": follower_minutes,
        "slow_mode": slow_s is not None,
        "slow_mode_wait_time_seconds": slow_s,
        "subscriber_mode": subscriber,
        "unique_chat_mode": unique,
    }
