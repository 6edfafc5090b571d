"""What a login asks for."""

from __future__ import annotations

from streamcore.core.integrations.twitch.eventsub.wanted import SUBSCRIPTIONS

__all__ = ["SCOPES"]

SCOPES = tuple(
    sorted({"user:write:chat"} | {wanted.scope for wanted in SUBSCRIPTIONS if wanted.scope})
)
"""What the login asks for: the reading scopes above, and writing in the chat."""
