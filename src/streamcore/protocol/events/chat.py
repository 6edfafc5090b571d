"""What is said and done in the chat (permission `chat_read`)."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from streamcore.protocol.events.base import Event
from streamcore.protocol.objects import Fragment, Person, Phase, Reply
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
    "SharedChat",
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
    """Somebody wrote in the chat; `text` is plain, `fragments` say where the emotes stand.

    `reward_id` is the reward that the message came with. In a shared chat, `partner` is the other
    channel in which it was written (the event has that channel's `channel_id`): its `bits` are 0,
    since they were not given to us.
    """

    message_id: str = ""
    text: str = ""
    fragments: tuple[Fragment, ...] = ()
    reply_to: Reply | None = None
    kind: ChatMessageKind = ChatMessageKind.TEXT
    bits: int = 0
    reward_id: str = ""
    partner: Person | None = None


class ChatMessageDeleted(_ChatEvent, frozen=True, kw_only=True):
    """One message was removed; `user` wrote it."""

    message_id: str = ""


class ChatUserCleared(_ChatEvent, frozen=True, kw_only=True):
    """All messages of `user` were removed."""


class ChatCleared(_ChatEvent, frozen=True, kw_only=True):
    """The whole chat was emptied."""


class ChatModeChanged(_ChatEvent, frozen=True, kw_only=True):
    """The chat's rules changed; a field that is None was not told.

    `followers_only_minutes` is how long one must have followed (0: any follower, or the rule is
    off: `followers_only` tells), `slow_mode_s` the pause between two messages (0: none).
    """

    emote_only: bool | None = None
    followers_only: bool | None = None
    followers_only_minutes: int | None = None
    subscribers_only: bool | None = None
    slow_mode_s: int | None = None
    unique_only: bool | None = None


class ChatAnnouncement(_ChatEvent, frozen=True, kw_only=True):
    """A highlighted message of the streamer or a moderator; `partner` as in `ChatMessage`."""

    text: str = ""
    fragments: tuple[Fragment, ...] = ()
    color: str = "primary"
    partner: Person | None = None


class SharedChat(_ChatEvent, frozen=True, kw_only=True):
    """Our chat was joined with other channels' chats; `participants` are all of them, us too."""

    phase: Phase = Phase.BEGIN
    session_id: str = ""
    host: Person | None = None
    participants: tuple[Person, ...] = ()


class PlatformNotice(_ChatEvent, frozen=True, kw_only=True):
    """An upstream kind that we do not know yet; `raw_type` is the platform's own name for it."""

    name: str = ""
    text: str = ""
    raw_type: str = ""
