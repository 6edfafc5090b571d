"""What stands out in the chat: announcements and shoutouts.

Source: dev.twitch.tv/docs/api/reference, "Send Chat Announcement" and "Send a Shoutout".
"""

from __future__ import annotations

from streamcore.core.errors import CommandError
from streamcore.core.integrations.twitch.commands.desk import Desk, Result, invalid, one_of
from streamcore.protocol.commands import SendAnnouncement, SendShoutout
from streamcore.protocol.errors import ErrorCode

__all__ = ["send_announcement", "send_shoutout"]

_ANNOUNCEMENT_MAX = 500
_ANNOUNCEMENT_EVERY_S = 2.0
_SHOUTOUT_EVERY_S = 120.0
_SAME_SHOUTOUT_EVERY_S = 3600.0
_COLORS = ("primary", "blue", "green", "orange", "purple")


async def send_announcement(desk: Desk, command: SendAnnouncement) -> Result:
    text = command.msg.strip()
    if not text:
        raise invalid("msg has no text: write at least a word.")
    if len(text) > _ANNOUNCEMENT_MAX:
        # Twitch would cut it off without a word.
        raise CommandError(
            ErrorCode.TOO_LARGE,
            f"msg has {len(text)} characters, an announcement has at most {_ANNOUNCEMENT_MAX}.",
        )
    body = {"message": text, "color": one_of("color", command.color, _COLORS)}
    rule = "Twitch takes one announcement in 2 seconds"
    with desk.cooldowns.used(("announcement", _ANNOUNCEMENT_EVERY_S, rule)):
        await desk.helix.tell("POST", "/chat/announcements", desk.as_moderator, body)
    return {}


async def send_shoutout(desk: Desk, command: SendShoutout) -> Result:
    target = await desk.people.by_login(command.channel)
    if target.id == desk.channel_id:
        raise invalid("channel is your own: expected the login of another one.")
    params = {
        "from_broadcaster_id": desk.channel_id,
        "to_broadcaster_id": target.id,
        "moderator_id": desk.channel_id,
    }
    with desk.cooldowns.used(
        ("shoutout", _SHOUTOUT_EVERY_S, "Twitch takes one shoutout in 2 minutes"),
        (
            f"shoutout:{target.id}",
            _SAME_SHOUTOUT_EVERY_S,
            f"Twitch takes one shoutout an hour for {target.login}",
        ),
    ):
        await desk.helix.tell("POST", "/chat/shoutouts", params)
    return {"channel_id": target.id}
