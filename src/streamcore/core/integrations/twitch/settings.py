"""Where Twitch is and what we ask of it: addresses, scopes and subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from streamcore.core.integrations.twitch import wire

__all__ = ["SCOPES", "SUBSCRIPTIONS", "Addresses", "Wanted", "condition"]


@dataclass(frozen=True, slots=True)
class Addresses:
    """The servers; the environment can name others."""

    api: str
    auth: str
    eventsub: str
    subscriptions: str

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Addresses:
        """Read the addresses from the environment, or take Twitch's own."""
        api = environ.get("STREAMCORE_TWITCH_API_URL", "https://api.twitch.tv/helix")
        api = api.rstrip("/")
        return cls(
            api=api,
            auth=environ.get("STREAMCORE_TWITCH_AUTH_URL", "https://id.twitch.tv/oauth2").rstrip(
                "/"
            ),
            eventsub=environ.get(
                "STREAMCORE_TWITCH_EVENTSUB_URL", "wss://eventsub.wss.twitch.tv/ws"
            ),
            subscriptions=environ.get(
                "STREAMCORE_TWITCH_EVENTSUB_API_URL", f"{api}/eventsub/subscriptions"
            ),
        )


class _Whose(Enum):
    """Whose ids a subscription's condition names; all are the streamer's own."""

    CHANNEL = "channel"
    CHANNEL_READER = "channel_reader"
    CHANNEL_MODERATOR = "channel_moderator"
    RAIDED = "raided"


class Wanted(NamedTuple):
    """A subscription that we want while an account is connected."""

    type: str
    version: str
    whose: _Whose
    scope: str | None = None


SUBSCRIPTIONS = (
    Wanted("channel.chat.message", "1", _Whose.CHANNEL_READER, "user:read:chat"),
    Wanted("channel.chat.notification", "1", _Whose.CHANNEL_READER, "user:read:chat"),
    Wanted("channel.chat.message_delete", "1", _Whose.CHANNEL_READER, "user:read:chat"),
    Wanted("channel.chat.clear", "1", _Whose.CHANNEL_READER, "user:read:chat"),
    Wanted("channel.chat.clear_user_messages", "1", _Whose.CHANNEL_READER, "user:read:chat"),
    Wanted("channel.follow", "2", _Whose.CHANNEL_MODERATOR, "moderator:read:followers"),
    Wanted("channel.bits.use", "1", _Whose.CHANNEL, "bits:read"),
    Wanted("channel.raid", "1", _Whose.RAIDED),
    Wanted("stream.online", "1", _Whose.CHANNEL),
    Wanted("stream.offline", "1", _Whose.CHANNEL),
    Wanted("channel.update", "2", _Whose.CHANNEL),
)
"""Chat first: it is what the streamer looks for after a reconnect."""

SCOPES = tuple(
    sorted({"user:write:chat"} | {wanted.scope for wanted in SUBSCRIPTIONS if wanted.scope})
)
"""What the login asks for: the reading scopes above, and writing in the chat."""


def condition(wanted: Wanted, user_id: str) -> wire.Condition:
    """Return a subscription's condition for the streamer's own channel."""
    match wanted.whose:
        case _Whose.CHANNEL:
            return wire.Condition(broadcaster_user_id=user_id)
        case _Whose.CHANNEL_READER:
            return wire.Condition(broadcaster_user_id=user_id, user_id=user_id)
        case _Whose.CHANNEL_MODERATOR:
            return wire.Condition(broadcaster_user_id=user_id, moderator_user_id=user_id)
        case _Whose.RAIDED:
            return wire.Condition(to_broadcaster_user_id=user_id)
