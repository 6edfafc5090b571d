"""What the cases of every type leave open: kinds, pieces, roles, and who stays without a name."""

from __future__ import annotations

import pytest

from streamcore.protocol.events import (
    ChatMessage,
    ChatMessageKind,
    Cheer,
    Event,
    Follow,
    PlatformNotice,
    PowerUp,
    RewardRedemptionUpdated,
    Subscription,
    UserBanned,
)
from streamcore.protocol.objects import Fragment, FragmentKind, Role
from tests.core.integrations.twitch.events.cases.common import ANNA, AT, BOB, MODERATOR, PARTNER
from tests.core.integrations.twitch.events.notifications import told
from tests.fakes.twitch import payloads
from tests.fakes.twitch.payloads import Payload
from tests.fakes.twitch.people import Person


def only(kind: str, payload: object) -> Event:
    (event,) = told(kind, payload)
    return event


def message(text: str, **options: object) -> ChatMessage:
    payload = payloads.chat_message(ANNA, text, message_id="m1") | options
    event = only("channel.chat.message", payload)
    assert isinstance(event, ChatMessage)
    return event


def notice(person: Person | None, kind: str, content: Payload | None) -> tuple[Event, ...]:
    payload = payloads.chat_notification(person, kind, content, text="words", system="It happened")
    return told("channel.chat.notification", payload)


def test_a_type_of_tomorrow_is_a_notice() -> None:
    event = only("channel.hologram.begin", {"anything": ["at", "all"]})
    assert isinstance(event, PlatformNotice)
    assert (event.name, event.raw_type) == ("channel.hologram.begin", "channel.hologram.begin")


@pytest.mark.parametrize("kind", ["sub", "resub", "sub_gift", "community_sub_gift", "unknown"])
def test_a_notice_without_its_content_stays_visible(kind: str) -> None:
    (event,) = notice(ANNA, kind, None)
    assert isinstance(event, PlatformNotice)
    assert (event.name, event.text) == (kind, "It happened")
    assert event.raw_type == f"channel.chat.notification/{kind}"


@pytest.mark.parametrize("kind", ["raid", "charity_donation"])
def test_a_notice_of_what_has_a_type_of_its_own_is_left_out(kind: str) -> None:
    assert notice(ANNA, kind, {"viewer_count": 77}) == ()


def test_a_prime_subscription_says_so() -> None:
    (event,) = notice(ANNA, "sub", {"sub_tier": "Prime", "is_prime": True})
    assert isinstance(event, Subscription)
    assert (event.tier, event.months, event.is_prime) == (1, 1, True)


@pytest.mark.parametrize("person", [None, Person("274598607", "ananonymousgifter", "AnAnonymous")])
def test_an_anonymous_gifter_has_no_name_to_thank(person: Person | None) -> None:
    (event,) = notice(person, "community_sub_gift", {"id": "g", "total": 5, "sub_tier": "1000"})
    assert event.user is not None
    assert (event.user.is_anonymous, event.user.id) == (True, "")


def test_a_cheer_of_nobody_is_anonymous() -> None:
    nobody = dict.fromkeys(ANNA.fields())
    event = only("channel.bits.use", payloads.bits_use(ANNA, 100, "Cheer100") | nobody)
    assert isinstance(event, Cheer)
    assert event.user is not None
    assert event.user.is_anonymous


def test_a_combo_is_a_cheer() -> None:
    event = only("channel.bits.use", payloads.bits_use(ANNA, 5, "", kind="combo"))
    assert isinstance(event, Cheer)
    assert event.bits == 5


def test_a_custom_power_up_is_told_by_its_redemption_alone() -> None:
    used = payloads.bits_use(ANNA, 50, "", kind="custom_power_up")
    assert told("channel.bits.use", used) == ()
    redeemed = payloads.custom_power_up(ANNA, 50, "Fog")
    assert isinstance(only("channel.custom_power_up_redemption.add", redeemed), PowerUp)


@pytest.mark.parametrize("status", ["cancelled", "CANCELED"])
def test_both_spellings_of_a_refund_are_read(status: str) -> None:
    payload = payloads.redemption(ANNA, "Song", 500, redemption_id="r1", status=status)
    event = only("channel.channel_points_custom_reward_redemption.update", payload)
    assert isinstance(event, RewardRedemptionUpdated)
    assert event.status == "canceled"


def test_a_redemption_that_became_something_new_is_a_notice() -> None:
    payload = payloads.redemption(ANNA, "Song", 500, status="raffled")
    event = only("channel.channel_points_custom_reward_redemption.update", payload)
    assert isinstance(event, PlatformNotice)
    assert event.name == "raffled"


@pytest.mark.parametrize("in_s", [0.0, 0.4])
def test_a_fact_told_twice_has_one_id(in_s: float) -> None:
    # The HTTP API, which is asked after a gap, tells whole seconds only.
    at = payloads.stamp()
    early = payloads.follow(ANNA) | {"followed_at": f"{at[:19]}Z"}
    late = payloads.follow(ANNA) | {"followed_at": f"{at[:19]}.{int(in_s * 10)}Z"}
    assert only("channel.follow", early).source_id == only("channel.follow", late).source_id


def test_a_time_in_another_zone_is_told_in_ours() -> None:
    event = only("channel.follow", payloads.follow(ANNA) | {"followed_at": AT.isoformat()})
    other = payloads.follow(ANNA) | {"followed_at": "2026-05-01T14:00:00+02:00"}
    assert isinstance(event, Follow)
    assert only("channel.follow", other) == event


def test_a_ban_for_good_that_names_an_end_has_none() -> None:
    payload = payloads.ban(ANNA, MODERATOR, "Spam", 60) | {"is_permanent": True}
    event = only("channel.ban", payload)
    assert isinstance(event, UserBanned)
    assert (event.ends_at, event.duration_s, event.is_permanent) == (None, None, True)


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
    event = only("channel.chat.message", payload)
    assert event.user is not None
    assert event.user.roles == (Role.MODERATOR, Role.SUBSCRIBER)
    assert event.user.subscriber_months == 17
    assert [badge.set for badge in event.user.badges] == ["moderator", "subscriber", "glitch"]


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


def test_our_own_message_in_a_shared_chat_is_ours() -> None:
    ours = message("Cheer100", **{"source_broadcaster_user_id": "1001"})
    assert (ours.partner, ours.channel_id, ours.bits) == (None, "1001", 100)


def test_a_partners_bits_are_no_bits_of_ours() -> None:
    payload = payloads.chat_message(BOB, "Cheer100", message_id="m1")
    event = only("channel.chat.message", payloads.from_partner(payload, PARTNER))
    assert isinstance(event, ChatMessage)
    assert (event.channel_id, event.bits) == (PARTNER.id, 0)
