"""Managing the stream: its title and category, markers, advertising, raids.

Source: dev.twitch.tv/docs/api/reference, "Channels", "Ads", "Raids", "Create Stream Marker".
"""

from __future__ import annotations

import re

import msgspec

from streamcore.core.integrations.twitch.commands.categories import category_id
from streamcore.core.integrations.twitch.commands.desk import (
    Desk,
    Result,
    checked_number,
    checked_text,
    invalid,
    unreadable,
)
from streamcore.protocol.commands import CancelRaid, CreateMarker, StartAd, StartRaid, UpdateStream

__all__ = ["cancel_raid", "create_marker", "start_ad", "start_raid", "update_stream"]

_TITLE_MAX = 140
_TAGS_MAX, _TAG_MAX = 10, 25
_LANGUAGE = re.compile(r"[a-z]{2}|other|asl|zh-hk")
_MARKER_MAX = 140
_AD_MAX_S = 180
_RAID_COUNTDOWN_S = 90


class _Marker(msgspec.Struct, frozen=True, kw_only=True):
    id: str = ""
    position_seconds: int = 0


class _Markers(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Marker, ...] = ()


class _Ad(msgspec.Struct, frozen=True, kw_only=True):
    length: int = 0
    message: str | None = None
    retry_after: int = 0


class _Ads(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Ad, ...] = ()


async def update_stream(desk: Desk, command: UpdateStream) -> Result:
    body: dict[str, object] = {}
    if command.title is not None:
        body["title"] = checked_text("title", command.title, least=1, most=_TITLE_MAX)
    if command.language is not None:
        language = command.language.strip().lower()
        if not _LANGUAGE.fullmatch(language):
            raise invalid(
                f"language is {command.language[:20]!r}, expected two letters such as en or ru, "
                "or other."
            )
        body["broadcaster_language"] = language
    if command.tags is not None:
        body["tags"] = _checked_tags(command.tags)
    if command.category is not None:
        body["game_id"] = await category_id(desk, command.category)
    if not body:
        raise invalid("Nothing was named: expected title, category, language or tags.")
    await desk.helix.tell("PATCH", "/channels", desk.as_broadcaster, body)
    return {}


async def create_marker(desk: Desk, command: CreateMarker) -> Result:
    body = {"user_id": desk.channel_id}
    if text := checked_text("description", command.description, most=_MARKER_MAX):
        body["description"] = text
    for marker in (await desk.helix.post("/streams/markers", body, _Markers)).data:
        return {"marker_id": marker.id, "position_s": marker.position_seconds}
    raise unreadable("marker")


async def start_ad(desk: Desk, command: StartAd) -> Result:
    length = checked_number("duration_s", command.duration_s, least=1, most=_AD_MAX_S)
    body = {"broadcaster_id": desk.channel_id, "length": length}
    with desk.cooldowns.used(("ad", 0.0, "Twitch wants a pause between two commercials")):
        ads = await desk.helix.post("/channels/commercial", body, _Ads)
    for ad in ads.data:
        desk.cooldowns.begin("ad", ad.retry_after)
        return {
            "duration_s": ad.length,
            "retry_after_s": ad.retry_after,
            "message": ad.message or "",
        }
    raise unreadable("commercial")


async def start_raid(desk: Desk, command: StartRaid) -> Result:
    target = await desk.people.by_login(command.channel)
    if target.id == desk.channel_id:
        raise invalid("channel is your own: expected the login of another one.")
    params = {"from_broadcaster_id": desk.channel_id, "to_broadcaster_id": target.id}
    await desk.helix.tell("POST", "/raids", params)
    return {"channel_id": target.id, "starts_within_s": _RAID_COUNTDOWN_S}


async def cancel_raid(desk: Desk, _command: CancelRaid) -> Result:
    await desk.helix.tell("DELETE", "/raids", desk.as_broadcaster)
    return {}


def _checked_tags(tags: tuple[str, ...]) -> list[str]:
    if len(tags) > _TAGS_MAX:
        raise invalid(f"{len(tags)} tags were named, expected at most {_TAGS_MAX}.")
    checked = [checked_text("A tag", tag, least=1, most=_TAG_MAX) for tag in tags]
    for tag in checked:
        if any(letter.isspace() for letter in tag):
            raise invalid(f"The tag {tag!r} has a space in it: write it as one word.")
    return checked
