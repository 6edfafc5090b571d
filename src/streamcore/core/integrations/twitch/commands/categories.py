"""Which category is meant by a name or an id.

Source: dev.twitch.tv/docs/api/reference, "Get Games" and "Search Categories".
"""

from __future__ import annotations

import msgspec

from streamcore.core.errors import CommandError
from streamcore.core.integrations.twitch.commands.desk import Desk, checked_text
from streamcore.protocol.errors import ErrorCode

__all__ = ["NO_CATEGORY", "category_id"]

NO_CATEGORY = "0"
_NAME_MAX = 200
_SUGGESTED = 5


class _Category(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str = ""


class _Categories(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Category, ...] = ()


async def category_id(desk: Desk, named: str) -> str:
    """Return a category's id; no name means none.

    The exact name counts first, for a name may be a number ("2048"); then the id, then the name
    with other capitals. Raises `not_found` with the names that come nearest.
    """
    name = checked_text("category", named, most=_NAME_MAX)
    if not name:
        return NO_CATEGORY
    asked = {"name": name, **({"id": name} if name.isascii() and name.isdecimal() else {})}
    exact = (await desk.helix.get("/games", _Categories, asked)).data
    for category in (*(c for c in exact if c.name == name), *exact):
        return category.id
    near = (await desk.helix.get("/search/categories", _Categories, {"query": name})).data
    for category in near:
        if category.name.casefold() == name.casefold():
            return category.id
    hint = ", ".join(f"“{category.name}”" for category in near[:_SUGGESTED])
    raise CommandError(
        ErrorCode.NOT_FOUND,
        f"Twitch has no category “{name}”: "
        + (f"did you mean {hint}?" if hint else "look its name up in Twitch's stream manager."),
    )
