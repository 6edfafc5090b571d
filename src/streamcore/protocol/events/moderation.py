"""What moderators do and see (permission `moderation_read`)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from streamcore.protocol.events.base import Event
from streamcore.protocol.objects import Role, User
from streamcore.protocol.permissions import Permission

__all__ = [
    "AutomodMessage",
    "RoleChanged",
    "ShieldMode",
    "SuspiciousUser",
    "UnbanRequest",
    "UserBanned",
    "UserUnbanned",
    "UserWarned",
]


class _ModerationEvent(Event, frozen=True, kw_only=True):
    permission: ClassVar[Permission | None] = Permission.MODERATION_READ

    moderator: User | None = None


class UserBanned(_ModerationEvent, frozen=True, kw_only=True):
    """`user` was banned, or timed out until `ends_at`."""

    reason: str = ""
    ends_at: datetime | None = None
    is_permanent: bool = True


class UserUnbanned(_ModerationEvent, frozen=True, kw_only=True):
    """A ban or time-out of `user` was lifted."""


class UserWarned(_ModerationEvent, frozen=True, kw_only=True):
    """`user` was warned, or confirmed a warning."""

    reason: str = ""
    is_acknowledged: bool = False


class RoleChanged(_ModerationEvent, frozen=True, kw_only=True):
    """`user` got or lost a role."""

    role: Role = Role.MODERATOR
    is_added: bool = True


class UnbanRequest(_ModerationEvent, frozen=True, kw_only=True):
    """`user` asks to be let back in, or was answered."""

    request_id: str = ""
    text: str = ""
    status: str = "pending"


class AutomodMessage(_ModerationEvent, frozen=True, kw_only=True):
    """A message was held back by the platform's filter, or decided on."""

    message_id: str = ""
    text: str = ""
    category: str = ""
    status: str = "held"


class ShieldMode(_ModerationEvent, frozen=True, kw_only=True):
    """The channel's emergency mode was switched."""

    is_active: bool = False


class SuspiciousUser(_ModerationEvent, frozen=True, kw_only=True):
    """`user` is watched or restricted."""

    status: str = ""
    text: str = ""
