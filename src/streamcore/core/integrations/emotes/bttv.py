"""BetterTTV: the v3 API that its own client reads, https://api.betterttv.net/3/cached/…

A list's item has `id`, `code`, `imageType` and `animated`; the picture of each size lies at
`cdn.betterttv.net/emote/<id>/<size>`. A channel without BetterTTV answers 404.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import msgspec

from streamcore.core.integrations.emotes.services import BTTV
from streamcore.core.integrations.emotes.source import (
    MAX_EMOTES,
    Emotes,
    EmoteSource,
    each_readable,
    is_sound,
    picture,
)
from streamcore.protocol.objects import Emote

__all__ = ["BetterTTV"]

_HOST = "cdn.betterttv.net"
# The list does not say which emotes lie over the one before them: clients know these by name.
_OVERLAYS = frozenset(
    {
        *("SoSnowy", "IceCold", "SantaHat", "TopHat"),
        *("ReinDeer", "CandyCane", "cvMask", "cvHazmat"),
    }
)


class _Item(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    code: str
    imageType: str = ""
    animated: bool | None = None
    modifier: bool | None = None


class _Channel(msgspec.Struct, frozen=True, kw_only=True):
    channelEmotes: tuple[msgspec.Raw, ...] | None = None
    sharedEmotes: tuple[msgspec.Raw, ...] | None = None


class BetterTTV(EmoteSource):
    """Own emotes of a channel, and those that it shares with others."""

    service = BTTV

    @property
    def global_address(self) -> str:
        return f"{self._url}/cached/emotes/global"

    def channel_address(self, platform: str, channel_id: str) -> str | None:
        return f"{self._url}/cached/users/{platform}/{channel_id}"

    def read_global(self, answer: bytes) -> Emotes:
        return _emotes(self.decode(answer, tuple[msgspec.Raw, ...]), overlays=_OVERLAYS)

    def read_channel(self, answer: bytes) -> Emotes:
        channel = self.decode(answer, _Channel)
        return _emotes((*(channel.channelEmotes or ()), *(channel.sharedEmotes or ())))


def _emotes(raws: Iterable[msgspec.Raw], *, overlays: frozenset[str] = frozenset()) -> Emotes:
    emotes: dict[str, Emote] = {}
    for item in each_readable(islice(raws, MAX_EMOTES), _Item):
        url = picture(f"https://{_HOST}/emote/{item.id}/2x", _HOST)
        # A modifier is no picture: it changes how its client shows the emote that follows.
        if url is None or item.modifier or not is_sound(item.code, item.id):
            continue
        emotes[item.code] = Emote(
            provider=BTTV.id,
            id=item.id,
            animated=item.imageType == "gif" if item.animated is None else item.animated,
            is_overlay=item.code in overlays,
            url=url,
        )
    return emotes
