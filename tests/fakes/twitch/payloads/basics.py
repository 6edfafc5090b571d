"""What every payload is made of: ids, times, texts in pieces, the channel."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.fakes.twitch.people import STREAMER

__all__ = ["CHEER", "Payload", "broadcaster", "message", "new_id", "stamp", "standing_still"]

Payload = dict[str, object]

CHEER = re.compile(r"\b(Cheer)(\d+)\b")


_fixed_at: list[datetime] = []


@contextlib.contextmanager
def standing_still(at: datetime) -> Iterator[None]:
    """Make payloads that are the same each time: the clock stands, and every new id is `id`."""
    _fixed_at.append(at)
    try:
        yield
    finally:
        _fixed_at.pop()


def new_id() -> str:
    return "id" if _fixed_at else str(uuid.uuid4())


def stamp(in_s: float = 0.0) -> str:
    """Return the time as Twitch writes it, with nanoseconds; `in_s` seconds from now."""
    now = _fixed_at[-1] if _fixed_at else datetime.now(UTC)
    return (now + timedelta(seconds=in_s)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "321Z"


def broadcaster() -> Payload:
    return STREAMER.fields("broadcaster_user")


def message(text: str) -> Payload:
    """Return a text with its fragments; `Cheer100` is a cheermote, `Kappa` an emote."""
    pieces: list[Payload] = []
    for word in re.split(r"(\s+)", text):
        cheer = CHEER.fullmatch(word)
        piece: Payload = {
            "type": "text",
            "text": word,
            "cheermote": None,
            "emote": None,
            "mention": None,
        }
        if cheer is not None:
            piece["type"] = "cheermote"
            piece["cheermote"] = {"prefix": "cheer", "bits": int(cheer[2]), "tier": 1}
        elif word == "Kappa":
            piece["type"] = "emote"
            piece["emote"] = {
                "id": "25",
                "emote_set_id": "0",
                "owner_id": "0",
                "format": ["static"],
            }
        elif pieces and pieces[-1]["type"] == "text":
            pieces[-1]["text"] = f"{pieces[-1]['text']}{word}"
            continue
        pieces.append(piece)
    return {"text": text, "fragments": [piece for piece in pieces if piece["text"]]}
