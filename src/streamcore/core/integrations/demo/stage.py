"""The demonstration's stage: its own time, on which scenes play and events come out in order."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from collections.abc import Generator
from datetime import datetime, timedelta
from typing import TypedDict

from streamcore.core.integrations.demo.cast import Cast, Person
from streamcore.core.integrations.demo.emotes import fragments
from streamcore.protocol.events import ChatMessage, Event, Origin
from streamcore.protocol.objects import Reply, User

__all__ = ["Base", "Scene", "Stage"]

Scene = Generator[float, None, None]
"""A piece of the play: yields how many seconds pass until it goes on."""

REMEMBERED_MESSAGES = 200
REMEMBERED_LINES = 16


class Base(TypedDict):
    """The fields that every event of the demonstration starts from."""

    platform: str
    channel_id: str
    at: datetime
    origin: Origin
    is_test: bool
    source_id: str
    group_id: str | None


class Stage:
    """Plays scenes on its own time; the same seed gives the same play, however time is cut.

    `run` makes the ids of one run differ from those of the next, which the log would take for
    repeats.
    """

    def __init__(self, platform: str, *, seed: int, run: str, started_at: datetime) -> None:
        self.platform = platform
        self.chance = random.Random(f"{seed}/{platform}")
        self.cast = Cast(self.chance)
        self.now_s = 0.0
        self.viewers = 0
        self.recent: deque[ChatMessage] = deque(maxlen=REMEMBERED_MESSAGES)
        self._used: deque[str] = deque(maxlen=REMEMBERED_LINES)
        self._run = run
        self._started_at = started_at
        self._order = itertools.count()
        self._playing: list[tuple[float, int, Scene]] = []
        self._out: list[Event] = []

    @property
    def started_at(self) -> datetime:
        return self._started_at

    def play(self, scene: Scene, *, after_s: float = 0.0) -> None:
        """Begin a scene."""
        heapq.heappush(self._playing, (self.now_s + after_s, next(self._order), scene))

    def next_due_s(self) -> float | None:
        """When something happens next, on the stage's time; None when the play is over."""
        return self._playing[0][0] if self._playing else None

    def until(self, end_s: float) -> list[Event]:
        """Play on to `end_s` and return what happened, in order."""
        playing = self._playing
        while playing and playing[0][0] <= end_s:
            self.now_s, order, scene = heapq.heappop(playing)
            wait_s = next(scene, None)
            if wait_s is not None:
                heapq.heappush(playing, (self.now_s + wait_s, order, scene))
        self.now_s = end_s
        out, self._out = self._out, []
        return out

    def skip(self, seconds: float) -> None:
        """Let time pass in which nothing happens (the machine slept, the disk was slow)."""
        self._playing = [(at + seconds, order, scene) for at, order, scene in self._playing]
        self.now_s += seconds

    def emit(self, event: Event) -> None:
        """Put an event out."""
        self._out.append(event)

    def base(self, group_id: str | None = None) -> Base:
        """Return the base fields of an event that happens now."""
        return Base(
            platform=self.platform,
            channel_id=f"demo-{self.platform}",
            at=self.at(),
            origin=Origin.SIMULATED,
            is_test=True,
            source_id=self.new_id(),
            group_id=group_id,
        )

    def at(self) -> datetime:
        """Return the stage's time as a date."""
        return self._started_at + timedelta(seconds=self.now_s)

    def new_id(self) -> str:
        """Return an id that no other run has."""
        return f"demo-{self._run}-{next(self._order)}"

    def say(self, user: User, text: str, reply_to: ChatMessage | None = None) -> ChatMessage:
        """Let somebody write in the chat."""
        base = self.base()
        message = ChatMessage(
            **base,
            message_id=base["source_id"],
            user=user,
            text=text,
            fragments=fragments(text),
            reply_to=None if reply_to is None else _quote(reply_to),
        )
        self.recent.append(message)
        self._out.append(message)
        return message

    def line(self, texts: dict[str, tuple[str, ...]], person: Person) -> str:
        """Pick a line in the person's language and fill in somebody's name."""
        choices = texts[person.language]
        text = self.chance.choice(choices)
        if text in self._used and len(choices) > 1:
            text = self.chance.choice(choices)
        self._used.append(text)
        if "{name}" in text:
            others = [p for p in self.cast.regulars if p is not person]
            text = text.replace("{name}", self.chance.choice(others).user.name)
        return text

    def message(self, message_id: str) -> ChatMessage | None:
        """Find a message that was written not long ago."""
        return next((m for m in self.recent if m.message_id == message_id), None)


def _quote(message: ChatMessage) -> Reply | None:
    if message.user is None:
        return None
    return Reply(
        message_id=message.message_id,
        user_id=message.user.id,
        user_name=message.user.name,
        text=message.text,
    )
