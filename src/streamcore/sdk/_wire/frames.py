"""WebSocket frames (RFC 6455) of a client, as pure functions over bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

__all__ = [
    "BINARY",
    "CLOSE",
    "PING",
    "PONG",
    "TEXT",
    "Frame",
    "FrameReader",
    "WireError",
    "encode_close",
    "encode_frame",
    "mask",
]

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_FINAL_TEXT = 0x80 | TEXT
_CONTROL_MAX = 125


class WireError(Exception):
    """The peer broke the protocol; `close_code` is what RFC 6455 §7.4 calls it."""

    def __init__(self, close_code: int, reason: str) -> None:
        super().__init__(reason)
        self.close_code = close_code


class Frame(NamedTuple):
    """One whole message (fragments already joined) or one control frame."""

    opcode: int
    payload: bytes


def mask(payload: bytes, key: bytes) -> bytes:
    """XOR with the repeated key, as one operation on two large integers."""
    size = len(payload)
    repeated = (key * (size // 4 + 1))[:size]
    mixed = int.from_bytes(payload, "little") ^ int.from_bytes(repeated, "little")
    return mixed.to_bytes(size, "little")


def encode_frame(opcode: int, payload: bytes, key: bytes) -> bytes:
    """Return one final, masked frame; `key` is four random bytes."""
    size = len(payload)
    first = 0x80 | opcode
    if size <= _CONTROL_MAX:
        head = bytes((first, 0x80 | size))
    elif size <= 0xFFFF:
        head = struct.pack("!BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, size)
    return b"".join((head, key, mask(payload, key)))


def encode_close(close_code: int, key: bytes) -> bytes:
    """Return a masked close frame."""
    return encode_frame(CLOSE, struct.pack("!H", close_code), key)


class FrameReader:
    """Cuts a server's byte stream into frames; refuses what a server must not send."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._rest = bytearray()
        self._need = 0
        self._parts: list[bytes] = []
        self._parts_opcode = 0
        self._parts_size = 0

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take bytes as they come; give every frame that they complete, up to a broken one."""
        if self._rest:
            self._rest += data
            if len(self._rest) < self._need:
                return
            data = bytes(self._rest)
            self._rest.clear()
        position = 0
        while (cut := self._cut(data, position)) is not None:
            first, start, position = cut
            payload = data[start:position]
            if first == _FINAL_TEXT and not self._parts_opcode:
                yield Frame(TEXT, payload)
            elif (frame := self._join(first, payload)) is not None:
                yield frame
        self._rest += data[position:]

    def _cut(self, data: bytes, position: int) -> tuple[int, int, int] | None:
        """Return the first byte, the payload's start and its end, or None for more bytes."""
        available = len(data) - position
        if available < 2:
            self._need = 2
            return None
        first, second = data[position], data[position + 1]
        if first & 0x70:
            raise WireError(1002, "a reserved bit is set without an extension")
        if second & 0x80:
            raise WireError(1002, "a server's frame is masked")
        size, start = second, position + 2
        if size > _CONTROL_MAX:
            if first & 0x08:
                raise WireError(1002, "a control frame is too long")
            width = 2 if size == 126 else 8
            if available < 2 + width:
                self._need = 2 + width
                return None
            size = int.from_bytes(data[start : start + width], "big")
            start += width
        if size + self._parts_size > self._max_bytes:
            raise WireError(1009, f"a message is larger than {self._max_bytes} bytes")
        end = start + size
        if end > len(data):
            self._need = end - position
            return None
        return first, start, end

    def _join(self, first: int, payload: bytes) -> Frame | None:
        final, opcode = first & 0x80, first & 0x0F
        if opcode in (CLOSE, PING, PONG):
            if not final:
                raise WireError(1002, "a control frame is fragmented")
            return Frame(opcode, payload)
        if opcode == CONTINUATION:
            if not self._parts_opcode:
                raise WireError(1002, "a continuation without a beginning")
        elif opcode not in (TEXT, BINARY):
            raise WireError(1002, f"unknown opcode {opcode}")
        elif self._parts_opcode:
            raise WireError(1002, "a new message inside a fragmented one")
        elif final:
            return Frame(opcode, payload)
        else:
            self._parts_opcode = opcode
        self._parts.append(payload)
        self._parts_size += len(payload)
        if not final:
            return None
        whole = Frame(self._parts_opcode, b"".join(self._parts))
        self._parts, self._parts_opcode, self._parts_size = [], 0, 0
        return whole
