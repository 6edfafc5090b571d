"""Keeping below the chat's limit of messages, fairly among all who want to write."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.protocol.errors import ErrorCode

__all__ = ["LIMIT_OF_GUEST", "LIMIT_OF_MODERATOR", "Pacer"]

LIMIT_OF_GUEST = 20
LIMIT_OF_MODERATOR = 100
"""Messages in 30 s that an account may write: as anybody, and as broadcaster or moderator.

Source: dev.twitch.tv/docs/chat, "Rate limits".
"""

_WINDOW_S = 31.0  # 30 by the rule; the way to Twitch is not equally long each time
_BURST = 0.3
_RESERVE = 0.05
_MAX_WAIT_S = 10.0
_LOOK_EVERY_S = 0.1


@dataclass(eq=False, slots=True)
class _Turn:
    """Somebody's wish to write `count` messages one after another."""

    count: int
    until_s: float
    granted: asyncio.Future[None]


@dataclass(eq=False, slots=True)
class _Sender:
    turns: deque[_Turn] = field(default_factory=deque)
    is_writing: bool = False

    @property
    def wanted(self) -> int:
        return sum(turn.count for turn in self.turns)


class Pacer:
    """Gives out turns to write.

    A part of the limit may go at once, the rest comes evenly: so whoever begins to write while
    another one floods waits for the next message's time and not for the end of a window. The
    senders that wait take turns, the first sender `preferred` goes before all of them and has a
    small reserve that is nobody else's. One sender's messages go one after another, in its order.
    Who would wait for more than ten seconds is told so at once.
    """

    def __init__(self, clock: Clock, *, preferred: str) -> None:
        self._clock = clock
        self._preferred = preferred
        self._limit = self._stock = 0.0
        self._at_s = clock.monotonic()
        self._senders: dict[str, _Sender] = {}
        self._order: deque[str] = deque()
        self._wanted = asyncio.Event()
        self.allow(LIMIT_OF_GUEST)

    def allow(self, limit: int) -> None:
        """Set the limit; what was written in this window still counts."""
        self._refill()
        if limit != self._limit:
            self._stock = max(0.0, self._stock + (limit - self._limit) * _BURST)
            self._limit = limit
            self._grant()

    def hold(self, seconds: float) -> None:
        """Let nobody write for a while: the platform said that it was too much."""
        self._refill()
        self._stock = min(self._stock, -seconds * self._per_s)
        self._wanted.set()

    async def run(self) -> None:
        """Give out what becomes free, for as long as the account is connected."""
        while await self._wanted.wait():
            wait_s = self._grant()
            if wait_s is None:
                self._wanted.clear()
            else:
                # Not longer: who comes meanwhile may need to wait for less.
                await self._clock.sleep(min(wait_s, _LOOK_EVERY_S))

    @contextlib.asynccontextmanager
    async def turn(self, name: str, count: int) -> AsyncIterator[None]:
        """Wait until `count` messages may go; inside, they are written one after another.

        Raises `CommandError` with `retry_after_ms`. Who stops waiting gives its place back.
        """
        self._refill()
        sender = self._senders.get(name)
        wait_s = self._expected_s(name, count)
        if wait_s > _MAX_WAIT_S:
            raise _too_much(self._limit, wait_s)
        if sender is None:
            sender = self._senders[name] = _Sender()
        now_s = self._clock.monotonic()
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        turn = _Turn(count, now_s + _MAX_WAIT_S, granted)
        if not sender.turns:
            self._order.append(name)
        sender.turns.append(turn)
        self._grant()
        try:
            await granted
        except BaseException:
            if turn in sender.turns:
                self._withdraw(name, sender, turn)
            elif granted.done() and not granted.cancelled() and granted.exception() is None:
                # Granted in the same moment in which the waiter was stopped: nothing was written.
                self._stock += count
                self._end(name, sender)
            raise
        try:
            yield
        finally:
            self._end(name, sender)

    @property
    def _per_s(self) -> float:
        return self._limit * (1 - _BURST) / _WINDOW_S

    def _refill(self) -> None:
        now_s = self._clock.monotonic()
        gained = (now_s - self._at_s) * self._per_s
        self._stock, self._at_s = min(self._limit * _BURST, self._stock + gained), now_s

    def _end(self, name: str, sender: _Sender) -> None:
        sender.is_writing = False
        self._forget_if_idle(name, sender)
        self._grant()

    def _withdraw(self, name: str, sender: _Sender, turn: _Turn) -> None:
        sender.turns.remove(turn)
        if not sender.turns:
            self._order.remove(name)
            self._forget_if_idle(name, sender)
        self._grant()

    def _forget_if_idle(self, name: str, sender: _Sender) -> None:
        if not sender.turns and not sender.is_writing:
            self._senders.pop(name, None)

    def _grant(self) -> float | None:
        """Let go who may; returns the seconds until the next one may, None when nobody waits."""
        self._refill()
        self._refuse_overdue()
        while (name := self._next()) is not None:
            sender = self._senders[name]
            turn = sender.turns[0]
            lacking = turn.count + self._reserve_against(name) - self._stock
            if lacking > 1e-9 and not turn.granted.done():
                self._wanted.set()
                return lacking / self._per_s
            sender.turns.popleft()
            self._order.remove(name)
            if sender.turns:
                self._order.append(name)
            if turn.granted.done():  # its waiter was just stopped
                continue
            self._stock -= turn.count
            sender.is_writing = True
            turn.granted.set_result(None)
        return None

    def _next(self) -> str | None:
        """Return whose turn it is among those who wait and do not write at the moment."""
        ready = [name for name in self._order if not self._senders[name].is_writing]
        if self._preferred in ready:
            return self._preferred
        return ready[0] if ready else None

    def _reserve_against(self, name: str) -> float:
        return 0.0 if name == self._preferred else self._limit * _RESERVE

    def _refuse_overdue(self) -> None:
        now_s = self._clock.monotonic()
        for name, sender in list(self._senders.items()):
            while sender.turns and sender.turns[0].until_s < now_s:
                turn = sender.turns.popleft()
                if not turn.granted.done():
                    turn.granted.set_exception(_too_much(self._limit, 1 / self._per_s))
                if not sender.turns:
                    self._order.remove(name)
                    self._forget_if_idle(name, sender)

    def _expected_s(self, name: str, count: int) -> float:
        """Estimate a newcomer's wait: its own queue, and as much of each other one."""
        sender = self._senders.get(name)
        own = count + (sender.wanted if sender is not None else 0)
        ahead = own + self._reserve_against(name)
        for other, waiting in self._senders.items():
            if other != name and name != self._preferred:
                whole = waiting.wanted
                ahead += whole if other == self._preferred else min(whole, own)
        return max(0.0, (ahead - self._stock) / self._per_s)


def _too_much(limit: float, wait_s: float) -> CommandError:
    return CommandError(
        ErrorCode.RATE_LIMITED,
        f"The chat takes {limit:.0f} messages in 30 s from this account, and others wait too: "
        "send this one later, or fewer of them.",
        retry_after_ms=max(1, int(wait_s * 1000)),
    )
