"""Which subscriptions we want while an account is connected, and for whose channel."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

import msgspec

__all__ = ["SUBSCRIPTIONS", "Condition", "Wanted", "condition"]


class Condition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a subscription is about."""

    broadcaster_user_id: str | None = None
    moderator_user_id: str | None = None
    user_id: str | None = None
    to_broadcaster_user_id: str | None = None
    from_broadcaster_user_id: str | None = None


class _Whose(Enum):
    """Whose ids a subscription's condition names; all are the streamer's own."""

    CHANNEL = "channel"
    CHANNEL_READER = "channel_reader"
    CHANNEL_MODERATOR = "channel_moderator"
    RAIDED = "raided"


class Wanted(NamedTuple):
    """A subscription that we want while an account is connected.

    Any one of `scopes` opens it; none means that no right is needed.
    """

    type: str
    version: str
    whose: _Whose
    scopes: tuple[str, ...] = ()


SUBSCRIPTIONS = (
    Wanted("channel.chat.message", "1", _Whose.CHANNEL_READER, ("user:read:chat",)),
    Wanted("channel.chat.notification", "1", _Whose.CHANNEL_READER, ("user:read:chat",)),
    Wanted("channel.chat.message_delete", "1", _Whose.CHANNEL_READER, ("user:read:chat",)),
    Wanted("channel.chat.clear", "1", _Whose.CHANNEL_READER, ("user:read:chat",)),
    Wanted("channel.chat.clear_user_messages", "1", _Whose.CHANNEL_READER, ("user:read:chat",)),
    Wanted("channel.follow", "2", _Whose.CHANNEL_MODERATOR, ("moderator:read:followers",)),
    Wanted("channel.bits.use", "1", _Whose.CHANNEL, ("bits:read",)),
    Wanted("channel.raid", "1", _Whose.RAIDED),
    Wanted("stream.online", "1", _Whose.CHANNEL),
    Wanted("stream.offline", "1", _Whose.CHANNEL),
    Wanted("channel.update", "2", _Whose.CHANNEL),
)
"""Chat first: it is what the streamer looks for after a reconnect."""


def condition(wanted: Wanted, user_id: str) -> Condition:
    """Return a subscription's condition for the streamer's own channel."""
    match wanted.whose:
        case _Whose.CHANNEL:
            return Condition(broadcaster_user_id=user_id)
        case _Whose.CHANNEL_READER:
            return Condition(broadcaster_user_id=user_id, user_id=user_id)
        case _Whose.CHANNEL_MODERATOR:
            return Condition(broadcaster_user_id=user_id, moderator_user_id=user_id)
        case _Whose.RAIDED:
            return Condition(to_broadcaster_user_id=user_id)
