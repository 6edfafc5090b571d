"""What came in and waits to be taken: bounded, in order, handed on burst by burst."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from streamcore.core.integrations.twitch.eventsub.frames import Frame

__all__ = ["Inbox"]

MAX_BYTES = 8 << 20
"""Some thousand chat messages. Beyond it reading stops: then the network holds things back, and
Twitch may close the connection, after which the gap is marked."""
BURST = 128
"""Frames that are mapped and published together: some milliseconds of work."""
_REMEMBERED = 5000


class Inbox:
    """Frames of all sockets, each once.

    While publishing waits for the disk, reading goes on until `MAX_BYTES` wait here. Keepalives,
    pings and requests to move are dealt with all the while, so a short trouble with the disk costs
    neither an event nor the connection; a long one costs memory that is known in advance.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[Frame, int]] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        self._room = asyncio.Event()
        self._newest: set[str] = set()
        self._older: set[str] = set()

    @property
    def is_full(self) -> bool:
        """Tell whether reading has to wait."""
        return self._bytes >= MAX_BYTES

    def put(self, frame: Frame, size: int) -> None:
        """Take in a frame of `size` bytes, unless it is a repetition."""
        message_id = frame.metadata.message_id
        if message_id:
            if message_id in self._newest or message_id in self._older:
                return
            if len(self._newest) >= _REMEMBERED:
                self._older, self._newest = self._newest, set()
            self._newest.add(message_id)
        self._waiting.append((frame, size))
        self._bytes += size
        if not self._filled.is_set():
            self._filled.set()

    async def room(self) -> None:
        """Wait until half of the room is free."""
        while self._bytes >= MAX_BYTES // 2:
            self._room.clear()
            await self._room.wait()

    async def deliver(self, take: Callable[[Sequence[Frame]], Awaitable[None]]) -> None:
        """Hand on what comes, for ever; `take` may wait as long as it has to."""
        waiting = self._waiting
        while True:
            await self._filled.wait()
            self._filled.clear()
            while waiting:
                burst = [waiting.popleft() for _ in range(min(BURST, len(waiting)))]
                await take([frame for frame, _ in burst])
                self._bytes -= sum(size for _, size in burst)
                if self._bytes < MAX_BYTES // 2:
                    self._room.set()
                # Whoever else has something to do comes first: this may be a flood.
                await asyncio.sleep(0)
