"""The few packets of Engine.IO 4 and Socket.IO 5 that are spoken here, as bytes."""

from __future__ import annotations

import re
from typing import NamedTuple

from streamcore.core.realtime.strict import MalformedError

__all__ = [
    "ACK",
    "CLOSE",
    "CONNECT",
    "DISCONNECT",
    "EVENT",
    "PONG",
    "Packet",
    "ack_packet",
    "ack_prefix",
    "batch_packet",
    "disconnect_packet",
    "event_packet",
    "event_prefix",
    "parse",
    "parse_event",
    "text_frame",
]

# Engine.IO packets that may come in beside messages.
CLOSE = b"1"
PONG = b"3"
# Kinds of Socket.IO packets that may come in; 4 (an error) and 5, 6 (binary) may not.
CONNECT, DISCONNECT, EVENT, ACK = 0, 1, 2, 3

_MOST_DIGITS = 15
_MESSAGE = re.compile(rb"4([0-3])(?:(/[A-Za-z0-9_/-]{0,64})(?:,|\Z))?([0-9]{1,15})?")


class Packet(NamedTuple):
    """A Socket.IO packet whose JSON is not yet looked at."""

    kind: int
    namespace: str
    ack_id: int | None
    body: bytes


def parse(data: bytes) -> Packet:
    """Take a message apart; raises MalformedError for every kind that is not accepted."""
    match = _MESSAGE.match(data)
    if match is None:
        raise MalformedError("not an accepted Socket.IO packet")
    kind, namespace, ack_id = match.groups()
    return Packet(
        kind[0] - 0x30,
        namespace.decode() if namespace else "/",
        int(ack_id) if ack_id else None,
        data[match.end() :],
    )


def event_prefix(namespace: str) -> bytes:
    """Return how every event of a namespace begins."""
    return b"42%s," % namespace.encode()


def parse_event(data: bytes, prefix: bytes) -> tuple[int | None, bytes] | None:
    """Take an event of the usual shape apart: its number and its JSON; None leaves it to `parse`.

    It is what nearly every packet is, and this takes a third of the time.
    """
    if not data.startswith(prefix):
        return None
    start = len(prefix)
    end = data.find(b"[", start, start + _MOST_DIGITS + 1)
    if end == start:
        return None, data[end:]
    number = data[start:end]
    return (int(number), data[end:]) if end > 0 and number.isdigit() else None


def event_packet(namespace: str, body: bytes, ack_id: int | None = None) -> bytes:
    """Make an event; `body` is the JSON array of its name and payload."""
    number = b"" if ack_id is None else b"%d" % ack_id
    return b"42%s,%s%s" % (namespace.encode(), number, body)


def batch_packet(namespace: str, joined: bytes) -> bytes:
    """Make the `events` packet of encoded events that are joined with commas."""
    return b'42%s,["events",[%s]]' % (namespace.encode(), joined)


def ack_prefix(namespace: str) -> bytes:
    """Return how every answer in a namespace begins."""
    return b"43%s," % namespace.encode()


def ack_packet(prefix: bytes, ack_id: int, argument: bytes) -> bytes:
    """Make the answer to the event that carried `ack_id`; `argument` is JSON or empty."""
    return b"%s%d[%s]" % (prefix, ack_id, argument)


def disconnect_packet(namespace: str) -> bytes:
    """Make the packet that ends a namespace."""
    return b"41%s," % namespace.encode()


def text_frame(payload: bytes) -> bytes:
    """Put a payload into one whole WebSocket text frame, as servers send it (unmasked)."""
    size = len(payload)
    if size < 126:
        return b"\x81%c%s" % (size, payload)
    if size < 65536:
        return b"\x81\x7e%s%s" % (size.to_bytes(2, "big"), payload)
    return b"\x81\x7f%s%s" % (size.to_bytes(8, "big"), payload)
