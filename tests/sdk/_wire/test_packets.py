"""Socket.IO packets against the reference implementation's."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from socketio.packet import (
    ACK,
    CONNECT,
    EVENT,
)
from socketio.packet import (
    Packet as ReferencePacket,
)

from streamcore.sdk._wire.frames import WireError
from streamcore.sdk._wire.packets import (
    Kind,
    Packet,
    decode_open,
    decode_packet,
    encode_packet,
    first_argument,
    split_event,
)

NAMES = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
IDS = st.none() | st.integers(0, 10**9)


@given(NAMES, VALUES, IDS)
def test_an_event_of_the_reference_server_is_understood(
    name: str, value: object, number: int | None
) -> None:
    encoded = ReferencePacket(EVENT, data=[name, value], namespace="/module", id=number).encode()
    packet = decode_packet(b"4" + encoded.encode())
    assert (packet.kind, packet.namespace, packet.id) == (Kind.EVENT, "/module", number)
    got_name, body = split_event(packet.data)
    assert (got_name, msgspec.json.decode(body)) == (name, value)


@given(VALUES, st.integers(0, 10**9))
def test_an_acknowledgement_of_the_reference_server_is_understood(
    value: object, number: int
) -> None:
    encoded = ReferencePacket(ACK, data=[value], namespace="/module", id=number).encode()
    packet = decode_packet(b"4" + encoded.encode())
    assert (packet.kind, packet.id) == (Kind.ACK, number)
    assert json.loads(first_argument(packet.data)) == value


@given(VALUES, IDS)
def test_the_reference_server_understands_ours(value: object, number: int | None) -> None:
    data = msgspec.json.encode(["name", value])
    read = ReferencePacket(
        encoded_packet=encode_packet(Kind.EVENT, "/module", data, number)[1:].decode()
    )
    assert (read.packet_type, read.namespace, read.id) == (EVENT, "/module", number)
    assert read.data == ["name", value]


def test_the_reference_server_understands_our_connect() -> None:
    encoded = encode_packet(Kind.CONNECT, "/module", b'{"token":"t"}')
    read = ReferencePacket(encoded_packet=encoded[1:].decode())
    assert (read.packet_type, read.namespace, read.data) == (CONNECT, "/module", {"token": "t"})


def test_a_packet_without_a_namespace_belongs_to_the_root() -> None:
    assert decode_packet(b'42["a"]') == Packet(Kind.EVENT, "/", None, b'["a"]')


def test_a_namespace_may_end_the_packet() -> None:
    assert decode_packet(b"41/module") == Packet(Kind.DISCONNECT, "/module", None, b"")


def test_an_event_without_an_argument_has_null() -> None:
    name, body = split_event(b'["ping"]')
    assert (name, bytes(body)) == ("ping", b"null")


def test_an_acknowledgement_without_an_argument_is_null() -> None:
    assert first_argument(b"[]") == b"null"


@pytest.mark.parametrize(
    "payload", [b"4", b"45-[]", b"46[]", b"4x", b"42/module,1234567890123456[]"]
)
def test_binary_and_broken_packets_are_refused(payload: bytes) -> None:
    with pytest.raises(WireError):
        decode_packet(payload)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"[1]", b'["a"', b"[null]"])
def test_a_broken_event_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        split_event(data)


@pytest.mark.parametrize("data", [b"", b"{}", b"[1"])
def test_a_broken_acknowledgement_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        first_argument(data)


def test_the_heartbeats_of_the_open_packet_are_read() -> None:
    opened = decode_open(b'0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000}')
    assert (opened.ping_interval, opened.ping_timeout) == (25_000, 20_000)


@pytest.mark.parametrize("payload", [b"0", b"0{}", b'0{"pingInterval":"soon","pingTimeout":1}'])
def test_a_broken_open_packet_is_refused(payload: bytes) -> None:
    with pytest.raises(WireError):
        decode_open(payload)


@given(st.binary(max_size=40))
def test_noise_gives_a_packet_or_a_wire_error(noise: bytes) -> None:
    try:
        packet = decode_packet(b"4" + noise)
    except WireError:
        return
    assert isinstance(packet.kind, Kind)
