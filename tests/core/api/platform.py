"""A platform that the streamer can sign in to, without anything behind it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from streamcore.core.integrations.base import (
    AccountRole,
    ConnectFlow,
    DeviceFlow,
    FormField,
    Integration,
    LoginFailedError,
    Option,
    PlatformStatus,
    TokenFlow,
    Words,
)
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.events import PlatformStateName
from streamcore.protocol.permissions import Permission

__all__ = ["PretendedPlatform"]


class PretendedPlatform(Integration):
    """Asks for a device code, or for a token when `asks_token`."""

    id = "twitch"
    name = "Twitch"

    def __init__(self) -> None:
        self.asks_token = False
        self.answers: Mapping[str, str] | None = None
        self.options = {"emotes": False}
        self.deeds: list[tuple[object, ...]] = []
        self.trouble: LoginFailedError | None = None
        self.state = PlatformStateName.DISCONNECTED

    @property
    def status(self) -> PlatformStatus:
        options = [Option(id=name, title=Words(name), value=v) for name, v in self.options.items()]
        return PlatformStatus(state=self.state, options=tuple(options))

    async def start(self) -> None:
        return None

    @property
    def can_sign_in(self) -> bool:
        return self.state is PlatformStateName.DISCONNECTED

    async def connect(
        self,
        values: Mapping[str, str] | None = None,
        *,
        permissions: Collection[Permission] | None = None,
        account: AccountRole = AccountRole.STREAMER,
    ) -> ConnectFlow:
        self.deeds.append(("connect", permissions, account))
        if self.trouble is not None:
            raise self.trouble
        self.answers = values
        self.state = PlatformStateName.CONNECTING
        if self.asks_token:
            return TokenFlow(fields=(FormField(name="token", title={"en": "Token"}),))
        return DeviceFlow(
            user_code="ABCD-EFGH",
            verification_uri="https://example.com/activate",
            expires_at=datetime(2026, 1, 1, tzinfo=UTC),
        )

    async def cancel(self, account: AccountRole = AccountRole.STREAMER) -> None:
        self.deeds.append(("cancel", account))

    async def set_options(self, values: Mapping[str, bool]) -> None:
        self._check_options(values)
        self.options |= values

    async def disconnect(self, account: AccountRole = AccountRole.STREAMER) -> None:
        self.deeds.append(("disconnect", account))
        self.state = PlatformStateName.DISCONNECTED

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        return {}

    async def close(self) -> None:
        return None
