"""What the cases of all groups are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple, TypedDict

from streamcore.protocol.events import Event
from streamcore.protocol.objects import Person, User
from tests.fakes.twitch.payloads import Payload
from tests.fakes.twitch.people import MODERATOR, STREAMER, viewer
from tests.fakes.twitch.people import Person as FakePerson

__all__ = ["ANNA", "AT", "BOB", "MODERATOR", "PARTNER", "STREAMER", "Case", "base", "brief", "who"]

AT = datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC)
ANNA = viewer("Anna")
BOB = viewer("Bob")
PARTNER = viewer("Partner")


class Case(NamedTuple):
    """A payload as it comes, and the whole event that it becomes."""

    kind: str
    version: str
    payload: Payload
    event: Event


class _Base(TypedDict):
    platform: str
    channel_id: str
    at: datetime
    source_id: str


def base(source_id: str = "frame-1", *, at: datetime = AT, channel: FakePerson = STREAMER) -> _Base:
    """Return the base fields of an expected event."""
    return _Base(platform="twitch", channel_id=channel.id, at=at, source_id=source_id)


def who(person: FakePerson) -> User:
    """Return a person of whom only the name was told."""
    return User(id=person.id, login=person.login, name=person.name)


def brief(person: FakePerson) -> Person:
    return Person(id=person.id, login=person.login, name=person.name)
