"""A chat that never rests: many people, so and so many messages a second, encoded beforehand."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import time
from dataclasses import dataclass

from tests.fakes.twitch import payloads
from tests.fakes.twitch.eventsub import FakeEventSub, FakeSession, FakeSubscription
from tests.fakes.twitch.eventsub.frames import notification
from tests.fakes.twitch.payloads import stamp
from tests.fakes.twitch.people import viewer

__all__ = ["Flood", "FloodReport"]

_KIND = "channel.chat.message"
_TICK_S = 0.004
_MANY = 50
_DIFFERENT = 1500
_BEHIND = 8 << 20
"""A client that has so many bytes to take yet is not offered more."""
_ID = "00000000-0000-4000-8000-000000000000"
_NAMES = (
    *("ada", "bell", "cato", "dara", "ellis", "finn", "gwen", "hugo", "iris", "juno", "kai"),
    *("lena", "milo", "nova", "otto", "pia", "quin", "rhea", "sol", "tess", "uma", "vera", "zeno"),
    *("аня", "боря", "вика", "глеб", "даша", "женя", "катя", "лёша", "маша", "юля"),
)
_TAILS = ("", "_tv", "42", "_xo", "1999", "_plays", "theone", "_ttv")
_PHRASES = (
    "hello everyone!",
    "LUL",
    "gg",
    "that was close Kappa",
    "what did I miss?",
    "first time here, loving the stream",
    "clip it!!",
    "can we get a hype train going",
    "no way he did that",
    "привет из Самары",
    "это было сильно",
    "@streamer what keyboard is that?",
    "F",
    "who is he talking to, is there a voice chat or something, I just got here",
    "😂😂😂",
    "best part of my evening, thanks for streaming so late again",
)
_BADGES: tuple[tuple[str, ...], ...] = ((), (), (), ("subscriber:6",), ("subscriber:12", "vip"))
_LONG = 126


@dataclass(frozen=True, slots=True)
class FloodReport:
    """What a flood was; `cpu_s` is what this process took for all that it did meanwhile."""

    offered: int
    """Messages written to at least one session."""
    seconds: float
    held_s: float
    """For how long the clients were so far behind that nothing was written."""
    cpu_s: float


class Flood:
    """Writes to every session that wants the chat; one flood at a time."""

    def __init__(self, eventsub: FakeEventSub) -> None:
        self._eventsub = eventsub
        self._task: asyncio.Task[None] | None = None
        self._chance = random.Random(7)
        self._made: dict[str, list[tuple[bytes, ...]]] = {}
        """By subscription: frames with holes for the ids and the time."""
        self._offered = 0
        self._held_s = 0.0
        self._began = self._ended = 0.0
        self._cpu_s = 0.0

    @property
    def is_running(self) -> bool:
        return self._task is not None and not self._task.done()

    @property
    def report(self) -> FloodReport:
        end = time.monotonic() if self.is_running else self._ended
        cpu_s = time.process_time() - self._cpu_s if self.is_running else self._cpu_s
        return FloodReport(self._offered, end - self._began, self._held_s, cpu_s)

    async def begin(self, per_s: float, seconds: float | None = None) -> None:
        """Let the chat flow, for so long or until `end`."""
        await self.end()
        # Encoded before the time runs.
        for session in self._eventsub.living:
            for subscription in session.subscriptions.values():
                if subscription.type == _KIND:
                    self._frames(subscription)
        self._offered, self._held_s = 0, 0.0
        self._began, self._cpu_s = time.monotonic(), time.process_time()
        self._task = asyncio.create_task(self._run(per_s, seconds), name="flood")

    async def end(self) -> None:
        """Let it rest."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, per_s: float, seconds: float | None) -> None:
        run = secrets.token_hex(4)
        until = None if seconds is None else self._began + seconds
        due = 0.0
        last = self._began
        try:
            while until is None or last < until:
                await asyncio.sleep(
                    _TICK_S if per_s > 50 else self._chance.uniform(0.2, 1.8) / per_s
                )
                now = min(time.monotonic(), until or float("inf"))
                if self._is_behind():
                    self._held_s += now - last
                else:
                    due += (now - last) * per_s
                last = now
                count = int(due)
                due -= count
                if count and self._write(run, count):
                    self._offered += count
        finally:
            self._ended = time.monotonic()
            self._cpu_s = time.process_time() - self._cpu_s

    def _pause(self, per_s: float) -> float:
        """Return how long to wait: few messages come irregularly, many in a steady stream."""
        return _TICK_S if per_s > _MANY else self._chance.uniform(0.2, 1.8) / per_s

    def _is_behind(self) -> bool:
        return any(session.socket.waiting > _BEHIND for session in self._eventsub.living)

    def _write(self, run: str, count: int) -> bool:
        """Write the next messages; False when nobody is there to be told."""
        ids = [
            f"{run}-0000-4000-8000-{number:012x}".encode()
            for number in range(self._offered, self._offered + count)
        ]
        now = stamp().encode()
        is_told = False
        for session, subscription in self._readers():
            frames = self._frames(subscription)
            pieces: list[bytes] = []
            for message_id in ids:
                a, b, c, d = frames[self._chance.randrange(len(frames))]
                pieces += (a, message_id, b, now, c, message_id, d)
            session.last_frame_at = time.monotonic()
            is_told |= session.socket.write(b"".join(pieces))
        return is_told

    def _readers(self) -> list[tuple[FakeSession, FakeSubscription]]:
        if self._eventsub.is_silent:
            return []
        return [
            (session, subscription)
            for session in self._eventsub.living
            for subscription in session.subscriptions.values()
            if subscription.type == _KIND and session.hears
        ]

    def _frames(self, subscription: FakeSubscription) -> list[tuple[bytes, ...]]:
        made = self._made.get(subscription.id)
        if made is None:
            # Only the newest subscriptions are written to again.
            while len(self._made) > 3:
                del self._made[next(iter(self._made))]
            made = [self._frame(subscription) for _ in range(_DIFFERENT)]
            self._made[subscription.id] = made
        return made

    def _frame(self, subscription: FakeSubscription) -> tuple[bytes, ...]:
        name = f"{self._chance.choice(_NAMES)}{self._chance.choice(_TAILS)}"
        text = self._chance.choice(_PHRASES)
        person = viewer(name)
        event = payloads.chat_message(
            person, text, message_id=_ID, badges=self._chance.choice(_BADGES)
        )
        frame = json.loads(notification(subscription, event, _ID, is_batch=False))
        now = str(frame["metadata"]["message_timestamp"])
        # As Twitch writes it: compact, and other letters as themselves.
        body = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode()
        first, rest = body.split(_ID.encode(), 1)
        second, rest = rest.split(now.encode(), 1)
        third, fourth = rest.split(_ID.encode(), 1)
        header = bytes((0x81, _LONG)) + len(body).to_bytes(2, "big")
        return header + first, second, third, fourth
