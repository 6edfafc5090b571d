"""Bytes that no honest client sends: forty kinds by hand, and what chance makes of honest ones."""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence

from tests.core.realtime.raw import PATH, UPGRADE, frame, text

__all__ = ["Conversation", "hand_made", "honest", "mutated"]

BIG = 300 * 1024

Conversation = tuple[bytes, ...]
"""What one connection sends; after each part but the last one it waits for an answer."""


def greeting(port: int) -> bytes:
    """Return the request that opens a WebSocket."""
    return UPGRADE.format(path=PATH, port=port).encode()


def join(token: str) -> bytes:
    """Return the frame that joins as a dashboard."""
    return text(f'40/dashboard,{{"token":"{token}"}}')


def honest(port: int, token: str) -> Conversation:
    """Return a whole conversation of a well-behaved dashboard."""
    asking = (
        text('42/dashboard,["open_log",{"module_id":"quiet"}]'),
        frame(9, b"ping"),
        frame(1, b'42/dashboard,["close_log"', fin=False) + frame(0, b',{"module_id":"quiet"}]'),
        text("3"),
        frame(8, struct.pack("!H", 1000)),
    )
    return greeting(port), join(token), b"".join(asking)


def hand_made(port: int, token: str) -> dict[str, Conversation]:
    """Return the kinds by name."""
    joined = greeting(port), join(token)
    host = f"Host: 127.0.0.1:{port}\r\n".encode()
    deep = "[" * 5000 + "]" * 5000
    frames = {
        "event named connect": text('42/dashboard,["connect",{"token":"x"},{}]'),
        "event named disconnect": text('42/dashboard,["disconnect","x"]'),
        "event of a module": text('42/dashboard,["command",{"cmd":"send_chat","msg":"x"}]'),
        "NaN": text('42/dashboard,["open_log",{"module_id":NaN}]'),
        "lone surrogate": text('42/dashboard,["open_log",{"module_id":"\\ud800"}]'),
        "too deep": text(f'42/dashboard,["open_log",{deep}]'),
        "too long": text(f'42/dashboard,["open_log",{{"module_id":"{"a" * BIG}"}}]'),
        "binary": frame(2, b"\x04\x00"),
        "binary event": text('451-/dashboard,["open_log",{"_placeholder":true,"num":0}]'),
        "broken JSON": text('42/dashboard,["open_log"'),
        "not a list": text('42/dashboard,{"a":1}'),
        "empty list": text("42/dashboard,[]"),
        "event without a name": text("42/dashboard,[1,2]"),
        "unknown packet": text("9"),
        "empty packet": text(""),
        "other namespace": text('42/module,["command",{}]'),
        "endless number of an ack": text("42/dashboard," + "9" * 5000 + '["open_log"]'),
        "ack that nobody asked for": text("43/dashboard,7[]") * 2000,
        "second connect": join(token) * 3,
        "disconnect twice": text("41/dashboard,") * 2,
        "bad UTF-8": frame(1, b'42/dashboard,["\xff\xfe"]'),
        "half a letter in each part": frame(1, b"42\xd0", fin=False) + frame(0, b"\x96"),
        "reserved bits": frame(1, b"2", reserved=7),
        "reserved opcode": frame(3, b"2"),
        "reserved control opcode": frame(11, b"2"),
        "control frame in parts": frame(9, b"x", fin=False),
        "long control frame": frame(9, b"x" * 126),
        "continuation of nothing": frame(0, b"x"),
        "message inside a message": frame(1, b"4", fin=False) + text("2"),
        "endless empty parts": frame(1, b"4", fin=False) + frame(0, b"", fin=False) * 200,
        "close with one byte": frame(8, b"\x03"),
        "close with a forbidden code": frame(8, struct.pack("!H", 1005)),
        "close with bad UTF-8": frame(8, struct.pack("!H", 1000) + b"\xff"),
        "frame without a mask": b"\x81\x012",
        "length of 2^63": b"\x81\xff" + b"\xff" * 8 + bytes(4),
        "short length in eight bytes": b"\x81\xff" + (1).to_bytes(8, "big") + bytes(4) + b"2",
        "ten thousand pings": frame(9, b"") * 10_000,
    }
    requests = {
        "no HTTP at all": bytes(range(256)) * 16,
        "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(512),
        "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(64),
        "request line without an end": b"GET /" + b"a" * BIG,
        "endless headers": b"GET / HTTP/1.1\r\n" + host + b"X: y\r\n" * 20_000 + b"\r\n",
        "header with a zero byte": b"GET / HTTP/1.1\r\n" + host + b"X: \0\r\n\r\n",
        "two hosts": b"GET / HTTP/1.1\r\n" + host * 2 + b"\r\n",
        "two lengths": (
            b"POST /api/events/simulate HTTP/1.1\r\n"
            + host
            + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nabcde"
        ),
        "length and chunks": (
            b"POST /api/events/simulate HTTP/1.1\r\n"
            + host
            + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nZ\r\n"
        ),
        "negative length": (
            b"POST /api/events/simulate HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\n"
        ),
        "path out of the root": b"GET /../../etc/passwd HTTP/1.1\r\n" + host + b"\r\n",
        "path in bad UTF-8": b"GET /%ff%c0%ae HTTP/1.1\r\n" + host + b"\r\n",
        "upgrade without a key": (
            f"GET {PATH} HTTP/1.1\r\n".encode()
            + host
            + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
        ),
        "upgrade with polling": (
            greeting(port).replace(b"transport=websocket", b"transport=polling") + join(token)
        ),
        "upgrade in another version": greeting(port).replace(b"EIO=4", b"EIO=99"),
        "frames before the answer": b"".join(joined) + text("2") * 50,
    }
    return {name: (*joined, data) for name, data in frames.items()} | {
        name: (data,) for name, data in requests.items()
    }


def mutated(
    sample: Conversation, others: Sequence[Conversation], chance: random.Random
) -> Conversation:
    """Return a conversation that goes wrong in one of its parts, mostly the last."""
    at = len(sample) - 1 if chance.random() < 0.7 else chance.randrange(len(sample))
    spoiled = _spoiled(sample[at], [other[-1] for other in others], chance)
    return (*sample[:at], spoiled, *sample[at + 1 :])


def _spoiled(sample: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return bytes of which some are changed, moved, repeated, mixed or cut off."""
    data = bytearray(sample)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        span = chance.randint(1, 40)
        match chance.randrange(7):
            case 0 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at : at + span] = chance.randbytes(span)
            case 2:
                del data[at : at + span]
            case 3:
                data[at:at] = data[at : at + span] * chance.randint(1, 50)
            case 4:
                other = chance.choice(others)
                start = chance.randrange(len(other))
                data[at:at] = other[start : start + chance.randint(1, 400)]
            case 5:
                data[at:at] = chance.randbytes(chance.randint(1, 400))
            case _:
                del data[at:]
        if not data:
            return bytes(sample[:1])
    return bytes(data)
