"""Counts events in a stream of WebSocket frames without decoding them."""

from __future__ import annotations

import re

__all__ = ["PONG", "Counter"]

PONG = b"\x81\x81\0\0\0\x003"
_PING = b"2"
_SEQ = b'"seq":'
"""Stands once in every event; inside a text the quotes would be escaped."""
_NUMBERS = re.compile(rb'"seq":([0-9]+),')
_GAP = re.compile(rb'42[^\[]{0,20}\["gap",')


class Counter:
    """What one client received; with `is_timed` the delay of each event too.

    The delay is that since the time in the field `since`: when the core got the event, or (`at`)
    when the platform sent it.
    """

    def __init__(self, *, is_timed: bool, since: str = "received_at") -> None:
        self.events = 0
        self.logged = 0
        self.first_seq = 0
        self.last_seq = 0
        self.gaps = 0
        self.bytes = 0
        self.delays_ms: list[float] = []
        self._is_timed = is_timed
        self._stamps = re.compile(rb'"%s":"[0-9T:-]{17}([0-9.]+)Z"' % since.encode())
        self._rest = b""

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
        if self._rest:
            data = self._rest + data
        at, size, is_asked = 0, len(data), False
        while size - at >= 10 or (size - at >= 2 and data[at + 1] < 126):
            length, start = data[at + 1], at + 2
            if length == 126:
                start = at + 4
                length = int.from_bytes(data[at + 2 : start], "big")
            elif length == 127:
                start = at + 10
                length = int.from_bytes(data[at + 2 : start], "big")
            end = start + length
            if end > size:
                break
            if length == 1:
                is_asked = is_asked or data[start:end] == _PING
            else:
                self._take_frame(data, start, end, now)
            at = end
        self._rest = data[at:]
        return is_asked

    def _take_frame(self, data: bytes, start: int, end: int, now: float) -> None:
        events = data.count(_SEQ, start, end)
        if not events:
            self.gaps += _GAP.match(data, start, end) is not None
            return
        self.events += events
        first = _number_after(data, data.find(_SEQ, start, end))
        last = _number_after(data, data.rfind(_SEQ, start, end))
        if last - first + 1 == events and first:
            self.logged += events
        else:
            # Numbers are missing, or there are events that the log does not hold (number 0).
            numbers = [n for n in map(int, _NUMBERS.findall(data, start, end)) if n]
            self.logged += len(numbers)
            first, last = (numbers[0], numbers[-1]) if numbers else (0, 0)
        self.first_seq = self.first_seq or first
        self.last_seq = last or self.last_seq
        if self._is_timed:
            second = now % 60
            self.delays_ms += [
                ((second - float(match)) % 60) * 1000
                for match in self._stamps.findall(data, start, end)
            ]


def _number_after(data: bytes, at: int) -> int:
    start = at + len(_SEQ)
    return int(data[start : data.index(b",", start)])
