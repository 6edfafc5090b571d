"""The fake's people: the streamer, and viewers who come into being when they are named."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

__all__ = ["ACCOUNTS", "BOT", "MODERATOR", "STREAMER", "Person", "account", "by_id", "viewer"]


@dataclass(frozen=True, slots=True)
class Person:
    """An account on the fake."""

    id: str
    login: str
    name: str

    def fields(self, prefix: str = "user") -> dict[str, object]:
        """Return Twitch's three fields for a person."""
        return {
            f"{prefix}_id": self.id,
            f"{prefix}_login": self.login,
            f"{prefix}_name": self.name,
        }


STREAMER = Person("1001", "streamer", "Streamer")
BOT = Person("1002", "streamer_bot", "Streamer_Bot")
MODERATOR = Person("1003", "moderator", "Moderator")

ACCOUNTS = (STREAMER, BOT, MODERATOR)
"""Who can sign in."""

_named: dict[str, Person] = {}


def account(login: str) -> Person:
    """Return who can sign in with that name; raises `KeyError` for anybody else."""
    return {person.login: person for person in ACCOUNTS}[login]


def viewer(name: str) -> Person:
    """Return the viewer of that name; the same name is always the same person."""
    for person in ACCOUNTS:
        if name.lower() == person.login:
            return person
    person = Person(str(2_000_000 + crc32(name.lower().encode())), name.lower(), name)
    return _named.setdefault(person.id, person)


def by_id(person_id: str) -> Person | None:
    """Return who has this id: somebody who can sign in, or who was named already."""
    return next((p for p in (*ACCOUNTS, *_named.values()) if p.id == person_id), None)
