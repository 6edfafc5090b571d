"""7TV: the v3 REST API, https://7tv.io/docs

A set's entry gives an emote its name in the channel (`name`) and says with a flag whether it lies
over the one before it; what the emote is stands in `data`: its flags, and a host with files like
`2x.webp`. A person unknown to 7TV answers 404.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import msgspec

from streamcore.core.integrations.emotes.services import SEVENTV
from streamcore.core.integrations.emotes.source import (
    MAX_EMOTES,
    Emotes,
    EmoteSource,
    each_readable,
    is_sound,
    picture,
)
from streamcore.protocol.objects import Emote

__all__ = ["SevenTV"]

_HOST = "cdn.7tv.app"
_IS_ZERO_WIDTH = 1 << 0
_IS_DISALLOWED = 1 << 24
_PREFERRED = ("2x.webp", "2x.avif", "1x.webp", "1x.avif")


class _File(msgspec.Struct, frozen=True, kw_only=True):
    name: str = ""


class _Host(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    files: tuple[_File, ...] = ()


class _Data(msgspec.Struct, frozen=True, kw_only=True):
    host: _Host
    flags: int = 0
    listed: bool = True
    animated: bool = False


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    data: _Data
    flags: int | None = None


class _Set(msgspec.Struct, frozen=True, kw_only=True):
    emotes: tuple[msgspec.Raw, ...] | None = None


class _Connection(msgspec.Struct, frozen=True, kw_only=True):
    emote_set: _Set | None = None


class SevenTV(EmoteSource):
    """The set that a channel has chosen; names in it can differ from the emotes' own."""

    service = SEVENTV

    @property
    def global_address(self) -> str:
        return f"{self._url}/emote-sets/global"

    def channel_address(self, platform: str, channel_id: str) -> str | None:
        return f"{self._url}/users/{platform}/{channel_id}"

    def read_global(self, answer: bytes) -> Emotes:
        return _emotes(self.decode(answer, _Set).emotes or ())

    def read_channel(self, answer: bytes) -> Emotes:
        chosen = self.decode(answer, _Connection).emote_set
        return _emotes(() if chosen is None else chosen.emotes or ())


def _emotes(raws: Iterable[msgspec.Raw]) -> Emotes:
    emotes: dict[str, Emote] = {}
    for entry in each_readable(islice(raws, MAX_EMOTES), _Entry):
        data = entry.data
        url = _url(data.host)
        # What 7TV's moderators took off their lists does not belong on a stream.
        is_unfit = not data.listed or data.flags & _IS_DISALLOWED
        if url is None or is_unfit or not is_sound(entry.name, entry.id):
            continue
        emotes[entry.name] = Emote(
            provider=SEVENTV.id,
            id=entry.id,
            animated=data.animated,
            is_overlay=bool((entry.flags or 0) & _IS_ZERO_WIDTH),
            url=url,
        )
    return emotes


def _url(host: _Host) -> str | None:
    names = {file.name for file in host.files}
    chosen = next((name for name in _PREFERRED if name in names), None)
    return None if chosen is None else picture(f"{host.url}/{chosen}", _HOST)
