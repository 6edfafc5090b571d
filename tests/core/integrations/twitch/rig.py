"""A Twitch integration against the fake, with what tests do again and again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from streamcore.core.clock import Clock
from streamcore.core.integrations.twitch.integration import TwitchIntegration
from streamcore.protocol.commands import SendChat
from streamcore.protocol.events import PlatformStateName
from tests.core.integrations.host import FastClock, MemoryNotes, MemorySecrets, TestHost, eventually
from tests.fakes.twitch import FakeTwitch

__all__ = ["TwitchRig", "twitch_rig"]


class TwitchRig:
    """The fake, the host and the integration under test."""

    def __init__(self, fake: FakeTwitch) -> None:
        self.fake = fake
        self.secrets = MemorySecrets()
        self.notes = MemoryNotes()
        self.host = TestHost(self.secrets, self.notes)
        self.twitch = TwitchIntegration(self.host, fake.env)

    async def until(self, state: PlatformStateName, reason: str = "") -> None:
        """Wait until the status has this state, and this text in its reason."""
        twitch = self.twitch
        await eventually(
            lambda: twitch.status.state is state and reason in twitch.status.reason.en,
            integration=twitch,
        )

    async def log_in(self) -> None:
        """Connect and confirm; returns with all subscriptions made."""
        await self.twitch.connect()
        await self.fake.approve_login()
        await self.until(PlatformStateName.CONNECTED)

    async def log_in_on(self, clock: Clock) -> None:
        """Log in, then go on by another clock; `host` keeps what was published before."""
        fast, self.host.clock = clock, FastClock()
        await self.log_in()
        await self.twitch.close()
        self.host.clock = fast
        self.twitch = TwitchIntegration(self.host, self.fake.env)
        await self.twitch.start()
        await self.until(PlatformStateName.CONNECTED)

    async def send(
        self, text: str, reply_to: str | None = None, *, sender: str = "example_bot"
    ) -> Mapping[str, object]:
        command = SendChat(target="twitch", msg=text, reply_to=reply_to)
        return await self.twitch.execute(command, sender)

    async def restart(self) -> None:
        """Begin anew on what is stored, as after a crash: nothing of before is closed first."""
        self.host = TestHost(self.secrets, self.notes)
        self.twitch = TwitchIntegration(self.host, self.fake.env)
        await self.twitch.start()


@asynccontextmanager
async def twitch_rig() -> AsyncIterator[TwitchRig]:
    async with FakeTwitch() as fake:
        rig = TwitchRig(fake)
        try:
            yield rig
        finally:
            await rig.twitch.close()
