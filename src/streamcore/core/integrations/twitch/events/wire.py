"""Shapes that many of Twitch's notifications share: people, texts, times.

Unknown fields pass. What Twitch documents as possibly null is optional, the rest has a neutral
default; only that without which a notification says nothing is required.
"""

from __future__ import annotations

import msgspec

from streamcore.core.integrations.twitch.events.reading import Count

__all__ = [
    "Badge",
    "Cheermote",
    "Deed",
    "EmoteRef",
    "InChannel",
    "InSharedChat",
    "Mention",
    "Message",
    "MessageFragment",
    "OfModerator",
    "OfUser",
    "Participant",
    "Wire",
]


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """What all shapes have in common."""


class Badge(Wire, frozen=True, kw_only=True):
    set_id: str = ""
    id: str = ""
    info: str | None = None


class EmoteRef(Wire, frozen=True, kw_only=True):
    id: str = ""
    format: tuple[str, ...] | None = None


class Cheermote(Wire, frozen=True, kw_only=True):
    prefix: str = ""
    bits: Count = 0
    tier: Count = 0


class Mention(Wire, frozen=True, kw_only=True):
    user_id: str = ""
    user_login: str = ""
    user_name: str = ""


class MessageFragment(Wire, frozen=True, kw_only=True):
    type: str = "text"
    text: str = ""
    emote: EmoteRef | None = None
    cheermote: Cheermote | None = None
    mention: Mention | None = None


class Message(Wire, frozen=True, kw_only=True):
    text: str = ""
    fragments: tuple[MessageFragment, ...] | None = None


class InChannel(Wire, frozen=True, kw_only=True):
    broadcaster_user_id: str = ""


class InSharedChat(InChannel, frozen=True, kw_only=True):
    source_broadcaster_user_id: str | None = None
    source_broadcaster_user_login: str | None = None
    source_broadcaster_user_name: str | None = None


class OfUser(InChannel, frozen=True, kw_only=True):
    user_id: str | None = None
    user_login: str | None = None
    user_name: str | None = None


class OfModerator(InChannel, frozen=True, kw_only=True):
    moderator_user_id: str | None = None
    moderator_user_login: str | None = None
    moderator_user_name: str | None = None


class Deed(OfUser, frozen=True, kw_only=True):
    """What a moderator did to a user (a struct can inherit the fields of one other only)."""

    moderator_user_id: str | None = None
    moderator_user_login: str | None = None
    moderator_user_name: str | None = None


class Participant(Wire, frozen=True, kw_only=True):
    broadcaster_user_id: str
    broadcaster_user_login: str = ""
    broadcaster_user_name: str = ""
