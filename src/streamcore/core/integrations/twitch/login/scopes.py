"""What a login asks for."""

from __future__ import annotations

from streamcore.core.integrations.twitch.eventsub.wanted import SUBSCRIPTIONS

__all__ = ["SCOPES"]

SCOPES = tuple(
    sorted({"user:write:chat"} | {scope for wanted in SUBSCRIPTIONS for scope in wanted.scopes[:1]})
)
"""What the login asks for: the reading scopes above, and writing in the chat."""
