"""Counts events in a stream of Socket.IO frames without decoding them."""

from __future__ import annotations

import re

__all__ = ["PING", "PONG", "Counter"]

PING = b"\x81\x012"
"""A whole frame with Engine.IO's ping; its bytes cannot stand in a JSON text."""
PONG = b"\x81\x81\0\0\0\x003"
_END = b'"origin":'
"""Follows `received_at` in every event; inside a text the quotes would be escaped."""
_SEQ = b'"seq":'
_UNLOGGED = b'"seq":0,'
_RECEIVED = re.compile(rb'"received_at":"[0-9T:-]{17}([0-9.]+)Z"')
_NUMBERS = re.compile(rb'"seq":([0-9]+),')
_LONGEST_TAIL = 1 << 20


class Counter:
    """What one client received; with `is_timed` the delay of each event too."""

    def __init__(self, *, is_timed: bool) -> None:
        self.events = 0
        self.logged = 0
        self.first_seq = 0
        self.last_seq = 0
        self.gaps = 0
        self.bytes = 0
        self.delays_ms: list[float] = []
        self._is_timed = is_timed
        self._tail = b""

    def reset(self) -> None:
        """Begin anew with what comes next."""
        self.events = self.logged = self.first_seq = self.last_seq = self.gaps = self.bytes = 0
        self.delays_ms = []

    @property
    def missing(self) -> int:
        """Return how many numbers of the log were left out between the first and the last."""
        return self.last_seq - self.first_seq + 1 - self.logged if self.logged else 0

    def take(self, data: bytes, now: float) -> bool:
        """Count what came at `now` (wall clock); True when the peer asks whether we live."""
        self.bytes += len(data)
        text = self._tail + data
        cut = text.rfind(_END) + 1
        if not cut:
            self._tail = text[-_LONGEST_TAIL:]
            return PING in data
        text, self._tail = text[:cut], text[cut:]
        seqs = text.count(_SEQ)
        logged = seqs - text.count(_UNLOGGED)
        self.events += seqs
        self.gaps += text.count(b'"gap",')
        if logged:
            self.logged += logged
            if logged == seqs:
                first = _number_after(text, text.find(_SEQ))
                self.last_seq = _number_after(text, text.rfind(_SEQ))
            else:
                numbers = [number for number in map(int, _NUMBERS.findall(text)) if number]
                first, self.last_seq = numbers[0], numbers[-1]
            self.first_seq = self.first_seq or first
        if self._is_timed:
            second = now % 60
            self.delays_ms += [
                ((second - float(match)) % 60) * 1000 for match in _RECEIVED.findall(text)
            ]
        return PING in data


def _number_after(text: bytes, at: int) -> int:
    start = at + len(_SEQ)
    return int(text[start : text.index(b",", start)])
