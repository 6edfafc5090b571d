"""WebSocket framing: what goes out, what is taken in, what is refused."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame as ReferenceFrame
from websockets.frames import Opcode
from websockets.streams import StreamReader

from streamcore.sdk._wire.frames import (
    BINARY,
    CLOSE,
    PING,
    TEXT,
    Frame,
    FrameReader,
    WireError,
    encode_close,
    encode_frame,
    mask,
)

LIMIT = 256 * 1024
KEYS = st.binary(min_size=4, max_size=4)


def server_frame(opcode: int, payload: bytes, *, final: bool = True) -> bytes:
    frame = ReferenceFrame(Opcode(opcode), payload, fin=final)
    return frame.serialize(mask=False)


def reference_read(data: bytes) -> ReferenceFrame:
    """Read one frame of a client as a server does, by another implementation."""
    reader = StreamReader()
    reader.feed_data(data)
    reading = ReferenceFrame.parse(reader.read_exact, mask=True)
    with pytest.raises(StopIteration) as stop:
        while True:
            next(reading)
    frame: ReferenceFrame = stop.value.value
    return frame


@given(st.binary(max_size=300), KEYS)
def test_masking_is_the_xor_with_the_repeated_key(payload: bytes, key: bytes) -> None:
    expected = bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))
    assert mask(payload, key) == expected
    assert mask(mask(payload, key), key) == payload


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_a_frame_of_any_length_is_read_by_another_implementation(size: int) -> None:
    payload = bytes(i % 251 for i in range(size))
    frame = reference_read(encode_frame(TEXT, payload, b"\x01\x02\x03\x04"))
    assert (frame.opcode, bytes(frame.data), frame.fin) == (Opcode.TEXT, payload, True)


def test_a_close_frame_carries_its_code() -> None:
    frame = reference_read(encode_close(1009, b"abcd"))
    assert (frame.opcode, bytes(frame.data)) == (Opcode.CLOSE, struct.pack("!H", 1009))


@given(
    st.lists(st.binary(max_size=400), min_size=1, max_size=6),
    st.lists(st.integers(1, 97), min_size=1, max_size=5),
)
def test_frames_are_the_same_however_the_bytes_are_cut(
    payloads: list[bytes], steps: list[int]
) -> None:
    stream = b"".join(server_frame(TEXT, payload) for payload in payloads)
    got: list[Frame] = []
    reader, position, turn = FrameReader(LIMIT), 0, 0
    while position < len(stream):
        step = steps[turn % len(steps)]
        got += reader.feed(stream[position : position + step])
        position, turn = position + step, turn + 1
    assert got == [Frame(TEXT, payload) for payload in payloads]


@given(st.lists(st.binary(max_size=200), min_size=2, max_size=6))
def test_fragments_are_joined_around_control_frames(parts: list[bytes]) -> None:
    stream = server_frame(TEXT, parts[0], final=False)
    for part in parts[1:-1]:
        stream += server_frame(0, part, final=False) + server_frame(PING, b"hi")
    stream += server_frame(0, parts[-1])
    frames = list(FrameReader(LIMIT).feed(stream))
    assert [frame for frame in frames if frame.opcode == PING] == [Frame(PING, b"hi")] * (
        len(parts) - 2
    )
    assert frames[-1] == Frame(TEXT, b"".join(parts))


def test_a_new_message_may_follow_a_fragmented_one() -> None:
    reader = FrameReader(LIMIT)
    stream = server_frame(TEXT, b"a", final=False) + server_frame(0, b"b")
    assert list(reader.feed(stream)) == [Frame(TEXT, b"ab")]
    assert list(reader.feed(server_frame(BINARY, b"c"))) == [Frame(BINARY, b"c")]


@given(st.binary(max_size=64))
def test_noise_gives_frames_or_a_wire_error_and_nothing_else(noise: bytes) -> None:
    reader = FrameReader(1_000)
    try:
        frames = list(reader.feed(noise))
    except WireError as error:
        assert error.close_code in (1002, 1009)
    else:
        assert all(isinstance(frame, Frame) for frame in frames)


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        pytest.param(b"\x81\x80abcd", 1002, id="masked"),
        pytest.param(b"\xc1\x00", 1002, id="reserved bit"),
        pytest.param(b"\x83\x00", 1002, id="unknown opcode"),
        pytest.param(b"\x80\x00", 1002, id="continuation of nothing"),
        pytest.param(b"\x01\x00\x81\x00", 1002, id="message inside a message"),
        pytest.param(b"\x09\x00", 1002, id="fragmented ping"),
        pytest.param(b"\x89\x7e\x00\x80", 1002, id="long ping"),
        pytest.param(b"\x81\x7f" + struct.pack("!Q", LIMIT + 1), 1009, id="too large"),
        pytest.param(b"\x81\x7f" + b"\xff" * 8, 1009, id="absurdly large"),
    ],
)
def test_what_a_server_must_not_send_is_refused(stream: bytes, code: int) -> None:
    with pytest.raises(WireError) as caught:
        list(FrameReader(LIMIT).feed(stream))
    assert caught.value.close_code == code


def test_fragments_together_may_not_pass_the_limit() -> None:
    reader = FrameReader(100)
    assert list(reader.feed(server_frame(TEXT, b"x" * 60, final=False))) == []
    with pytest.raises(WireError) as caught:
        list(reader.feed(server_frame(0, b"x" * 60)))
    assert caught.value.close_code == 1009


def test_a_close_frame_is_handed_on() -> None:
    stream = server_frame(CLOSE, b"\x03\xe8")
    assert list(FrameReader(LIMIT).feed(stream)) == [Frame(CLOSE, b"\x03\xe8")]


def test_frames_before_a_broken_one_are_not_lost() -> None:
    reading = FrameReader(LIMIT).feed(server_frame(TEXT, b"good") + b"\xc1\x00")
    assert next(reading) == Frame(TEXT, b"good")
    with pytest.raises(WireError):
        next(reading)
