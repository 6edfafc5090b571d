"""Notifications as Twitch documents them, every field included."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime

from tests.fakes.twitch.people import STREAMER, Person

__all__ = [
    "Payload",
    "bits_use",
    "broadcaster",
    "channel_update",
    "chat_message",
    "chat_notification",
    "chatter",
    "follow",
    "message",
    "message_delete",
    "new_id",
    "raid",
    "stamp",
    "stream_offline",
    "stream_online",
]

Payload = dict[str, object]

_NOTICES = (
    "sub",
    "resub",
    "sub_gift",
    "community_sub_gift",
    "gift_paid_upgrade",
    "prime_paid_upgrade",
    "raid",
    "unraid",
    "pay_it_forward",
    "announcement",
    "bits_badge_tier",
    "charity_donation",
    "watch_streak",
)
_CHEER = re.compile(r"\b(Cheer)(\d+)\b")


def new_id() -> str:
    return str(uuid.uuid4())


def stamp() -> str:
    """Return the time as Twitch writes it: with nanoseconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "321Z"


def broadcaster() -> Payload:
    return STREAMER.fields("broadcaster_user")


def message(text: str) -> Payload:
    """Return a text with its fragments; `Cheer100` is a cheermote, `@name` a mention."""
    pieces: list[Payload] = []
    for word in re.split(r"(\s+)", text):
        cheer = _CHEER.fullmatch(word)
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


def chatter(person: Person, badges: tuple[str, ...] = ()) -> Payload:
    """Return who wrote; a badge is `set` or `set:info`."""
    shown = [badge.partition(":") for badge in badges]
    if person == STREAMER:
        shown.append(("broadcaster", "", ""))
    return {
        **person.fields("chatter_user"),
        "color": "#00FF7F",
        "badges": [{"set_id": name, "id": "1", "info": info} for name, _, info in shown],
    }


def chat_message(
    person: Person,
    text: str,
    *,
    message_id: str,
    badges: tuple[str, ...] = (),
    reply: Payload | None = None,
    kind: str = "text",
) -> Payload:
    bits = sum(int(found[2]) for found in _CHEER.finditer(text))
    return {
        **broadcaster(),
        **chatter(person, badges),
        "message_id": message_id,
        "message": message(text),
        "message_type": kind,
        "cheer": {"bits": bits} if bits else None,
        "reply": reply,
        "channel_points_custom_reward_id": None,
        "channel_points_animation_id": None,
        "source_broadcaster_user_id": None,
        "source_broadcaster_user_login": None,
        "source_broadcaster_user_name": None,
        "source_message_id": None,
        "source_badges": None,
        "is_source_only": None,
    }


def chat_notification(
    person: Person | None, kind: str, content: Payload | None, *, text: str = "", system: str = ""
) -> Payload:
    """Return a notice; its content stands under its own kind, all other kinds are null."""
    who = person or Person("274598607", "ananonymousgifter", "AnAnonymousGifter")
    return {
        **broadcaster(),
        **chatter(who),
        "chatter_is_anonymous": person is None,
        "system_message": system,
        "message_id": new_id(),
        "message": message(text),
        "notice_type": kind,
        **dict.fromkeys(_NOTICES),
        **({kind: content} if content is not None else {}),
        "source_broadcaster_user_id": None,
        "source_message_id": None,
        "source_badges": None,
    }


def message_delete(person: Person, message_id: str) -> Payload:
    return {**broadcaster(), **person.fields("target_user"), "message_id": message_id}


def follow(person: Person) -> Payload:
    return {**person.fields(), **broadcaster(), "followed_at": stamp()}


def bits_use(person: Person, bits: int, text: str, kind: str = "cheer") -> Payload:
    return {
        **person.fields(),
        **broadcaster(),
        "bits": bits,
        "type": kind,
        "message": message(text),
        "power_up": {"type": "message_effect", "emote": None, "message_effect_id": "rainbow"}
        if kind == "power_up"
        else None,
    }


def raid(person: Person, viewers: int) -> Payload:
    return {
        **person.fields("from_broadcaster_user"),
        **STREAMER.fields("to_broadcaster_user"),
        "viewers": viewers,
    }


def stream_online(stream_id: str, started_at: str) -> Payload:
    return {**broadcaster(), "id": stream_id, "type": "live", "started_at": started_at}


def stream_offline() -> Payload:
    return broadcaster()


def channel_update(title: str, category: str, language: str) -> Payload:
    return {
        **broadcaster(),
        "title": title,
        "language": language,
        "category_id": "509658",
        "category_name": category,
        "content_classification_labels": [],
    }
