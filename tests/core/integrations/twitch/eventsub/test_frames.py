"""What can be read of a frame is read; what is none is refused in one way."""

from __future__ import annotations

import json

import pytest

from streamcore.core.integrations.twitch.eventsub.frames import UnreadableError, decode_frame

METADATA = {
    "message_id": "m-1",
    "message_type": "notification",
    "message_timestamp": "2026-11-23T10:00:00.123456789Z",
    "subscription_type": "channel.follow",
    "subscription_version": "2",
}
PAYLOAD = {"subscription": {"id": "s-1", "type": "channel.follow"}, "event": {"user_id": "1"}}


def frame(**changed: object) -> bytes:
    return json.dumps({"metadata": METADATA, "payload": PAYLOAD, **changed}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"metadata": null}',
        b'{"metadata": 5}',
        b'{"metadata": {"message_type": null}}',
        b'{"metadata": {}}',
        b"\xff\xfe\x00",
        rb'"\ud83d"',
        b"9" * 5000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"metadata": {"message_type": "x"}, "payload": ' + b"[" * 100_000,
    ],
    ids=range(14),
)
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        decode_frame(data)


def test_new_fields_are_passed_over() -> None:
    read = decode_frame(frame(tomorrow={"a": [1]}, metadata={**METADATA, "more": 1}))
    assert read.metadata.message_id == "m-1"
    assert bytes(read.payload.event) == b'{"user_id": "1"}'


@pytest.mark.parametrize("name", ["message_id", "message_timestamp", "subscription_version"])
@pytest.mark.parametrize("value", [None, 5, [], {}, "what?"], ids=repr)
def test_a_field_of_a_wrong_type_costs_that_field_only(name: str, value: object) -> None:
    read = decode_frame(frame(metadata={**METADATA, name: value}))
    assert read.metadata.message_type == "notification"
    assert read.metadata.subscription_type == "channel.follow"
    assert bytes(read.payload.event) == b'{"user_id": "1"}'


@pytest.mark.parametrize("value", [None, 5, [], "what?", {"id": 7, "type": None}], ids=repr)
def test_a_subscription_of_a_wrong_shape_leaves_the_event(value: object) -> None:
    read = decode_frame(frame(payload={**PAYLOAD, "subscription": value}))
    assert bytes(read.payload.event) == b'{"user_id": "1"}'


def test_numbers_may_be_strings() -> None:
    session = {"id": "s", "keepalive_timeout_seconds": "15", "reconnect_url": None}
    read = decode_frame(frame(payload={"session": session}))
    assert read.payload.session is not None
    assert read.payload.session.keepalive_timeout_seconds == 15


def test_several_events_in_a_frame_are_all_there() -> None:
    events = [{"id": "a", "data": {"n": 1}}, {"id": "b", "data": {"n": 2}}]
    read = decode_frame(frame(payload={"events": events}))
    assert [(each.id, bytes(each.data)) for each in read.payload.events] == [
        ("a", b'{"n": 1}'),
        ("b", b'{"n": 2}'),
    ]


def test_a_payload_that_is_none_is_an_empty_one() -> None:
    nothing: tuple[object, ...] = (None, [], 5, "text")
    for payload in nothing:
        assert decode_frame(frame(payload=payload)).payload.session is None
