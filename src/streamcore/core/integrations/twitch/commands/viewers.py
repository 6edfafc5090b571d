"""Who is in the chat.

Source: dev.twitch.tv/docs/api/reference, "Get Chatters".
"""

from __future__ import annotations

import msgspec

from streamcore.core.integrations.twitch.api.pages import Page
from streamcore.core.integrations.twitch.commands.desk import Desk, Result, checked_number
from streamcore.protocol.commands import GetViewers

__all__ = ["get_viewers"]

_MOST_AT_ONCE = 1000


class _Chatter(msgspec.Struct, frozen=True, kw_only=True):
    user_id: str
    user_login: str | None = None
    user_name: str | None = None


async def get_viewers(desk: Desk, command: GetViewers) -> Result:
    limit = checked_number("limit", command.limit, least=1, most=_MOST_AT_ONCE)
    params = {**desk.as_moderator, "first": str(limit)}
    if command.after:
        params["after"] = command.after
    page = await desk.helix.get("/chat/chatters", Page[_Chatter], params)
    viewers = [
        {"id": c.user_id, "login": c.user_login or "", "name": c.user_name or c.user_login or ""}
        for c in page.data
    ]
    total = page.total if page.total is not None else len(viewers)
    return {"viewers": viewers, "total": total, "after": page.next_cursor}
