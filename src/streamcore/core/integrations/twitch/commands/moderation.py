"""Keeping order in the chat: messages, time-outs, bans, warnings, modes.

Source: dev.twitch.tv/docs/api/reference, "Moderation" and "Update Chat Settings".
"""

from __future__ import annotations

import msgspec

from streamcore.core.integrations.twitch.api.helix import RefusedError
from streamcore.core.integrations.twitch.commands.desk import (
    Desk,
    Result,
    checked_number,
    checked_text,
    invalid,
)
from streamcore.protocol.commands import (
    BanUser,
    ClearChat,
    DeleteChatMessage,
    SetChatMode,
    TimeoutUser,
    UnbanUser,
    WarnUser,
)

__all__ = [
    "ban_user",
    "clear_chat",
    "delete_chat_message",
    "set_chat_mode",
    "timeout_user",
    "unban_user",
    "warn_user",
]

_REASON_MAX = 500
_TIMEOUT_MAX_S = 1_209_600
_FOLLOWERS_MAX_MINUTES = 129_600
_SLOW_MIN_S, _SLOW_MAX_S = 3, 120
_CONCURRENT = 409
_AGAIN_AFTER_S = 1.0


class _Ban(msgspec.Struct, frozen=True, kw_only=True):
    end_time: object = None


class _Bans(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Ban, ...] = ()


async def delete_chat_message(desk: Desk, command: DeleteChatMessage) -> Result:
    if not command.message_id.strip():
        # Without an id Twitch would empty the whole chat.
        raise invalid("message_id is empty: expected the id of one message.")
    params = {**desk.as_moderator, "message_id": command.message_id}
    await desk.helix.tell("DELETE", "/moderation/chat", params)
    return {}


async def clear_chat(desk: Desk, _command: ClearChat) -> Result:
    await desk.helix.tell("DELETE", "/moderation/chat", desk.as_moderator)
    return {}


async def timeout_user(desk: Desk, command: TimeoutUser) -> Result:
    duration_s = checked_number("duration_s", command.duration_s, least=1, most=_TIMEOUT_MAX_S)
    user_id = await desk.people.id_of(command.user_id)
    bans = await _ban(desk, user_id, command.reason, {"duration": duration_s})
    ends_at = bans.data[0].end_time if bans.data else None
    return {"user_id": user_id, "ends_at": ends_at if isinstance(ends_at, str) else None}


async def ban_user(desk: Desk, command: BanUser) -> Result:
    user_id = await desk.people.id_of(command.user_id)
    await _ban(desk, user_id, command.reason, {})
    return {"user_id": user_id}


async def unban_user(desk: Desk, command: UnbanUser) -> Result:
    user_id = await desk.people.id_of(command.user_id)
    params = {**desk.as_moderator, "user_id": user_id}
    await _change(desk, "DELETE", "/moderation/bans", params)
    return {"user_id": user_id}


async def warn_user(desk: Desk, command: WarnUser) -> Result:
    reason = checked_text("reason", command.reason, least=1, most=_REASON_MAX)
    user_id = await desk.people.id_of(command.user_id)
    body = {"data": {"user_id": user_id, "reason": reason}}
    await _change(desk, "POST", "/moderation/warnings", desk.as_moderator, body)
    return {"user_id": user_id}


async def set_chat_mode(desk: Desk, command: SetChatMode) -> Result:
    body: dict[str, object] = {}
    if command.emote_only is not None:
        body["emote_mode"] = command.emote_only
    if command.subscribers_only is not None:
        body["subscriber_mode"] = command.subscribers_only
    if command.unique_only is not None:
        body["unique_chat_mode"] = command.unique_only
    if (minutes := command.followers_only_minutes) is not None:
        checked_number("followers_only_minutes", minutes, least=0, most=_FOLLOWERS_MAX_MINUTES)
        body["follower_mode"] = minutes > 0
        if minutes:
            body["follower_mode_duration"] = minutes
    if (seconds := command.slow_mode_s) is not None:
        if seconds != 0 and not _SLOW_MIN_S <= seconds <= _SLOW_MAX_S:
            raise invalid(
                f"slow_mode_s is {seconds}, expected {_SLOW_MIN_S} to {_SLOW_MAX_S}, or 0 for off."
            )
        body["slow_mode"] = seconds > 0
        if seconds:
            body["slow_mode_wait_time"] = seconds
    if not body:
        raise invalid("No mode was named: expected at least one field beside target.")
    await desk.helix.tell("PATCH", "/chat/settings", desk.as_moderator, body)
    return {}


async def _ban(desk: Desk, user_id: str, reason: str, more: dict[str, object]) -> _Bans:
    data: dict[str, object] = {"user_id": user_id, **more}
    if text := checked_text("reason", reason, most=_REASON_MAX):
        data["reason"] = text
    params = desk.as_moderator
    try:
        return await desk.helix.post("/moderation/bans", {"data": data}, _Bans, params=params)
    except RefusedError as error:
        if error.status != _CONCURRENT:
            raise
    await desk.clock.sleep(_AGAIN_AFTER_S)
    return await desk.helix.post("/moderation/bans", {"data": data}, _Bans, params=params)


async def _change(
    desk: Desk, method: str, path: str, params: dict[str, str], body: object = None
) -> None:
    """Change a person's standing; somebody else who does the same just now is waited for once."""
    try:
        await desk.helix.tell(method, path, params, body)
    except RefusedError as error:
        if error.status != _CONCURRENT:
            raise
    else:
        return
    await desk.clock.sleep(_AGAIN_AFTER_S)
    await desk.helix.tell(method, path, params, body)
