"""Making a clip, which Twitch does after it has answered.

Source: dev.twitch.tv/docs/api/clips and the reference's "Create Clip" and "Get Clips".
"""

from __future__ import annotations

import logging
from datetime import datetime

import msgspec

from streamcore.core.errors import CommandError, StorageError
from streamcore.core.integrations.twitch.commands.desk import (
    Desk,
    Result,
    checked_number,
    checked_text,
    unreadable,
)
from streamcore.core.integrations.twitch.events.source import PLATFORM
from streamcore.protocol.commands import CreateClip
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import ClipCreated
from streamcore.protocol.objects import User

__all__ = ["create_clip"]

_TITLE_MAX = 100
_MIN_S, _MAX_S = 5, 60
# Twitch: what is not there after 15 s will not come. Commands are answered within that time.
_READY_WITHIN_S = 12.0
_LOOK_EVERY_S = 1.0

_log = logging.getLogger(__name__)


class _Begun(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    edit_url: str | None = None


class _AllBegun(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Begun, ...] = ()


class _Clip(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    url: str | None = None
    title: str | None = None
    creator_id: str | None = None
    creator_name: str | None = None
    created_at: datetime | None = None
    duration: float | None = None


class _Clips(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Clip, ...] = ()


async def create_clip(desk: Desk, command: CreateClip) -> Result:
    until_s = desk.clock.monotonic() + _READY_WITHIN_S
    length = checked_number("duration_s", command.duration_s, least=_MIN_S, most=_MAX_S)
    params = {**desk.as_broadcaster, "duration": str(length)}
    if title := checked_text("title", command.title, most=_TITLE_MAX):
        params["title"] = title
    answer = await desk.helix.post("/clips", None, _AllBegun, params=params)
    if not answer.data:
        raise unreadable("clip")
    begun = answer.data[0]
    clip = await _ready(desk, begun.id, until_s)
    await _publish(desk, clip)
    return {
        "clip_id": clip.id,
        "url": clip.url or "",
        "edit_url": begun.edit_url or "",
        "title": clip.title or "",
        "duration_s": clip.duration or 0.0,
    }


async def _ready(desk: Desk, clip_id: str, until_s: float) -> _Clip:
    while True:
        await desk.clock.sleep(_LOOK_EVERY_S)
        for clip in (await desk.helix.get("/clips", _Clips, {"id": clip_id})).data:
            return clip
        if desk.clock.monotonic() + _LOOK_EVERY_S > until_s:
            raise CommandError(
                ErrorCode.TIMEOUT,
                f"Twitch began the clip {clip_id} and has not finished it: it may still appear "
                "among your clips, or could not be made.",
            )


def _creator(clip: _Clip) -> User | None:
    name = clip.creator_name or ""
    return User(id=clip.creator_id, login=name.lower(), name=name) if clip.creator_id else None


async def _publish(desk: Desk, clip: _Clip) -> None:
    event = ClipCreated(
        platform=PLATFORM,
        channel_id=desk.channel_id,
        at=clip.created_at or desk.clock.now(),
        source_id=f"clip:{clip.id}",
        user=_creator(clip),
        clip_id=clip.id,
        url=clip.url or "",
        title=clip.title or "",
    )
    try:
        await desk.publish((event,))
    except StorageError as error:
        _log.warning("Twitch: a new clip is not logged: %s", error)
