"""Lists that Twitch's API gives out page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Generic, TypeVar

import msgspec

from streamcore.core.integrations.twitch.api.helix import Helix

__all__ = ["Page", "pages"]

T = TypeVar("T")

_MAX_PAGES = 20


class _Pagination(msgspec.Struct, frozen=True, kw_only=True):
    cursor: str | None = None


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One page: its items, how many there are on all pages where Twitch tells it, and the next."""

    data: tuple[T, ...] = ()
    total: int | None = None
    pagination: _Pagination | None = None

    @property
    def next_cursor(self) -> str | None:
        """The `after` of the page that follows, None on the last one."""
        return (self.pagination.cursor or None) if self.pagination is not None else None


async def pages(
    helix: Helix,
    path: str,
    shape: type[T],
    params: Mapping[str, str | list[str]],
    *,
    max_pages: int = _MAX_PAGES,
    is_background: bool = True,
) -> AsyncIterator[Page[T]]:
    """Read page after page until the last one, or `max_pages` of them.

    A cursor that does not move ends it: a list that goes in circles would never.
    """
    seen: set[str] = set()
    asked = dict(params)
    for _ in range(max_pages):
        kind = Page[shape]  # type: ignore[valid-type]  # the shape is known at run time only
        page = await helix.get(path, kind, asked, is_background=is_background)
        yield page
        cursor = page.next_cursor
        if cursor is None or cursor in seen:
            return
        seen.add(cursor)
        asked["after"] = cursor
