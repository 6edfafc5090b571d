"""The stream itself (permission `stream_read`)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from streamcore.protocol.events.base import Event
from streamcore.protocol.objects import Phase, User
from streamcore.protocol.permissions import Permission

__all__ = [
    "AdBreak",
    "ClipCreated",
    "RaidOutgoing",
    "StreamOffline",
    "StreamOnline",
    "StreamUpdated",
]


class _StreamEvent(Event, frozen=True, kw_only=True):
    permission: ClassVar[Permission | None] = Permission.STREAM_READ


class StreamOnline(_StreamEvent, frozen=True, kw_only=True):
    """The stream started."""

    started_at: datetime | None = None
    title: str = ""
    category: str = ""


class StreamOffline(_StreamEvent, frozen=True, kw_only=True):
    """The stream ended."""


class StreamUpdated(_StreamEvent, frozen=True, kw_only=True):
    """Title, category, language or content labels changed; `changed` names which."""

    title: str = ""
    category: str = ""
    language: str = ""
    category_id: str = ""
    labels: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


class AdBreak(_StreamEvent, frozen=True, kw_only=True):
    """Advertising runs for `duration_s`; `user` asked for it."""

    phase: Phase = Phase.BEGIN
    duration_s: int = 0
    ends_at: datetime | None = None
    is_automatic: bool = False


class RaidOutgoing(_StreamEvent, frozen=True, kw_only=True):
    """We send our viewers to `to_user`."""

    to_user: User | None = None
    viewers: int = 0


class ClipCreated(_StreamEvent, frozen=True, kw_only=True):
    """A clip was made."""

    clip_id: str = ""
    url: str = ""
    title: str = ""
