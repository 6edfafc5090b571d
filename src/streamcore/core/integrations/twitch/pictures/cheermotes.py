"""Cheermotes: a prefix and an amount of bits, shown as the picture of the amount's tier.

https://dev.twitch.tv/docs/api/reference/#get-cheermotes
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import msgspec
from msgspec.structs import replace

from streamcore.core.integrations.emotes.source import each_readable, picture
from streamcore.protocol.objects import Emote, Fragment, FragmentKind

__all__ = ["CheermoteList", "Cheermotes", "read_cheermotes", "with_cheermotes"]

Tiers = tuple[tuple[int, Emote], ...]
Cheermotes = Mapping[str, Tiers]
"""By the prefix in small letters, the highest tier first: from how many bits on, which picture."""

_CHEERMOTE = FragmentKind.CHEERMOTE
_HOSTS = ("d3aqoihi2n8ty8.cloudfront.net", "static-cdn.jtvnw.net")
_MAX = 1000
_TIERS_MAX = 20


class _Images(msgspec.Struct, frozen=True, kw_only=True):
    dark: dict[str, dict[str, str]]


class _Tier(msgspec.Struct, frozen=True, kw_only=True):
    min_bits: int
    images: _Images


class _Cheermote(msgspec.Struct, frozen=True, kw_only=True):
    prefix: str
    tiers: tuple[msgspec.Raw, ...] = ()


class CheermoteList(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, item by item: a broken one costs only itself."""

    data: tuple[msgspec.Raw, ...] = ()


def read_cheermotes(answer: CheermoteList) -> Cheermotes:
    """Return the cheermotes of an answer; a tier whose picture lies elsewhere is left out."""
    return {
        each.prefix.lower(): _tiers(each)
        for each in islice(each_readable(answer.data, _Cheermote), _MAX)
    }


def _tiers(cheermote: _Cheermote) -> Tiers:
    tiers: list[tuple[int, Emote]] = []
    for tier in islice(each_readable(cheermote.tiers, _Tier), _TIERS_MAX):
        for form in ("animated", "static"):
            url = picture(tier.images.dark.get(form, {}).get("2", ""), *_HOSTS)
            if url is not None:
                emote_id = f"{cheermote.prefix}{tier.min_bits}"
                is_animated = form == "animated"
                emote = Emote(provider="twitch", id=emote_id, animated=is_animated, url=url)
                tiers.append((tier.min_bits, emote))
                break
    return tuple(sorted(tiers, key=lambda tier: tier[0], reverse=True))


def with_cheermotes(fragments: tuple[Fragment, ...], known: Cheermotes) -> tuple[Fragment, ...]:
    """Return the fragments with a picture for each cheermote that is known."""
    for fragment in fragments:
        if fragment.kind is _CHEERMOTE:
            return tuple([_shown(each, known) for each in fragments])
    return fragments


def _shown(fragment: Fragment, known: Cheermotes) -> Fragment:
    if fragment.kind is not _CHEERMOTE:
        return fragment
    prefix = fragment.text.removesuffix(str(fragment.bits)).lower()
    for min_bits, emote in known.get(prefix, ()):
        if min_bits <= fragment.bits:
            return replace(fragment, emote=emote)
    return fragment
