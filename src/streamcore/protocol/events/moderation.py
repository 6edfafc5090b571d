"""What moderators do and see (permission `moderation_read`)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from streamcore.protocol.events.base import Event
from streamcore.protocol.objects import Fragment, Role, User
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
    """`user` was banned, or timed out for `duration_s` until `ends_at`."""

    reason: str = ""
    ends_at: datetime | None = None
    duration_s: int | None = None
    is_permanent: bool = True


class UserUnbanned(_ModerationEvent, frozen=True, kw_only=True):
    """A ban or time-out of `user` was lifted."""


class UserWarned(_ModerationEvent, frozen=True, kw_only=True):
    """`user` was warned, or confirmed a warning; `rules` are the chat's rules that it cites."""

    reason: str = ""
    rules: tuple[str, ...] = ()
    is_acknowledged: bool = False


class RoleChanged(_ModerationEvent, frozen=True, kw_only=True):
    """`user` got or lost a role."""

    role: Role = Role.MODERATOR
    is_added: bool = True


class UnbanRequest(_ModerationEvent, frozen=True, kw_only=True):
    """`user` asks to be let back in, or was answered: `status` is `pending` or the answer's kind.

    `text` is what `user` asked, `answer` what a moderator replied.
    """

    request_id: str = ""
    text: str = ""
    status: str = "pending"
    answer: str = ""


class AutomodMessage(_ModerationEvent, frozen=True, kw_only=True):
    """A message of `user` was held back by the platform's filter, or decided on.

    `status` is `held`, or how it ended (`approved`, `denied`, `expired`); `reason` says what held
    it (`automod`, `blocked_term`), `category` and `level` (1 to 4) what the filter saw in it.
    """

    message_id: str = ""
    text: str = ""
    fragments: tuple[Fragment, ...] = ()
    category: str = ""
    level: int = 0
    reason: str = ""
    status: str = "held"


class ShieldMode(_ModerationEvent, frozen=True, kw_only=True):
    """The channel's emergency mode was switched."""

    is_active: bool = False


class SuspiciousUser(_ModerationEvent, frozen=True, kw_only=True):
    """`user` is watched or restricted, or wrote while being so.

    `status` is the platform's word (`active_monitoring`, `restricted`, `none`); `kinds` say why
    (`ban_evader` …), `ban_evasion` how likely it is somebody who was banned. `message_id` and
    `text` are what they wrote, empty when only the status changed.
    """

    status: str = ""
    text: str = ""
    fragments: tuple[Fragment, ...] = ()
    message_id: str = ""
    kinds: tuple[str, ...] = ()
    ban_evasion: str = ""
