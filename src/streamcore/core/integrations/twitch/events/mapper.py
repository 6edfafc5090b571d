"""Twitch's notifications as the protocol's events: pure, and one source for each fact.

Twitch tells many facts several times. What counts here, and what is not even subscribed to:

- subscriptions and gifts: `channel.chat.notification`; not `channel.subscribe`,
  `channel.subscription.gift` and `channel.subscription.message`, which know no gift's group;
- bits: `channel.bits.use`; not `channel.cheer`. The chat message of a cheer stays a chat message;
- raids: `channel.raid`, which comes for every raid; the chat's notice of it is left out;
- what happens in a guest's channel of a shared chat (`shared_chat_…`) is only a notice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from streamcore.core.integrations.twitch.events import wire
from streamcore.core.integrations.twitch.events.notices import notice
from streamcore.core.integrations.twitch.events.people import fragments, user
from streamcore.core.integrations.twitch.events.source import Source
from streamcore.protocol.events import (
    ChatCleared,
    ChatMessage,
    ChatMessageDeleted,
    ChatMessageKind,
    ChatUserCleared,
    Cheer,
    Event,
    Follow,
    PlatformNotice,
    PowerUp,
    Raid,
    StreamOffline,
    StreamOnline,
    StreamUpdated,
)
from streamcore.protocol.objects import Reply

__all__ = ["MAPPED", "to_events"]

W = TypeVar("W")
Events = tuple[Event, ...]

_KINDS = {
    "channel_points_highlighted": ChatMessageKind.HIGHLIGHTED,
    "channel_points_sub_only": ChatMessageKind.SUBSCRIBERS_ONLY,
    "user_intro": ChatMessageKind.INTRODUCTION,
    "power_ups_message_effect": ChatMessageKind.EFFECT,
    "power_ups_gigantified_emote": ChatMessageKind.GIGANTIC_EMOTE,
}
_CHEERS = frozenset({"cheer", "combo"})
_POWER_UPS = frozenset({"power_up", "custom_power_up"})


def _mapping(
    shape: type[W], function: Callable[[Source, W], Events]
) -> Callable[[Source, msgspec.Raw], Events]:
    decoder = msgspec.json.Decoder(shape, strict=False)
    return lambda source, raw: function(source, decoder.decode(raw))


def to_events(source: Source, raw: msgspec.Raw) -> Events:
    """Return what a notification says; raises `msgspec.ValidationError` for a broken one."""
    mapping = MAPPED.get(source.kind)
    if mapping is None:
        return (PlatformNotice(**source.base(), name=source.kind, raw_type=source.kind),)
    return mapping(source, raw)


def _chat_message(source: Source, data: wire.ChatMessage) -> Events:
    return (
        ChatMessage(
            **source.base(data.message_id, channel_id=data.source_broadcaster_user_id),
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
            bits=0 if data.cheer is None else data.cheer.bits,
        ),
    )


def _reply(reply: wire.Reply) -> Reply:
    return Reply(
        message_id=reply.parent_message_id,
        user_id=reply.parent_user_id,
        user_name=reply.parent_user_name or "",
        text=reply.parent_message_body or "",
    )


def _message_delete(source: Source, data: wire.ChatMessageDelete) -> Events:
    who = user(data.target_user_id, data.target_user_login, data.target_user_name)
    base = source.base(f"delete:{data.message_id}")
    return (ChatMessageDeleted(**base, user=who, message_id=data.message_id),)


def _clear_user(source: Source, data: wire.ChatClearUser) -> Events:
    who = user(data.target_user_id, data.target_user_login, data.target_user_name)
    return (ChatUserCleared(**source.base(), user=who),)


def _clear(source: Source, _data: wire.ChatClear) -> Events:
    return (ChatCleared(**source.base()),)


def _follow(source: Source, data: wire.Follow) -> Events:
    at = data.followed_at or source.at
    who = user(data.user_id, data.user_login, data.user_name)
    base = source.base(f"follow:{data.user_id}:{at.isoformat()}", at=at)
    return (Follow(**base, user=who),)


def _bits(source: Source, data: wire.BitsUse) -> Events:
    who = user(data.user_id, data.user_login, data.user_name)
    text = data.message.text if data.message is not None else ""
    if data.type in _CHEERS:
        pieces = fragments(data.message)
        return (Cheer(**source.base(), user=who, bits=data.bits, text=text, fragments=pieces),)
    if data.type in _POWER_UPS:
        name = _power_up_name(data)
        return (PowerUp(**source.base(), user=who, bits=data.bits, power_up=name, text=text),)
    raw_type = f"{source.kind}/{data.type}"
    return (
        PlatformNotice(**source.base(), user=who, name=data.type, text=text, raw_type=raw_type),
    )


def _power_up_name(data: wire.BitsUse) -> str:
    if data.custom_power_up is not None:
        return data.custom_power_up.title or data.custom_power_up.name
    return data.power_up.type if data.power_up is not None else ""


def _raid(source: Source, data: wire.Raid) -> Events:
    who = user(
        data.from_broadcaster_user_id,
        data.from_broadcaster_user_login,
        data.from_broadcaster_user_name,
    )
    return (Raid(**source.base(), user=who, from_user=who, viewers=data.viewers),)


def _online(source: Source, data: wire.StreamOnline) -> Events:
    base = source.base(f"online:{data.id}" if data.id else "", at=data.started_at)
    return (StreamOnline(**base, started_at=data.started_at or source.at),)


def _offline(source: Source, data: wire.StreamOffline) -> Events:
    return (StreamOffline(**source.base(f"offline:{data.id}" if data.id else "")),)


def _update(source: Source, data: wire.ChannelUpdate) -> Events:
    return (
        StreamUpdated(
            **source.base(),
            title=data.title,
            category=data.category_name,
            language=data.language,
        ),
    )


MAPPED: dict[str, Callable[[Source, msgspec.Raw], Events]] = {
    "channel.chat.message": _mapping(wire.ChatMessage, _chat_message),
    "channel.chat.message_delete": _mapping(wire.ChatMessageDelete, _message_delete),
    "channel.chat.clear_user_messages": _mapping(wire.ChatClearUser, _clear_user),
    "channel.chat.clear": _mapping(wire.ChatClear, _clear),
    "channel.chat.notification": _mapping(wire.ChatNotification, notice),
    "channel.follow": _mapping(wire.Follow, _follow),
    "channel.bits.use": _mapping(wire.BitsUse, _bits),
    "channel.raid": _mapping(wire.Raid, _raid),
    "stream.online": _mapping(wire.StreamOnline, _online),
    "stream.offline": _mapping(wire.StreamOffline, _offline),
    "channel.update": _mapping(wire.ChannelUpdate, _update),
}
"""How each subscription type that we know is read and mapped."""
