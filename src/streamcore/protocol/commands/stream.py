"""Managing the stream itself."""

from __future__ import annotations

from typing import ClassVar

from streamcore.protocol.commands.base import PlatformCommand
from streamcore.protocol.permissions import Permission

__all__ = [
    "CreateClip",
    "CreateMarker",
    "SendAnnouncement",
    "SendShoutout",
    "StartAd",
    "StartRaid",
    "UpdateStream",
]


class _StreamCommand(PlatformCommand, frozen=True, kw_only=True):
    permission: ClassVar[Permission | None] = Permission.STREAM_MANAGE


class UpdateStream(_StreamCommand, frozen=True, kw_only=True):
    """Change title, category (by name or id), language or tags; what is left out stays."""

    title: str | None = None
    category: str | None = None
    language: str | None = None
    tags: tuple[str, ...] | None = None


class CreateClip(_StreamCommand, frozen=True, kw_only=True):
    """Make a clip of the last seconds; the result is `{"clip_id": …, "url": …}`."""

    title: str = ""
    duration_s: int = 30


class CreateMarker(_StreamCommand, frozen=True, kw_only=True):
    """Mark this moment in the recording."""

    description: str = ""


class StartAd(_StreamCommand, frozen=True, kw_only=True):
    """Run advertising."""

    duration_s: int = 30


class StartRaid(_StreamCommand, frozen=True, kw_only=True):
    """Send the viewers to another channel, named by its login."""

    channel: str


class SendShoutout(_StreamCommand, frozen=True, kw_only=True):
    """Recommend another channel, named by its login."""

    channel: str


class SendAnnouncement(_StreamCommand, frozen=True, kw_only=True):
    """Write a highlighted message."""

    msg: str
    color: str = "primary"
