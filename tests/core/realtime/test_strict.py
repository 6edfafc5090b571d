"""Strict JSON, bucket and frame building, compared with the libraries where there is one."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from streamcore.core.realtime.bucket import TokenBucket
from streamcore.core.realtime.packets import event_prefix, parse, parse_event, text_frame
from streamcore.core.realtime.strict import MalformedError, strict_args, strict_object

QUIET = settings(
    deadline=None,
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)

# Integers beyond 64 bits come back as what the decoder makes of them; nobody sends those.
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


@QUIET
@given(st.lists(VALUES, max_size=4), st.integers(1, 6), st.booleans())
def test_exactly_what_is_deeper_than_allowed_is_refused(
    args: list[object], depth: int, escaped: bool
) -> None:
    text = json.dumps(args, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    if _depth(args) <= depth:
        first, found = strict_args(text, depth)
        assert len(found) == len(args)
        assert first == (args[0] if args else None)
    else:
        with pytest.raises(MalformedError):
            strict_args(text, depth)


@QUIET
@given(st.binary(max_size=200))
def test_any_bytes_are_taken_or_refused_and_never_worse(data: bytes) -> None:
    try:
        _, args = strict_args(data, 32)
    except MalformedError:
        return
    assert isinstance(json.loads(data), list)
    assert len(args) == len(json.loads(data))


@QUIET
@given(st.text(st.characters(codec=None, categories=["Cs"]), min_size=1, max_size=3))
def test_lone_surrogates_are_refused(text: str) -> None:
    escaped = json.dumps([text])
    if not _is_paired(text):
        with pytest.raises(MalformedError):
            strict_args(escaped.encode(), 32)


def _is_paired(text: str) -> bool:
    try:
        text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("text", [b"[]", b"1", b'"x"', b"null", b"", b'{"a":NaN}', b"{1:2}"])
def test_only_objects_are_objects(text: bytes) -> None:
    with pytest.raises(MalformedError):
        strict_object(text, 32)
    assert strict_object(b'{"a":[1]}', 32) == {"a": [1]}


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 100_000])
def test_a_text_frame_is_what_the_library_would_send(size: int) -> None:
    payload = b"a" * size
    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


def test_a_bucket_fills_with_time_and_says_how_long_to_wait() -> None:
    bucket = TokenBucket(per_s=10, burst=2, now=0)
    assert bucket.take(0) == 0
    assert bucket.take(0) == 0
    assert bucket.take(0) == pytest.approx(0.1)
    assert bucket.take(0.05) == pytest.approx(0.05)
    assert bucket.take(0.1) == 0
    assert not bucket.is_full(0.1)
    assert bucket.is_full(10)
    assert bucket.take(10, cost=2) == 0
    assert bucket.take(10) > 0


_HEADS = st.lists(
    st.sampled_from(
        ["42/module", ",", "[", "-", ".", " ", "1", "0", "9" * 14, "9" * 15, "/", "²", "a"]
    ),
    max_size=6,
).map(lambda parts: "".join(parts).encode())


@QUIET
@given(st.one_of(_HEADS, _HEADS.map(lambda head: b"42/module," + head)), st.binary(max_size=20))
def test_the_short_way_to_read_an_event_finds_what_the_long_one_does(
    head: bytes, rest: bytes
) -> None:
    data = head + rest
    found = parse_event(data, event_prefix("/module"))
    if found is not None:
        packet = parse(data)
        assert (packet.kind, packet.namespace, packet.ack_id, packet.body) == (2, "/module", *found)


@pytest.mark.parametrize("number", ["", "0", "7", "007", "9" * 15])
def test_a_usual_event_is_read_the_short_way(number: str) -> None:
    found = parse_event(f'42/module,{number}["a",[1]]'.encode(), event_prefix("/module"))
    assert found == (int(number) if number else None, b'["a",[1]]')
