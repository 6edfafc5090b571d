"""FrankerFaceZ: the v1 API, https://api.frankerfacez.com/docs/

Emotes come in sets. Of the global ones only those named in `default_sets` are everybody's. The
addresses of an emote's pictures are given by scale, a second time in `animated` when it moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import msgspec

from streamcore.core.integrations.emotes.services import FFZ
from streamcore.core.integrations.emotes.source import (
    MAX_EMOTES,
    Emotes,
    EmoteSource,
    each_readable,
    is_sound,
    picture,
)
from streamcore.protocol.objects import Emote

__all__ = ["FrankerFaceZ"]

_HOST = "cdn.frankerfacez.com"
_ROOMS = {"twitch": "id", "youtube": "yt"}
_IS_HIDDEN = 1


class _Item(msgspec.Struct, frozen=True, kw_only=True):
    id: int | str
    name: str
    urls: dict[str, str | None]
    animated: dict[str, str | None] | None = None
    modifier: bool | None = None
    modifier_flags: int | None = None


class _Set(msgspec.Struct, frozen=True, kw_only=True):
    emoticons: tuple[msgspec.Raw, ...] | None = None


class _Sets(msgspec.Struct, frozen=True, kw_only=True):
    sets: dict[str, _Set]
    default_sets: tuple[int | str, ...] | None = None


class FrankerFaceZ(EmoteSource):
    """The sets of a channel's room."""

    service = FFZ

    @property
    def global_address(self) -> str:
        return f"{self._url}/set/global"

    def channel_address(self, platform: str, channel_id: str) -> str | None:
        kind = _ROOMS.get(platform)
        return None if kind is None else f"{self._url}/room/{kind}/{channel_id}"

    def read_global(self, answer: bytes) -> Emotes:
        given = self.decode(answer, _Sets)
        everybodys = {str(each) for each in given.default_sets or ()}
        return _emotes(each for name, each in given.sets.items() if name in everybodys)

    def read_channel(self, answer: bytes) -> Emotes:
        return _emotes(self.decode(answer, _Sets).sets.values())


def _emotes(sets: Iterable[_Set]) -> Emotes:
    raws = (raw for each in sets for raw in each.emoticons or ())
    emotes: dict[str, Emote] = {}
    for item in each_readable(islice(raws, MAX_EMOTES), _Item):
        url = _url(item.animated) or _url(item.urls)
        # A hidden modifier is no picture: it changes how its client shows the emote before it.
        is_effect = bool(item.modifier) and (item.modifier_flags or 0) & _IS_HIDDEN
        if url is None or is_effect or not is_sound(item.name, str(item.id)):
            continue
        emotes[item.name] = Emote(
            provider=FFZ.id,
            id=str(item.id),
            animated=bool(item.animated),
            is_overlay=bool(item.modifier),
            url=url,
        )
    return emotes


def _url(scales: dict[str, str | None] | None) -> str | None:
    """Return the picture of double size, or of single size where there is only that."""
    given = scales or {}
    return picture(given.get("2") or given.get("1") or "", _HOST)
