"""What a login asks for."""

from __future__ import annotations

from streamcore.core.integrations.twitch.commands.scopes import SCOPES_OF
from streamcore.core.integrations.twitch.eventsub.wanted import SUBSCRIPTIONS

__all__ = ["SCOPES"]

SCOPES = tuple(
    sorted(
        {scope for scopes in SCOPES_OF.values() for scope in scopes}
        | {scope for wanted in SUBSCRIPTIONS for scope in wanted.scopes[:1]}
    )
)
"""What the login asks for: what every event and every command needs."""
