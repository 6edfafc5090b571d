"""Shapes that many of Twitch's notifications share: people, texts, times.

Unknown fields pass. What Twitch documents as possibly null is optional, the rest has a neutral
default; only that without which a notification says nothing is required.
"""

from __future__ import annotations

import msgspec

from streamcore.core.integrations.twitch.events.reading import Count, Items, Text

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
    set_id: Text = ""
    id: Text = ""
    info: Text | None = None


class EmoteRef(Wire, frozen=True, kw_only=True):
    id: Text = ""
    format: Items[Text] | None = None


class Cheermote(Wire, frozen=True, kw_only=True):
    prefix: Text = ""
    bits: Count = 0
    tier: Count = 0


class Mention(Wire, frozen=True, kw_only=True):
    user_id: Text = ""
    user_login: Text = ""
    user_name: Text = ""


class MessageFragment(Wire, frozen=True, kw_only=True):
    type: Text = "text"
    text: Text = ""
    emote: EmoteRef | None = None
    cheermote: Cheermote | None = None
    mention: Mention | None = None


class Message(Wire, frozen=True, kw_only=True):
    text: Text = ""
    fragments: Items[MessageFragment] | None = None


class InChannel(Wire, frozen=True, kw_only=True):
    broadcaster_user_id: Text = ""


class InSharedChat(InChannel, frozen=True, kw_only=True):
    source_broadcaster_user_id: Text | None = None
    source_broadcaster_user_login: Text | None = None
    source_broadcaster_user_name: Text | None = None


class OfUser(InChannel, frozen=True, kw_only=True):
    user_id: Text | None = None
    user_login: Text | None = None
    user_name: Text | None = None


class OfModerator(InChannel, frozen=True, kw_only=True):
    moderator_user_id: Text | None = None
    moderator_user_login: Text | None = None
    moderator_user_name: Text | None = None


class Deed(OfUser, frozen=True, kw_only=True):
    """What a moderator did to a user (a struct can inherit the fields of one other only)."""

    moderator_user_id: Text | None = None
    moderator_user_login: Text | None = None
    moderator_user_name: Text | None = None


class Participant(Wire, frozen=True, kw_only=True):
    broadcaster_user_id: Text
    broadcaster_user_login: Text = ""
    broadcaster_user_name: Text = ""
