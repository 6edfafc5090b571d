"""Whatever is wrong in a payload: an event or a notice comes of it, and never an exception."""

from __future__ import annotations

import contextlib
import copy
import functools
import json
from datetime import timedelta
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamcore.core.integrations.twitch.events.arrivals import arrived
from streamcore.core.integrations.twitch.events.mapper import MAPPED
from streamcore.core.integrations.twitch.events.reading import (
    MAX_BYTES,
    MAX_COUNT,
    MAX_TEXT,
    UnreadablePayloadError,
)
from streamcore.core.integrations.twitch.events.source import Source
from streamcore.core.integrations.twitch.eventsub.frames import decode_frame
from streamcore.protocol.events import (
    EVENTS,
    AdBreak,
    CharityDonation,
    ChatMessage,
    Cheer,
    Event,
    Follow,
    PlatformNotice,
    Prediction,
    Raid,
    UserBanned,
    event_type,
)
from tests.core.integrations.twitch.events.cases import CASES
from tests.core.integrations.twitch.events.cases.common import ANNA, AT, MODERATOR, STREAMER
from tests.core.integrations.twitch.events.notifications import frame, told
from tests.core.integrations.twitch.events.test_every_type import SCHEMA
from tests.fakes.twitch import payloads

EXAMPLES = 150

VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    7,
    2**70,
    1.5,
    1e300,
    "",
    "text",
    "12",
    "-3",
    "true",
    "9" * 5000,
    "2026-05-01T12:00:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
    "2026-05-01T12:00:00+23:59",
    "x" * 20_000,
    "\ud83d half",
    "\udc00\ud800",
    "\x00\u2028",
    [],
    {},
    [[]],
    [None, 1, "a", {}],
    {"id": None, "text": 5, "fragments": "none"},
]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every container with every key or index in it."""
    found: list[tuple[Any, Any]] = []
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inner:
        found.append((value, key))
        if isinstance(each, dict | list):
            found += places(each)
    return found


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    case = CASES[draw(st.sampled_from(sorted(CASES)))]
    payload = copy.deepcopy(case.payload)
    for _ in range(draw(st.integers(1, 4))):
        spots = places(payload)
        if not spots:
            break
        container, key = spots[draw(st.integers(0, len(spots) - 1))]
        match draw(st.sampled_from(["replace", "replace", "delete", "add"])):
            case "replace":
                container[key] = copy.deepcopy(draw(st.sampled_from(VALUES)))
            case "delete":
                del container[key]
            case _ if isinstance(container, dict):
                container["a field of tomorrow"] = copy.deepcopy(draw(st.sampled_from(VALUES)))
            case _:
                container.append(copy.deepcopy(draw(st.sampled_from(VALUES))))
    return case.kind, payload


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged())
def test_a_damaged_payload_never_raises_and_says_nothing_invalid(
    found: tuple[str, dict[str, Any]],
) -> None:
    kind, payload = found
    raw = decode_frame(frame(kind, payload)).payload.event
    source = Source(frame_id="frame-1", kind=kind, at=AT, channel_id=STREAMER.id)
    with contextlib.suppress(UnreadablePayloadError):
        MAPPED[kind](source, raw)  # not `to_events`, which would catch what is a fault of ours
    for event in told(kind, payload):
        assert_valid(event)


@functools.cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})


def assert_valid(event: Event) -> None:
    body = msgspec.json.encode(event)
    assert msgspec.json.decode(body, type=EVENTS[event_type(event)]) == event
    value = json.loads(body)
    validator(type(event).__name__).validate(value)
    for container, key in places(value):
        each = container[key]
        assert not isinstance(each, float)
        assert not isinstance(each, int) or abs(each) <= MAX_COUNT
        assert not isinstance(each, str) or len(each) <= MAX_TEXT + 200
    assert event.source_id
    assert event.at.utcoffset() is not None


def only(kind: str, payload: Any) -> Event:
    (event,) = told(kind, payload)
    return event


def test_half_a_character_costs_that_character_only() -> None:
    event = only("channel.chat.message", payloads.chat_message(ANNA, "a \ud83d b", message_id="m1"))
    assert isinstance(event, ChatMessage)
    assert event.text == "a ? b"


def test_null_and_absence_mean_the_neutral_value() -> None:
    payload = payloads.raid(ANNA, 5) | {"viewers": None, "from_broadcaster_user_name": None}
    del payload["to_broadcaster_user_login"]
    event = only("channel.raid", payload)
    assert isinstance(event, Raid)
    assert (event.viewers, event.user and event.user.name) == (0, "anna")


@pytest.mark.parametrize(("written", "read"), [("60", 60), (60.0, 60), ("-1", 0), (2**80, 0)])
def test_numbers_are_read_as_they_are_meant(written: object, read: int) -> None:
    event = only("channel.ad_break.begin", payloads.ad_break(1) | {"duration_seconds": written})
    assert isinstance(event, AdBreak)
    assert event.duration_s == read


@pytest.mark.parametrize(("written", "read"), [("true", True), ("False", False), (1, True)])
def test_flags_are_read_as_they_are_meant(written: object, read: bool) -> None:
    event = only("channel.ad_break.begin", payloads.ad_break(60) | {"is_automatic": written})
    assert isinstance(event, AdBreak)
    assert event.is_automatic is read


def test_an_id_that_is_a_number_is_an_id() -> None:
    event = only("channel.follow", payloads.follow(ANNA) | {"user_id": 77})
    assert isinstance(event, Follow)
    assert event.user is not None
    assert event.user.id == "77"


def test_what_cannot_be_money_is_never_told_as_money() -> None:
    broken = payloads.charity_donation(ANNA, payloads.money(100)) | {"amount": {"value": 100}}
    assert isinstance(only("channel.charity_campaign.donate", broken), PlatformNotice)
    worthless = payloads.bits_use(ANNA, 100, "Cheer100") | {"bits": "a hundred"}
    assert isinstance(only("channel.bits.use", worthless), PlatformNotice)


def test_a_time_that_cannot_be_is_no_time() -> None:
    payload = payloads.ban(ANNA, MODERATOR, "Spam") | {"ends_at": "0001-01-01T00:00:00Z"}
    event = only("channel.ban", payload)
    assert isinstance(event, UserBanned)
    assert (event.ends_at, event.duration_s, event.is_permanent) == (None, None, True)


@pytest.mark.parametrize("written", ["2026-05-01T12:00:00", "0001-01-01T00:00:00Z", None, 5, "now"])
def test_a_frame_without_a_time_that_can_be_came_now(written: object) -> None:
    whole = json.loads(frame("channel.chat.clear", payloads.chat_clear()))
    whole["metadata"]["message_timestamp"] = written
    now = AT + timedelta(seconds=7)
    (event,) = arrived(decode_frame(json.dumps(whole).encode()), STREAMER.id, now)
    assert event.at == now


def test_a_text_that_is_too_long_is_cut() -> None:
    text = "a" * (MAX_TEXT * 3)
    event = only("channel.chat.message", payloads.chat_message(ANNA, text, message_id="m1"))
    assert isinstance(event, ChatMessage)
    assert len(event.text) == MAX_TEXT


def test_a_payload_that_is_too_large_is_a_notice() -> None:
    payload = payloads.chat_message(ANNA, "a" * MAX_BYTES, message_id="m1")
    event = only("channel.chat.message", payload)
    assert isinstance(event, PlatformNotice)
    assert (event.name, event.raw_type) == ("too_large", "channel.chat.message")


def test_a_large_payload_that_is_as_documented_loses_nothing() -> None:
    top = [payloads.predictor(ANNA, bet) for bet in range(10)]
    outcomes = [
        payloads.outcome(number, "o" * 25, users=10, points=45, top=top) for number in range(1, 30)
    ]
    payload = payloads.prediction("q1", "Who?", outcomes)
    assert len(json.dumps(payload)) > MAX_TEXT
    event = only("channel.prediction.progress", payload)
    assert isinstance(event, Prediction)
    assert [len(each.top) for each in event.outcomes] == [10] * 29


def test_nesting_without_end_is_a_notice() -> None:
    deep = b"[" * 5000 + b"]" * 5000
    whole = frame("channel.follow", "HERE").replace(b'"HERE"', b'{"user_id": %s}' % deep)
    try:
        found = decode_frame(whole)
    except ValueError:  # the frame itself is refused: a logged skip
        return
    source = Source(frame_id="f", kind="channel.follow", at=AT, channel_id=STREAMER.id)
    with pytest.raises(UnreadablePayloadError):
        MAPPED["channel.follow"](source, found.payload.event)


def test_a_use_of_bits_of_tomorrow_is_a_notice_with_its_name() -> None:
    event = only("channel.bits.use", payloads.bits_use(ANNA, 30, "hi", kind="lottery"))
    assert isinstance(event, PlatformNotice)
    assert (event.name, event.raw_type) == ("lottery", "channel.bits.use/lottery")
    assert not isinstance(event, Cheer | CharityDonation)
