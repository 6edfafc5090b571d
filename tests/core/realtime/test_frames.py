"""Cutting frames ourselves comes to the same as the library's parser, whatever comes in."""

from __future__ import annotations

import itertools
import random
from typing import TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from streamcore.core.realtime.frames import FrameCutter

_MAX = 2000
_UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)

Outcome: TypeAlias = tuple[list[tuple[int, bool, bytes]], str]


class _Library:
    """The library's own protocol after an upgrade; notes what it makes of the bytes."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, bool, bytes]] = []
        self.protocol = ServerProtocol(max_size=_MAX)
        self.protocol.receive_data(_UPGRADE)
        (request,) = self.protocol.events_received()
        assert isinstance(request, Request)
        self.protocol.send_response(self.protocol.accept(request))
        assert self.protocol.state is State.OPEN

    def feed(self, data: bytes) -> None:
        self.protocol.receive_data(data)
        for event in self.protocol.events_received():
            assert isinstance(event, Frame)
            self.seen.append((event.opcode, event.fin, bytes(event.data)))

    def is_over(self) -> bool:
        return self.protocol.parser_exc is not None

    def outcome(self) -> Outcome:
        return self.seen, type(self.protocol.parser_exc).__name__


def _by_library(parts: list[bytes]) -> Outcome:
    library = _Library()
    for part in parts:
        if not library.is_over():
            library.feed(part)
    return library.outcome()


def _by_cutter(parts: list[bytes]) -> Outcome:
    library = _Library()
    cutter = FrameCutter(_MAX, library.feed)
    for part in parts:
        cutter.feed(
            part, lambda text: library.seen.append((Opcode.TEXT, True, text)), library.is_over
        )
    return library.outcome()


def _frame(first: int, payload: bytes, key: bytes, *, masked: bool = True, width: int = 0) -> bytes:
    size = len(payload)
    width = width or (0 if size < 126 else 2 if size < 1 << 16 else 8)
    length = {0: size, 2: 126, 8: 127}[width]
    head = bytes((first, (0x80 if masked else 0) | length))
    if width:
        head += size.to_bytes(width, "big")
    body = bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))
    return head + key + body if masked else head + payload


_KEYS = st.binary(min_size=4, max_size=4)
_SIZES = st.one_of(
    st.integers(0, 20),
    st.sampled_from([124, 125, 126, 127, _MAX - 1, _MAX, _MAX + 1]),
)


@st.composite
def _any_frame(draw: st.DrawFn) -> bytes:
    # Usual frames most of the time; everything that one byte can say now and then.
    first = draw(
        st.one_of(
            st.just(0x81),
            st.sampled_from([0x01, 0x00, 0x80, 0x02, 0x82, 0x88, 0x89, 0x8A, 0x81]),
            st.integers(0, 255),
        )
    )
    payload = random.Random(draw(st.integers(0, 9))).randbytes(draw(_SIZES))
    width = draw(st.sampled_from([0, 0, 0, 2, 8]))
    if not width and len(payload) > 125:
        width = 2
    masked = draw(st.sampled_from([True] * 9 + [False]))
    return _frame(first, payload, draw(_KEYS), masked=masked, width=width)


_STREAMS = st.one_of(
    st.lists(_any_frame(), max_size=8).map(b"".join),
    st.binary(max_size=60),
    st.tuples(st.lists(_any_frame(), max_size=3).map(b"".join), st.binary(max_size=20)).map(
        b"".join
    ),
)


@settings(max_examples=600, deadline=None)
@given(stream=_STREAMS, cuts=st.lists(st.integers(0, 4000), max_size=12))
@example(stream=_frame(0x01, b"a", b"1234") + _frame(0x81, b"b", b"1234"), cuts=[])
@example(stream=_frame(0x01, b"a", b"1234") + _frame(0x80, b"b", b"1234"), cuts=[3])
@example(stream=b"\x81\xff" + (_MAX + 1).to_bytes(8, "big"), cuts=[5])
@example(stream=b"\x81\xff" + b"\xff" * 8 + b"more", cuts=[])
@example(stream=_frame(0x88, b"", b"1234") + _frame(0x81, b"late", b"1234"), cuts=[])
def test_any_bytes_in_any_parts_end_as_with_the_library(stream: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    parts = [stream[a:b] for a, b in itertools.pairwise(edges)]
    assert _by_cutter(parts) == _by_library(parts)


@settings(max_examples=60, deadline=None)
@given(stream=_STREAMS)
def test_one_byte_at_a_time_ends_as_with_the_library(stream: bytes) -> None:
    parts = [stream[i : i + 1] for i in range(min(len(stream), 600))]
    assert _by_cutter(parts) == _by_library(parts)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, _MAX])
def test_a_text_in_one_frame_never_reaches_the_library(size: int) -> None:
    taken: list[bytes] = []
    others: list[bytes] = []
    cutter = FrameCutter(_MAX, others.append)
    payload = random.Random(size).randbytes(size)
    cutter.feed(_frame(0x81, payload, b"\x01\x80\xff\x7f") * 3, taken.append, lambda: False)
    assert (taken, others) == ([payload] * 3, [])


def test_nothing_is_taken_once_the_connection_is_over() -> None:
    taken: list[bytes] = []
    others: list[bytes] = []
    cutter = FrameCutter(_MAX, others.append)
    stream = _frame(0x81, b"x", b"1234") * 5 + _frame(0x8A, b"", b"1234")
    cutter.feed(stream, taken.append, lambda: len(taken) == 2)
    assert (taken, others) == ([b"x", b"x"], [])
