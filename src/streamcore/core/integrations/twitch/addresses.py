"""Where Twitch's servers are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from streamcore.core.integrations.emotes.services import service_urls

__all__ = ["Addresses"]


@dataclass(frozen=True, slots=True)
class Addresses:
    """The servers, and those of the emote services by id; the environment can name others."""

    api: str
    auth: str
    eventsub: str
    subscriptions: str
    emotes: Mapping[str, str]

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
            emotes=service_urls(environ),
        )
