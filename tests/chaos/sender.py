"""A party outside the core that knows what was acknowledged and sends again what was not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from tests.chaos.inside import Done, Order, is_money

__all__ = ["Sender"]

TICK_S = 0.005
CHUNK = 200
ORDER_WITHIN_S = 60.0


class Sender:
    """From `begin` on offers numbered events at an even rate, whether anybody takes them or not.

    The core connects to it (see `inside`). What was not answered when a connection ended is sent
    first on the next one.
    """

    def __init__(self, per_s: float) -> None:
        self.per_s = per_s
        self.sent = 0
        self.acknowledged: set[int] = set()
        self.unanswered: dict[int, float] = {}
        """When each was first offered."""
        self.money_answers: list[float] = []
        """When each money event was answered."""
        self.delays_ms: list[float] = []
        """From the first offer to the answer, a sample of all."""
        self._writer: asyncio.StreamWriter | None = None
        self._first_answer: asyncio.Future[float] | None = None
        self._done: asyncio.Future[Done] | None = None
        self._is_paused = True
        self._server: asyncio.Server

    @property
    def port(self) -> int:
        """Where the core connects to."""
        return int(self._server.sockets[0].getsockname()[1])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Be there until the block ends."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)
        ticking = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            ticking.cancel()
            self._server.close()
            if self._writer is not None:
                self._writer.transport.abort()
            await asyncio.gather(ticking, return_exceptions=True)

    def begin(self) -> None:
        """Offer new events from now on."""
        self._is_paused = False

    def pause(self) -> None:
        """Offer nothing new."""
        self._is_paused = True

    def next_answer(self) -> asyncio.Future[float]:
        """Return a future of the moment of the next answer on a new connection."""
        self._first_answer = asyncio.get_running_loop().create_future()
        if self._writer is not None:
            self._writer.transport.abort()
            self._writer = None
        return self._first_answer

    async def order(self, order: Order) -> Done:
        """Have something done inside the core and wait for it; raises TimeoutError."""
        self._done = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(ORDER_WITHIN_S):
            while self._writer is None:
                await asyncio.sleep(0.01)
            self._writer.write(msgspec.json.encode(order) + b"\n")
            return await self._done

    async def all_answered(self, within_s: float) -> bool:
        """Wait until nothing is unanswered."""
        end = time.monotonic() + within_s
        while self.unanswered and time.monotonic() < end:
            await asyncio.sleep(0.02)
        return not self.unanswered

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        waiting = list(self.unanswered)
        self._writer = writer
        for start in range(0, len(waiting), CHUNK):
            self._write(waiting[start : start + CHUNK])
        try:
            while line := await reader.readline():
                said = msgspec.json.decode(line, type=list[int] | Done)
                if not isinstance(said, Done):
                    self._answered(said)
                elif self._done is not None and not self._done.done():
                    self._done.set_result(said)
        except (ConnectionError, msgspec.DecodeError):
            pass  # a line cut short is not an answer
        finally:
            if self._writer is writer:
                self._writer = None
            writer.transport.abort()

    def _answered(self, numbers: list[int]) -> None:
        now = time.monotonic()
        for number in numbers:
            offered = self.unanswered.pop(number, None)
            if offered is not None and number % 10 == 0:
                self.delays_ms.append((now - offered) * 1000)
            if offered is not None and is_money(number):
                self.money_answers.append(now)
        self.acknowledged.update(numbers)
        if self._first_answer is not None and not self._first_answer.done():
            self._first_answer.set_result(now)

    async def _tick(self) -> None:
        begin, offered = time.monotonic(), 0
        while True:
            await asyncio.sleep(TICK_S)
            due = int((time.monotonic() - begin) * self.per_s) - offered
            offered += due
            if due <= 0 or self._is_paused:
                continue
            now = time.monotonic()
            numbers = list(range(self.sent + 1, self.sent + due + 1))
            self.sent += due
            self.unanswered.update(dict.fromkeys(numbers, now))
            for start in range(0, due, CHUNK):
                self._write(numbers[start : start + CHUNK])

    def _write(self, numbers: list[int]) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(msgspec.json.encode(numbers) + b"\n")
