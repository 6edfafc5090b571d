"""Every platform with its surroundings, as the suite over all of them sets it up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from streamcore.core.integrations.base import Integration
from streamcore.core.integrations.demo.integration import DemoIntegration
from streamcore.core.integrations.demo.play import FLAVOURS
from streamcore.core.integrations.twitch.integration import TwitchIntegration
from streamcore.protocol.events import PlatformStateName
from tests.core.integrations.host import MemoryNotes, MemorySecrets, TestHost, eventually
from tests.fakes.twitch import FakeTwitch

__all__ = ["PLATFORMS", "Platform", "Rig", "surroundings"]


class Rig:
    """A platform with its surroundings; each platform says how its streamer logs in."""

    def __init__(self) -> None:
        self.secrets = MemorySecrets()
        self.notes = MemoryNotes()
        self.host = TestHost(self.secrets, self.notes)
        self.integration = self.build()

    def build(self) -> Integration:
        raise NotImplementedError

    async def confirm_login(self) -> None:
        """Do what the streamer does between `connect` and being connected."""

    def withhold_rights(self) -> None:
        """Let the next login not cover advertising, markers and raids, where it could."""

    async def cause_events(self) -> None:
        """Let a viewer write and another one follow."""

    async def refuse_login(self) -> None:
        """Let the streamer say no where the login is confirmed."""

    async def trouble(self) -> None:
        """Let something go wrong that the status tells; returns when it does."""
        self.host.full_disk = True
        await eventually(lambda: bool(self.integration.status.reason))

    async def connected(self) -> None:
        await self.integration.connect()
        await self.confirm_login()
        await self.until(PlatformStateName.CONNECTED)

    async def until(self, state: PlatformStateName) -> None:
        integration = self.integration
        await eventually(lambda: integration.status.state is state, integration=integration)

    async def restart(self) -> None:
        """End the integration and start another one on the same secrets, as a new core would."""
        await self.integration.close()
        self.host = TestHost(self.secrets, self.notes)
        self.integration = self.build()
        await self.integration.start()


class DemoRig(Rig):
    def __init__(self, number: int) -> None:
        self._number = number
        super().__init__()

    def build(self) -> Integration:
        return DemoIntegration(self.host, FLAVOURS[self._number], rate_per_s=2.0)


class TwitchRig(Rig):
    def __init__(self, fake: FakeTwitch) -> None:
        self._fake = fake
        super().__init__()

    def build(self) -> Integration:
        return TwitchIntegration(self.host, self._fake.env)

    async def confirm_login(self) -> None:
        await self._fake.wait_login()
        await self._fake.approve_login()

    def withhold_rights(self) -> None:
        self._fake.oauth.scopes_withheld = frozenset(
            {"channel:edit:commercial", "channel:manage:broadcast", "channel:manage:raids"}
        )

    async def refuse_login(self) -> None:
        await self._fake.wait_login()
        await self._fake.deny_login()

    async def trouble(self) -> None:
        await self._fake.revoke_app()
        await self.until(PlatformStateName.AUTH_REQUIRED)

    async def cause_events(self) -> None:
        await self._fake.chat("Anna", "hello")
        await self._fake.follow("Boris")


@dataclass(frozen=True)
class Platform:
    """How to set a platform up."""

    name: str
    open: Callable[[FakeTwitch], Rig]
    needs_twitch: bool = False


PLATFORMS = (
    Platform("demo-twitch", lambda _: DemoRig(0)),
    Platform("demo-youtube", lambda _: DemoRig(1)),
    Platform("twitch", TwitchRig, needs_twitch=True),
)


@asynccontextmanager
async def surroundings(platform: Platform) -> AsyncIterator[Rig]:
    fake = FakeTwitch()
    if platform.needs_twitch:
        await fake.start()
    rig = platform.open(fake)
    try:
        yield rig
    finally:
        await rig.integration.close()
        await fake.stop()
