"""The chat: messages, what is removed from it, its rules, and chats that are joined."""

from __future__ import annotations

from streamcore.core.integrations.twitch.events import wire
from streamcore.core.integrations.twitch.events.people import (
    fragments,
    participants,
    partner,
    person,
    user,
)
from streamcore.core.integrations.twitch.events.reading import Count, Items, Text
from streamcore.core.integrations.twitch.events.source import PLATFORM, Source
from streamcore.core.integrations.twitch.events.table import mapping, phase_id, phases
from streamcore.protocol.events import (
    ChatCleared,
    ChatMessage,
    ChatMessageDeleted,
    ChatMessageKind,
    ChatModeChanged,
    ChatUserCleared,
    SharedChat,
)
from streamcore.protocol.objects import Phase, Reply

__all__ = ["CHAT"]

_KINDS = {
    "channel_points_highlighted": ChatMessageKind.HIGHLIGHTED,
    "channel_points_sub_only": ChatMessageKind.SUBSCRIBERS_ONLY,
    "user_intro": ChatMessageKind.INTRODUCTION,
    "power_ups_message_effect": ChatMessageKind.EFFECT,
    "power_ups_gigantified_emote": ChatMessageKind.GIGANTIC_EMOTE,
}


class _Cheer(wire.Wire, frozen=True, kw_only=True):
    bits: Count = 0


class _Reply(wire.Wire, frozen=True, kw_only=True):
    parent_message_id: Text = ""
    parent_message_body: Text | None = None
    parent_user_id: Text = ""
    parent_user_login: Text | None = None
    parent_user_name: Text | None = None
    thread_message_id: Text | None = None


class _Message(wire.InSharedChat, frozen=True, kw_only=True):
    chatter_user_id: Text
    chatter_user_login: Text = ""
    chatter_user_name: Text = ""
    message_id: Text
    message: wire.Message = wire.Message()
    message_type: Text = "text"
    badges: Items[wire.Badge] | None = None
    cheer: _Cheer | None = None
    color: Text | None = None
    reply: _Reply | None = None
    channel_points_custom_reward_id: Text | None = None


class _Removed(wire.InChannel, frozen=True, kw_only=True):
    target_user_id: Text = ""
    target_user_login: Text = ""
    target_user_name: Text = ""


class _Deleted(_Removed, frozen=True, kw_only=True):
    message_id: Text


class _Settings(wire.InChannel, frozen=True, kw_only=True):
    emote_mode: bool | None = None
    follower_mode: bool | None = None
    follower_mode_duration_minutes: Count | None = None
    slow_mode: bool | None = None
    slow_mode_wait_time_seconds: Count | None = None
    subscriber_mode: bool | None = None
    unique_chat_mode: bool | None = None


class _SharedChat(wire.InChannel, frozen=True, kw_only=True):
    session_id: Text
    host_broadcaster_user_id: Text = ""
    host_broadcaster_user_login: Text = ""
    host_broadcaster_user_name: Text = ""
    participants: Items[wire.Participant] | None = None


def _message(source: Source, data: _Message) -> ChatMessage:
    other = partner(data)
    # Spelt out instead of `**source.base()`: thousands of these may come in a second.
    return ChatMessage(
        platform=PLATFORM,
        channel_id=source.channel_id if other is None else other.id,
        at=source.at,
        source_id=data.message_id or source.frame_id,
        user=user(
            data.chatter_user_id,
            data.chatter_user_login,
            data.chatter_user_name,
            color=data.color,
            badges=data.badges,
            is_first_time=data.message_type == "user_intro",
        ),
        message_id=data.message_id,
        text=data.message.text,
        fragments=fragments(data.message),
        reply_to=None if data.reply is None else _reply(data.reply),
        kind=_KINDS.get(data.message_type, ChatMessageKind.TEXT),
        bits=0 if data.cheer is None or other is not None else data.cheer.bits,
        reward_id=data.channel_points_custom_reward_id or "",
        partner=other,
    )


def _reply(reply: _Reply) -> Reply:
    return Reply(
        message_id=reply.parent_message_id,
        user_id=reply.parent_user_id,
        user_login=reply.parent_user_login or "",
        user_name=reply.parent_user_name or reply.parent_user_login or "",
        text=reply.parent_message_body or "",
        thread_id=reply.thread_message_id or "",
    )


def _deleted(source: Source, data: _Deleted) -> ChatMessageDeleted:
    wrote = user(data.target_user_id, data.target_user_login, data.target_user_name)
    base = source.base(f"delete:{data.message_id}")
    return ChatMessageDeleted(**base, user=wrote, message_id=data.message_id)


def _user_cleared(source: Source, data: _Removed) -> ChatUserCleared:
    wrote = user(data.target_user_id, data.target_user_login, data.target_user_name)
    return ChatUserCleared(**source.base(), user=wrote)


def _cleared(source: Source, _data: wire.InChannel) -> ChatCleared:
    return ChatCleared(**source.base())


def _settings(source: Source, data: _Settings) -> ChatModeChanged:
    return ChatModeChanged(
        **source.base(),
        emote_only=data.emote_mode,
        followers_only=data.follower_mode,
        followers_only_minutes=_span(data.follower_mode, data.follower_mode_duration_minutes),
        subscribers_only=data.subscriber_mode,
        slow_mode_s=_span(data.slow_mode, data.slow_mode_wait_time_seconds),
        unique_only=data.unique_chat_mode,
    )


def _span(is_on: bool | None, length: int | None) -> int | None:
    if is_on is None:
        return None
    return (length or 0) if is_on else 0


def _shared_chat(source: Source, data: _SharedChat, phase: Phase) -> SharedChat:
    host = person(
        data.host_broadcaster_user_id,
        data.host_broadcaster_user_login,
        data.host_broadcaster_user_name,
    )
    return SharedChat(
        **source.base(phase_id("shared_chat", data.session_id, phase)),
        phase=phase,
        session_id=data.session_id,
        host=host if host.id else None,
        participants=participants(data.participants),
    )


CHAT = {
    "channel.chat.message": mapping(_Message, _message),
    "channel.chat.message_delete": mapping(_Deleted, _deleted),
    "channel.chat.clear_user_messages": mapping(_Removed, _user_cleared),
    "channel.chat.clear": mapping(wire.InChannel, _cleared),
    "channel.chat_settings.update": mapping(_Settings, _settings),
    **phases(
        "channel.shared_chat",
        _SharedChat,
        _shared_chat,
        begin=Phase.BEGIN,
        update=Phase.PROGRESS,
        end=Phase.END,
    ),
}
