"""Engine.IO 4 and Socket.IO 5 packets in text frames, as pure functions over bytes."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import msgspec

from streamcore.sdk._wire.frames import WireError

__all__ = [
    "ENGINE_CLOSE",
    "ENGINE_MESSAGE",
    "ENGINE_NOOP",
    "ENGINE_OPEN",
    "ENGINE_PING",
    "ENGINE_PONG",
    "MAX_ID_DIGITS",
    "EnginePing",
    "Kind",
    "Packet",
    "decode_open",
    "decode_packet",
    "encode_packet",
    "first_argument",
    "split_event",
]

ENGINE_OPEN, ENGINE_CLOSE, ENGINE_PING, ENGINE_PONG, ENGINE_MESSAGE, _, ENGINE_NOOP = b"0123456"

MAX_ID_DIGITS = 15


class Kind(IntEnum):
    """What a Socket.IO packet is; the binary kinds are not spoken here."""

    CONNECT = 0
    DISCONNECT = 1
    EVENT = 2
    ACK = 3
    CONNECT_ERROR = 4


class Packet(NamedTuple):
    """One Socket.IO packet; `data` is its JSON, not looked at yet."""

    kind: Kind
    namespace: str
    id: int | None
    data: bytes


class EnginePing(msgspec.Struct, frozen=True, rename="camel"):
    """What the open packet says about heartbeats, in milliseconds."""

    ping_interval: int
    ping_timeout: int


_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_NAME = msgspec.json.Decoder(str)
_OPEN = msgspec.json.Decoder(EnginePing)
_DIGITS = frozenset(b"0123456789")


def encode_packet(kind: Kind, namespace: str, data: bytes = b"", id: int | None = None) -> bytes:
    """Return the text of one packet, Engine.IO's digit included."""
    number = b"" if id is None else b"%d" % id
    return b"4%d%s,%s%s" % (kind, namespace.encode(), number, data)


def decode_packet(payload: bytes) -> Packet:
    """Read an Engine.IO message (`4…`) as a Socket.IO packet."""
    try:
        kind = Kind(payload[1] - 0x30)
    except (IndexError, ValueError):
        raise WireError(1003, f"not a text packet of Socket.IO: {payload[:8]!r}") from None
    position, namespace = 2, "/"
    if payload[2:3] == b"/":
        comma = payload.find(b",", 2)
        end = comma if comma >= 0 else len(payload)
        namespace = payload[2:end].decode("ascii", "replace")
        position = end + 1
    start = position
    while payload[position : position + 1] and payload[position] in _DIGITS:
        position += 1
    if position - start > MAX_ID_DIGITS:
        raise WireError(1002, "a packet's id is too long")
    number = int(payload[start:position]) if position > start else None
    return Packet(kind, namespace, number, payload[position:])


def decode_open(payload: bytes) -> EnginePing:
    """Read Engine.IO's open packet."""
    try:
        return _OPEN.decode(payload[1:])
    except msgspec.MsgspecError as error:
        raise WireError(1002, f"the open packet is broken: {error}") from error


def split_event(data: bytes) -> tuple[str, msgspec.Raw]:
    """Return an event's name and its first argument (`null` when there is none)."""
    try:
        items = _LIST.decode(data)
        name = _NAME.decode(items[0])
    except (IndexError, msgspec.MsgspecError) as error:
        raise WireError(1002, f"an event packet is broken: {error}") from error
    return name, items[1] if len(items) > 1 else msgspec.Raw(b"null")


def first_argument(data: bytes) -> bytes:
    """Return the JSON of an acknowledgement's first argument (`null` when there is none)."""
    try:
        items = _LIST.decode(data)
    except msgspec.MsgspecError as error:
        raise WireError(1002, f"an acknowledgement is broken: {error}") from error
    return bytes(items[0]) if items else b"null"
