"""Badges: what Twitch calls a set and a version, with its title and picture.

https://dev.twitch.tv/docs/api/reference/#get-channel-chat-badges
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import msgspec

from streamcore.core.integrations.emotes.source import each_readable, picture
from streamcore.protocol.objects import Badge

__all__ = ["BadgeSets", "Badges", "read_badges", "with_pictures"]

Badges = Mapping[tuple[str, str], Badge]
"""The finished badges by set and id."""

_HOST = "static-cdn.jtvnw.net"
_MAX = 10_000
_TITLE_MAX = 200


class _Version(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str | None = None
    image_url_1x: str | None = None
    image_url_2x: str | None = None


class _Set(msgspec.Struct, frozen=True, kw_only=True):
    set_id: str
    versions: tuple[msgspec.Raw, ...] = ()


class BadgeSets(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, item by item: a broken one costs only itself."""

    data: tuple[msgspec.Raw, ...] = ()


def read_badges(answer: BadgeSets) -> Badges:
    """Return the badges of an answer; one whose picture lies elsewhere has only its title."""
    found = (
        (each.set_id, version)
        for each in each_readable(answer.data, _Set)
        for version in each_readable(each.versions, _Version)
    )
    return {
        (set_id, version.id): Badge(
            set=set_id,
            id=version.id,
            title=(version.title or "")[:_TITLE_MAX],
            image_url=picture(version.image_url_2x or version.image_url_1x or "", _HOST),
        )
        for set_id, version in islice(found, _MAX)
    }


def with_pictures(badges: tuple[Badge, ...], known: Badges) -> tuple[Badge, ...]:
    """Return the badges with title and picture, as far as they are known."""
    return tuple([known.get((badge.set, badge.id), badge) for badge in badges])
