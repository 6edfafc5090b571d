"""Writing in the chat and keeping order there."""

from __future__ import annotations

from typing import ClassVar

from streamcore.protocol.commands.base import PlatformCommand
from streamcore.protocol.permissions import Permission

__all__ = [
    "BanUser",
    "ClearChat",
    "DeleteChatMessage",
    "SendChat",
    "SetChatMode",
    "TimeoutUser",
    "UnbanUser",
    "WarnUser",
]


class SendChat(PlatformCommand, frozen=True, kw_only=True):
    """Write `msg` in the chat; the result is `{"message_id": …, "message_ids": […]}`.

    A text over the platform's limit is split at words into at most three messages. What a module
    writes goes out as the second account, the bot, where the streamer connected one.
    """

    permission: ClassVar[Permission | None] = Permission.CHAT_SEND

    msg: str
    reply_to: str | None = None


class _Moderation(PlatformCommand, frozen=True, kw_only=True):
    permission: ClassVar[Permission | None] = Permission.CHAT_MODERATE


class DeleteChatMessage(_Moderation, frozen=True, kw_only=True):
    """Remove one message."""

    message_id: str


class ClearChat(_Moderation, frozen=True, kw_only=True):
    """Remove everything that is written in the chat."""


class TimeoutUser(_Moderation, frozen=True, kw_only=True):
    """Silence a person for `duration_s` seconds.

    Whoever a `user_id` means is named by the platform's id, or by login with an `@` before it. The
    result is `{"user_id": …, "ends_at": …}`.
    """

    user_id: str
    duration_s: int
    reason: str = ""


class BanUser(_Moderation, frozen=True, kw_only=True):
    """Ban a person (an id, or `@login`) for good; the result is `{"user_id": …}`."""

    user_id: str
    reason: str = ""


class UnbanUser(_Moderation, frozen=True, kw_only=True):
    """Lift a ban or a time-out of a person (an id, or `@login`)."""

    user_id: str


class WarnUser(_Moderation, frozen=True, kw_only=True):
    """Warn a person (an id, or `@login`), who has to confirm before writing again."""

    user_id: str
    reason: str


class SetChatMode(_Moderation, frozen=True, kw_only=True):
    """Change the chat's rules; a field that is left out stays as it is, 0 switches off."""

    emote_only: bool | None = None
    followers_only_minutes: int | None = None
    subscribers_only: bool | None = None
    slow_mode_s: int | None = None
    unique_only: bool | None = None
