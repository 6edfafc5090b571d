"""Managing the stream itself."""

from __future__ import annotations

from typing import ClassVar

from streamcore.protocol.commands.base import PlatformCommand
from streamcore.protocol.permissions import Permission

__all__ = [
    "CancelRaid",
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
    """Change title, category (by name or id), language or tags; what is left out stays.

    A category that is not known is `not_found`, with the names that come nearest.
    """

    title: str | None = None
    category: str | None = None
    language: str | None = None
    tags: tuple[str, ...] | None = None


class CreateClip(_StreamCommand, frozen=True, kw_only=True):
    """Make a clip of the last seconds; answered when it is there, or could not be made.

    The result is `{"clip_id", "url", "edit_url", "title", "duration_s"}`; `edit_url` is where the
    streamer can cut it.
    """

    title: str = ""
    duration_s: int = 30


class CreateMarker(_StreamCommand, frozen=True, kw_only=True):
    """Mark this moment in the recording; the result is `{"marker_id": …, "position_s": n}`."""

    description: str = ""


class StartAd(_StreamCommand, frozen=True, kw_only=True):
    """Run advertising.

    The result is `{"duration_s", "retry_after_s", "message"}`: how long it runs, when the next may
    be asked for, and what the platform says of it.
    """

    duration_s: int = 30


class StartRaid(_StreamCommand, frozen=True, kw_only=True):
    """Send the viewers to another channel, named by its login.

    The result is `{"channel_id": …, "starts_within_s": n}`: until then the streamer can still
    confirm it at once or call it off.
    """

    channel: str


class CancelRaid(_StreamCommand, frozen=True, kw_only=True):
    """Call off a raid that was announced and has not begun."""


class SendShoutout(_StreamCommand, frozen=True, kw_only=True):
    """Recommend another channel, named by its login; the result is `{"channel_id": …}`."""

    channel: str


class SendAnnouncement(_StreamCommand, frozen=True, kw_only=True):
    """Write a highlighted message; `color` is `primary` or a name that the platform knows."""

    msg: str
    color: str = "primary"
