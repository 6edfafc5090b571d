"""The fake's people: the streamer, and viewers who come into being when they are named."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

__all__ = ["STREAMER", "Person", "viewer"]


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


def viewer(name: str) -> Person:
    """Return the viewer of that name; the same name is always the same person."""
    if name.lower() == STREAMER.login:
        return STREAMER
    return Person(str(2_000_000 + crc32(name.lower().encode())), name.lower(), name)
