"""The way out of one connection: frames wait while the peer is slow, and no longer than allowed."""

from __future__ import annotations

import asyncio
import functools
import os
import sys
from collections import deque
from collections.abc import Callable

from streamcore.core.realtime.limits import LinkLimits

__all__ = ["Outbox"]

_LOOKS = 9
"""How often a peer that takes nothing is looked at before its time is up."""
_PART_BYTES = 64 * 1024
_GATHERED = 16
"""So many do not wait for the rest of a read: the peer can go on while we do."""


class Outbox:
    """Writes finished frames, in order, as far as the system takes them; the rest waits here.

    What waits are the frames themselves, which all slow peers share, never copies of them. A peer
    that takes nothing for `stalled_s`, that still has not taken after `late_s` what waited then, or
    that leaves more than `buffered_bytes` lying is reported by `on_slow`.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, on_slow: Callable[[], None]) -> None:
        self.is_behind = False
        """Whether the system has not taken everything that was sent."""
        self.is_gathering = False
        """Whether more is about to be sent and a `flush` follows."""
        self.on_drained: Callable[[], None] | None = None
        """Called when it has."""
        self._loop = loop
        self._on_slow = on_slow
        self._limits = LinkLimits()
        self._stalled_s = self._limits.stalled_s
        self._transport: asyncio.Transport | None = None
        self._is_closing: Callable[[], bool] = lambda: True
        self._write: Callable[[bytes], int] = _take_nothing
        self._is_shut = False
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._written = 0
        self._flush_handle: asyncio.Handle | None = None
        self._watch_timer: asyncio.TimerHandle | None = None

    def open(self, transport: asyncio.Transport) -> None:
        """Write to `transport` from now on."""
        # It tells at once when the system does not take all of a write, and when it has.
        transport.set_write_buffer_limits(high=0)
        self._transport = transport
        self._is_closing = transport.is_closing
        self._write = _direct_write(transport)

    def limit(self, limits: LinkLimits, *, has_cursor: bool = False) -> None:
        """Watch the peer by these limits.

        Who has a cursor gets no more than a bounded number of events ahead of it and loses nothing
        by waiting, so it may take its time: a debugger, or work that blocks the reading.
        """
        self._limits = limits
        self._stalled_s = limits.late_s if has_cursor else limits.stalled_s

    @property
    def buffered(self) -> int:
        """Return the bytes that the system has not taken yet."""
        if self._transport is None:
            return 0
        return self._waiting_bytes + self._transport.get_write_buffer_size()

    @property
    def is_shut(self) -> bool:
        """Say whether nothing can be sent any more."""
        return self._is_shut or self._is_closing()

    def write(self, frame: bytes) -> None:
        """Send a frame after everything that was sent before it."""
        if self._is_shut or self._is_closing():
            return
        if self._waiting or self.is_behind:
            self._wait(frame)
            self.flush()
            return
        size = len(frame)
        self._written += size
        try:
            taken = self._write(frame)
        except OSError:
            taken = 0  # full for now, or broken, which the transport finds out
        if taken < size and self._transport is not None:
            self._transport.write(memoryview(frame)[taken:])

    def write_soon(self, frame: bytes) -> None:
        """Send a frame together with others of this read or turn of the loop."""
        if self.is_shut:
            return
        self._wait(frame)
        if self.is_gathering:
            if len(self._waiting) >= _GATHERED:
                self.flush()
        elif self._flush_handle is None:
            self._flush_handle = self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Hand over what waits, as far as it is taken."""
        if self._flush_handle is not None:
            self._flush_handle.cancel()
            self._flush_handle = None
        while self._waiting and not self.is_behind:
            if self._transport is None or self.is_shut:
                return
            data = self._next_part()
            self._written += len(data)
            self._transport.write(data)

    def shut(self) -> None:
        """Send nothing any more; what the transport has is still sent."""
        self._is_shut = True

    def drop(self) -> None:
        """Forget what waits."""
        self._is_shut = True
        self._waiting.clear()
        self._waiting_bytes = 0
        if self._watch_timer is not None:
            self._watch_timer.cancel()

    def _wait(self, frame: bytes) -> None:
        self._waiting.append(frame)
        self._waiting_bytes += len(frame)
        if self.is_behind and self.buffered > self._limits.buffered_bytes:
            self._on_slow()

    def _next_part(self) -> bytes:
        """Take what waits, but not so much that copying it would matter."""
        part = [self._waiting.popleft()]
        size = len(part[0])
        while self._waiting and size < _PART_BYTES:
            part.append(self._waiting.popleft())
            size += len(part[-1])
        self._waiting_bytes -= size
        return part[0] if len(part) == 1 else b"".join(part)

    # --- the transport's side ---------------------------------------------------------------

    def paused(self) -> None:
        """The system did not take everything."""
        self.is_behind = True
        if self._watch_timer is None:
            self._look_again(self._taken(), 0, self._sent(), 0)

    def resumed(self) -> None:
        """The system has taken everything that the transport had."""
        self.is_behind = False
        self.flush()
        if not self.is_behind and self.on_drained is not None:
            self.on_drained()

    def _sent(self) -> int:
        return self._written + self._waiting_bytes

    def _taken(self) -> int:
        return self._written + self._waiting_bytes - self.buffered

    def _look_again(self, taken: int, looks: int, mark: int, late_looks: int) -> None:
        self._watch_timer = self._loop.call_later(
            self._stalled_s / _LOOKS, self._look, taken, looks, mark, late_looks
        )

    def _look(self, taken: int, looks: int, mark: int, late_looks: int) -> None:
        """Look whether the peer took anything, and whether it took all that waited at the mark.

        Looks are counted, not time: while this PC sleeps or our own loop is held up nobody can
        read, and that is not the peer's fault.
        """
        self._watch_timer = None
        if not self.is_behind or self.is_shut:
            return
        now_taken = self._taken()
        looks = looks + 1 if now_taken <= taken else 0
        mark, late_looks = (self._sent(), 0) if now_taken >= mark else (mark, late_looks + 1)
        if looks >= _LOOKS or late_looks * self._stalled_s / _LOOKS >= self._limits.late_s:
            self._on_slow()
        else:
            self._look_again(now_taken, looks, mark, late_looks)


def _direct_write(transport: asyncio.Transport) -> Callable[[bytes], int]:
    """Return what writes past a transport in which nothing waits, and says how much was taken.

    It is what the transport itself would do then, at a sixth less. With TLS, and on Windows, the
    transport does more than that.
    """
    found = transport.get_extra_info("socket")
    if sys.platform == "win32" or found is None or transport.get_extra_info("sslcontext"):
        return _take_nothing
    return functools.partial(os.write, found.fileno())


def _take_nothing(frame: bytes) -> int:
    return 0
