"""Twitch's notifications become the protocol's events, one for each fact."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import msgspec
import pytest

from streamcore.core.integrations.twitch.events.mapper import MAPPED, to_events
from streamcore.core.integrations.twitch.events.source import Source
from streamcore.core.integrations.twitch.eventsub.wanted import SUBSCRIPTIONS
from streamcore.protocol.events import (
    ChatAnnouncement,
    ChatCleared,
    ChatMessage,
    ChatMessageDeleted,
    ChatMessageKind,
    ChatUserCleared,
    Cheer,
    Event,
    Follow,
    GiftSubscription,
    GiftSubscriptionBomb,
    PlatformNotice,
    PowerUp,
    Raid,
    Resubscription,
    StreamOffline,
    StreamOnline,
    StreamUpdated,
    Subscription,
    SubscriptionUpgraded,
    WatchStreak,
)
from streamcore.protocol.objects import Fragment, FragmentKind, Role
from tests.fakes.twitch import payloads
from tests.fakes.twitch.payloads import Payload
from tests.fakes.twitch.people import STREAMER, viewer

AT = datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC)
ANNA = viewer("Anna")
WORDS = Fragment(kind=FragmentKind.TEXT, text="words")


def mapped(kind: str, payload: Payload) -> list[Event]:
    source = Source(frame_id="frame-1", kind=kind, at=AT, channel_id=STREAMER.id)
    return list(to_events(source, msgspec.Raw(json.dumps(payload).encode())))


def notice(kind: str, content: Payload | None, **options: str) -> list[Event]:
    payload = payloads.chat_notification(ANNA, kind, content, **options)
    return mapped("channel.chat.notification", payload)


def message(text: str, **options: object) -> ChatMessage:
    payload = payloads.chat_message(ANNA, text, message_id="m1") | options
    (event,) = mapped("channel.chat.message", payload)
    assert isinstance(event, ChatMessage)
    return event


CONTENT: dict[str, tuple[str, Payload, type[Event], dict[str, object]]] = {
    "message deleted": (
        "channel.chat.message_delete",
        payloads.message_delete(ANNA, "m1"),
        ChatMessageDeleted,
        {"message_id": "m1", "source_id": "delete:m1"},
    ),
    "chat cleared": ("channel.chat.clear", payloads.broadcaster(), ChatCleared, {"user": None}),
    "user cleared": (
        "channel.chat.clear_user_messages",
        payloads.broadcaster() | ANNA.fields("target_user"),
        ChatUserCleared,
        {"source_id": "frame-1"},
    ),
    "follow": (
        "channel.follow",
        payloads.follow(ANNA) | {"followed_at": "2026-05-01T11:59:58.123456789Z"},
        Follow,
        {
            "source_id": f"follow:{ANNA.id}:2026-05-01T11:59:58",
            "at": datetime(2026, 5, 1, 11, 59, 58, 123457, tzinfo=UTC),
        },
    ),
    "cheer": (
        "channel.bits.use",
        payloads.bits_use(ANNA, 100, "Cheer100 wow"),
        Cheer,
        {"bits": 100, "text": "Cheer100 wow"},
    ),
    "combo": (
        "channel.bits.use",
        payloads.bits_use(ANNA, 5, "", kind="combo"),
        Cheer,
        {"bits": 5},
    ),
    "power-up": (
        "channel.bits.use",
        payloads.bits_use(ANNA, 30, "hi", kind="power_up"),
        PowerUp,
        {"bits": 30, "power_up": "message_effect", "text": "hi"},
    ),
    "bits of a new kind": (
        "channel.bits.use",
        payloads.bits_use(ANNA, 30, "hi", kind="lottery"),
        PlatformNotice,
        {"name": "lottery", "raw_type": "channel.bits.use/lottery"},
    ),
    "raid": ("channel.raid", payloads.raid(ANNA, 77), Raid, {"viewers": 77}),
    "online": (
        "stream.online",
        payloads.stream_online("s1", "2026-05-01T11:00:00Z"),
        StreamOnline,
        {"source_id": "online:s1", "started_at": datetime(2026, 5, 1, 11, tzinfo=UTC)},
    ),
    "offline": ("stream.offline", payloads.stream_offline(), StreamOffline, {"user": None}),
    "offline with id": (
        "stream.offline",
        payloads.stream_offline() | {"id": "s1"},
        StreamOffline,
        {"source_id": "offline:s1"},
    ),
    "update": (
        "channel.update",
        payloads.channel_update("T", "Chess", "ru"),
        StreamUpdated,
        {"title": "T", "category": "Chess", "language": "ru"},
    ),
    "an upstream type of tomorrow": (
        "channel.hologram.begin",
        {"anything": ["at", "all"]},
        PlatformNotice,
        {"name": "channel.hologram.begin", "raw_type": "channel.hologram.begin"},
    ),
}


@pytest.mark.parametrize(
    ("kind", "payload", "expected", "fields"), CONTENT.values(), ids=CONTENT.keys()
)
def test_a_notification_becomes_its_event(
    kind: str, payload: Payload, expected: type[Event], fields: dict[str, object]
) -> None:
    (event,) = mapped(kind, payload)
    assert type(event) is expected
    assert event.platform == "twitch"
    assert event.channel_id == STREAMER.id
    assert {name: getattr(event, name) for name in fields} == fields


NOTICES: dict[str, tuple[str, Payload | None, type[Event], dict[str, object]]] = {
    "sub": (
        "sub",
        {"sub_tier": "2000", "is_prime": False, "duration_months": 3},
        Subscription,
        {"tier": 2, "months": 3, "is_prime": False},
    ),
    "prime": (
        "sub",
        {"sub_tier": "1000", "is_prime": True, "duration_months": 1},
        Subscription,
        {"tier": 1, "is_prime": True},
    ),
    "resub": (
        "resub",
        {"cumulative_months": 14, "streak_months": None, "sub_tier": "3000", "is_gift": None},
        Resubscription,
        {"tier": 3, "months": 14, "streak_months": None, "is_gift": False, "text": "words"},
    ),
    "single gift": (
        "sub_gift",
        {"sub_tier": "1000", **viewer("Bob").fields("recipient_user"), "community_gift_id": None},
        GiftSubscription,
        {"group_id": None, "tier": 1},
    ),
    "gift of a bomb": (
        "sub_gift",
        {"sub_tier": "1000", **viewer("Bob").fields("recipient_user"), "community_gift_id": "g"},
        GiftSubscription,
        {"group_id": "g"},
    ),
    "bomb": (
        "community_sub_gift",
        {"id": "g", "total": 20, "sub_tier": "2000", "cumulative_total": None},
        GiftSubscriptionBomb,
        {"group_id": "g", "count": 20, "tier": 2, "is_complete": False},
    ),
    "gift continued": (
        "gift_paid_upgrade",
        {"gifter_is_anonymous": True},
        SubscriptionUpgraded,
        {"source": "gift"},
    ),
    "prime continued": (
        "prime_paid_upgrade",
        {"sub_tier": "3000"},
        SubscriptionUpgraded,
        {"source": "prime", "tier": 3},
    ),
    "announcement": (
        "announcement",
        {"color": "PURPLE"},
        ChatAnnouncement,
        {"text": "words", "color": "purple"},
    ),
    "watch streak": (
        "watch_streak",
        {"streak_count": 7, "channel_points_awarded": 450},
        WatchStreak,
        {"streams": 7, "text": "words", "fragments": (WORDS,)},
    ),
    "a known kind without its content": ("sub", None, PlatformNotice, {"name": "sub"}),
    "a kind that we leave for later": (
        "bits_badge_tier",
        {"tier": 1000},
        PlatformNotice,
        {"name": "bits_badge_tier", "text": "Anna did it"},
    ),
    "a guest's subscriber in a shared chat": (
        "shared_chat_sub",
        {"sub_tier": "1000"},
        PlatformNotice,
        {"name": "shared_chat_sub"},
    ),
    "unknown": (
        "unknown",
        None,
        PlatformNotice,
        {"name": "unknown", "raw_type": "channel.chat.notification/unknown"},
    ),
}


@pytest.mark.parametrize(
    ("kind", "content", "expected", "fields"), NOTICES.values(), ids=NOTICES.keys()
)
def test_a_notice_becomes_its_event(
    kind: str, content: Payload | None, expected: type[Event], fields: dict[str, object]
) -> None:
    (event,) = notice(kind, content, text="words", system="Anna did it")
    assert type(event) is expected
    assert event.user is not None
    assert event.user.name == "Anna"
    assert {name: getattr(event, name) for name in fields} == fields


def test_a_raid_is_told_by_its_event_and_not_by_the_chats_notice() -> None:
    assert notice("raid", {"viewer_count": 77}) == []


def test_an_anonymous_gifter_has_no_name_to_thank() -> None:
    content: Payload = {"id": "g", "total": 5, "sub_tier": "1000"}
    payload = payloads.chat_notification(None, "community_sub_gift", content)
    (event,) = mapped("channel.chat.notification", payload)
    assert event.user is not None
    assert event.user.is_anonymous
    assert event.user.id == ""


def test_a_message_keeps_its_pieces() -> None:
    event = message("look @Bob Kappa https://example.org/a?b=1 nice")
    assert "".join(piece.text for piece in event.fragments) == event.text
    assert [piece.kind for piece in event.fragments] == [
        FragmentKind.TEXT,
        FragmentKind.EMOTE,
        FragmentKind.TEXT,
        FragmentKind.LINK,
        FragmentKind.TEXT,
    ]
    emote = event.fragments[1].emote
    assert emote is not None
    assert (emote.provider, emote.id, emote.animated) == ("twitch", "25", False)
    assert emote.url == "https://static-cdn.jtvnw.net/emoticons/v2/25/static/dark/2.0"


def test_a_piece_of_a_new_kind_is_text() -> None:
    piece: Payload = {"type": "gif", "text": "[a gif]", "gif": {"id": "x"}}
    event = message("[a gif]", message={"text": "[a gif]", "fragments": [piece]})
    assert event.fragments == (Fragment(kind=FragmentKind.TEXT, text="[a gif]"),)


def test_badges_become_roles_and_months() -> None:
    shown = ("moderator", "subscriber:17", "glitch")
    payload = payloads.chat_message(ANNA, "hi", message_id="m1", badges=shown)
    (event,) = mapped("channel.chat.message", payload)
    assert event.user is not None
    assert event.user.roles == (Role.MODERATOR, Role.SUBSCRIBER)
    assert event.user.subscriber_months == 17
    assert [badge.set for badge in event.user.badges] == ["moderator", "subscriber", "glitch"]


def test_a_reply_and_a_cheer_in_a_message_are_kept() -> None:
    reply: Payload = {
        "parent_message_id": "p1",
        "parent_message_body": "before",
        **viewer("Bob").fields("parent_user"),
    }
    event = message("Cheer100 yes", reply=reply)
    assert event.bits == 100
    assert event.reply_to is not None
    assert (event.reply_to.message_id, event.reply_to.user_name) == ("p1", "Bob")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text", ChatMessageKind.TEXT),
        ("channel_points_highlighted", ChatMessageKind.HIGHLIGHTED),
        ("user_intro", ChatMessageKind.INTRODUCTION),
        ("power_ups_gigantified_emote", ChatMessageKind.GIGANTIC_EMOTE),
        ("something_new", ChatMessageKind.TEXT),
    ],
)
def test_kinds_of_messages(kind: str, expected: ChatMessageKind) -> None:
    assert message("hi", message_type=kind).kind is expected


def test_a_guests_message_in_a_shared_chat_names_the_guests_channel() -> None:
    assert message("hi", source_broadcaster_user_id="777").channel_id == "777"


def test_numbers_written_as_text_are_read() -> None:
    (event,) = mapped("channel.raid", payloads.raid(ANNA, 1) | {"viewers": "9001"})
    assert isinstance(event, Raid)
    assert event.viewers == 9001


def test_null_where_nobody_expects_it_does_not_stop_a_chat_message() -> None:
    event = message("hi", color=None, badges=None, cheer=None, reply=None)
    assert event.text == "hi"


def test_a_broken_notification_is_a_notice() -> None:
    (event,) = mapped("channel.chat.message", {"message_id": ["no", "id"]})
    assert isinstance(event, PlatformNotice)
    assert (event.name, event.raw_type) == ("unreadable", "channel.chat.message")


def test_every_subscription_is_mapped_and_nothing_is_told_twice() -> None:
    wanted = {each.type for each in SUBSCRIPTIONS}
    assert wanted == MAPPED.keys()
    twins = {
        "channel.subscribe",
        "channel.subscription.gift",
        "channel.subscription.message",
        "channel.cheer",
    }
    assert not wanted & twins
