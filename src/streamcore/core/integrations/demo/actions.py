"""What commands do on the invented stream: the same events that a platform would send back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from streamcore.core.errors import CommandError
from streamcore.core.integrations.base import unsupported
from streamcore.core.integrations.demo.cast import BOT
from streamcore.core.integrations.demo.emotes import fragments
from streamcore.core.integrations.demo.stage import Stage
from streamcore.core.integrations.text import split_message
from streamcore.protocol.commands import (
    BanUser,
    Command,
    DeleteChatMessage,
    PlatformCommand,
    SendAnnouncement,
    SendChat,
    SetChatMode,
    TimeoutUser,
    UnbanUser,
    UpdateStream,
)
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import (
    ChatAnnouncement,
    ChatMessage,
    ChatMessageDeleted,
    ChatModeChanged,
    StreamUpdated,
    UserBanned,
    UserUnbanned,
)
from streamcore.protocol.objects import User

__all__ = ["SUPPORTED", "TEXT_LIMIT", "act"]

TEXT_LIMIT = 500

SUPPORTED: tuple[type[Command], ...] = (
    BanUser,
    DeleteChatMessage,
    SendAnnouncement,
    SendChat,
    SetChatMode,
    TimeoutUser,
    UnbanUser,
    UpdateStream,
)

Result = Mapping[str, object]


def act(stage: Stage, command: PlatformCommand) -> Result:
    """Carry out a command on the stage, or raise `CommandError`."""
    match command:
        case SendChat():
            return _send_chat(stage, command)
        case DeleteChatMessage():
            written = _message(stage, command.message_id)
            stage.emit(
                ChatMessageDeleted(**stage.base(), user=written.user, message_id=written.message_id)
            )
        case TimeoutUser():
            ends_at = stage.at() + timedelta(seconds=command.duration_s)
            _ban(stage, command.user_id, command.reason, ends_at)
        case BanUser():
            _ban(stage, command.user_id, command.reason, None)
        case UnbanUser():
            user = _user(stage, command.user_id)
            stage.emit(UserUnbanned(**stage.base(), user=user, moderator=BOT))
        case SetChatMode():
            stage.emit(
                ChatModeChanged(
                    **stage.base(),
                    user=BOT,
                    emote_only=command.emote_only,
                    followers_only_minutes=command.followers_only_minutes,
                    subscribers_only=command.subscribers_only,
                    slow_mode_s=command.slow_mode_s,
                    unique_only=command.unique_only,
                )
            )
        case SendAnnouncement():
            (text,) = split_message(command.msg, TEXT_LIMIT)[:1]
            stage.emit(
                ChatAnnouncement(
                    **stage.base(),
                    user=BOT,
                    text=text,
                    fragments=fragments(text),
                    color=command.color,
                )
            )
        case UpdateStream():
            _update_stream(stage, command)
        case _:
            raise unsupported("The demonstration", command)
    return {}


def _send_chat(stage: Stage, command: SendChat) -> Result:
    parts = split_message(command.msg, TEXT_LIMIT)
    reply_to = None if command.reply_to is None else _message(stage, command.reply_to)
    sent = [stage.say(BOT, parts[0], reply_to), *(stage.say(BOT, part) for part in parts[1:])]
    return {"message_id": sent[0].message_id, "message_ids": [m.message_id for m in sent]}


def _ban(stage: Stage, user_id: str, reason: str, ends_at: datetime | None) -> None:
    stage.emit(
        UserBanned(
            **stage.base(),
            user=_user(stage, user_id),
            moderator=BOT,
            reason=reason,
            ends_at=ends_at,
            is_permanent=ends_at is None,
        )
    )


def _update_stream(stage: Stage, command: UpdateStream) -> None:
    wanted = (
        ("title", command.title),
        ("category", command.category),
        ("language", command.language),
    )
    stage.emit(
        StreamUpdated(
            **stage.base(),
            user=BOT,
            title=command.title or "",
            category=command.category or "",
            language=command.language or "",
            changed=tuple(name for name, value in wanted if value is not None),
        )
    )


def _message(stage: Stage, message_id: str) -> ChatMessage:
    message = stage.message(message_id)
    if message is None:
        raise CommandError(
            ErrorCode.NOT_FOUND,
            f"No message {message_id!r} among the last ones: use the id of a recent message.",
        )
    return message


def _user(stage: Stage, user_id: str) -> User:
    known = (m.user for m in reversed(stage.recent) if m.user and m.user.id == user_id)
    people = (p.user for p in (*stage.cast.regulars, *stage.cast.audience) if p.user.id == user_id)
    user = next(known, None) or next(people, None)
    if user is None:
        raise CommandError(
            ErrorCode.NOT_FOUND,
            f"Nobody with the id {user_id!r} is in the chat of the demonstration.",
        )
    return user
