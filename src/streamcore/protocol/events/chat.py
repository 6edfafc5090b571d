"""What is said and done in the chat (permission `chat_read`)."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from streamcore.protocol.events.base import Event
from streamcore.protocol.objects import Fragment, Reply
from streamcore.protocol.permissions import Permission

__all__ = [
    "ChatAnnouncement",
    "ChatCleared",
    "ChatMessage",
    "ChatMessageDeleted",
    "ChatMessageKind",
    "ChatModeChanged",
    "ChatUserCleared",
    "PlatformNotice",
]


class _ChatEvent(Event, frozen=True, kw_only=True):
    permission: ClassVar[Permission | None] = Permission.CHAT_READ
    money_class: ClassVar[bool] = False


class ChatMessageKind(StrEnum):
    """How a chat message was sent."""

    TEXT = "text"
    HIGHLIGHTED = "highlighted"
    SUBSCRIBERS_ONLY = "subscribers_only"
    INTRODUCTION = "introduction"
    EFFECT = "effect"
    GIGANTIC_EMOTE = "gigantic_emote"
    ACTION = "action"


class ChatMessage(_ChatEvent, frozen=True, kw_only=True):
    """Somebody wrote in the chat; `text` is plain, `fragments` say where the emotes stand."""

    message_id: str = ""
    text: str = ""
    fragments: tuple[Fragment, ...] = ()
    reply_to: Reply | None = None
    kind: ChatMessageKind = ChatMessageKind.TEXT
    bits: int = 0


class ChatMessageDeleted(_ChatEvent, frozen=True, kw_only=True):
    """One message was removed; `user` wrote it."""

    message_id: str = ""


class ChatUserCleared(_ChatEvent, frozen=True, kw_only=True):
    """All messages of `user` were removed."""


class ChatCleared(_ChatEvent, frozen=True, kw_only=True):
    """The whole chat was emptied."""


class ChatModeChanged(_ChatEvent, frozen=True, kw_only=True):
    """The chat's rules changed; a field that is None was not told."""

    emote_only: bool | None = None
    followers_only_minutes: int | None = None
    subscribers_only: bool | None = None
    slow_mode_s: int | None = None
    unique_only: bool | None = None


class ChatAnnouncement(_ChatEvent, frozen=True, kw_only=True):
    """A highlighted message of the streamer or a moderator."""

    text: str = ""
    fragments: tuple[Fragment, ...] = ()
    color: str = "primary"


class PlatformNotice(_ChatEvent, frozen=True, kw_only=True):
    """An upstream kind that we do not know yet; `raw_type` is the platform's own name for it."""

    name: str = ""
    text: str = ""
    raw_type: str = ""
