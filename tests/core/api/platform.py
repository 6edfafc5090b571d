"""A platform that the streamer can sign in to, without anything behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from streamcore.core.integrations.base import (
    ConnectFlow,
    DeviceFlow,
    FormField,
    Integration,
    PlatformStatus,
    TokenFlow,
)
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.events import PlatformStateName

__all__ = ["PretendedPlatform"]


class PretendedPlatform(Integration):
    """Asks for a device code, or for a token when `asks_token`."""

    id = "twitch"
    name = "Twitch"

    def __init__(self) -> None:
        self.asks_token = False
        self.answers: Mapping[str, str] | None = None
        self.state = PlatformStateName.DISCONNECTED

    @property
    def status(self) -> PlatformStatus:
        return PlatformStatus(state=self.state)

    def record(self) -> Mapping[str, object]:
        status: dict[str, object] = msgspec.to_builtins(self.status)
        return {"id": self.id, "name": self.name, **status}

    async def start(self) -> None:
        return None

    async def connect(self, values: Mapping[str, str] | None = None) -> ConnectFlow:
        self.answers = values
        self.state = PlatformStateName.CONNECTING
        if self.asks_token:
            return TokenFlow(fields=(FormField(name="token", title={"en": "Token"}),))
        return DeviceFlow(
            user_code="ABCD-EFGH",
            verification_uri="https://example.com/activate",
            expires_at=datetime(2026, 1, 1, tzinfo=UTC),
        )

    async def disconnect(self) -> None:
        self.state = PlatformStateName.DISCONNECTED

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        return {}

    async def close(self) -> None:
        return None
