"""Twitch's commands at work against the fake, with whatever scopes a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager

import pytest

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.core.integrations.twitch.addresses import Addresses
from streamcore.core.integrations.twitch.client import Client
from streamcore.core.integrations.twitch.commands.commands import Commands
from streamcore.core.integrations.twitch.commands.scopes import SCOPES_OF
from streamcore.core.integrations.twitch.speakers import Speaker, Speakers
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.errors import ErrorBody
from streamcore.protocol.events import Event
from tests.core.integrations.host import TestHost
from tests.fakes.twitch import CLIENT_ID, FakeTwitch
from tests.fakes.twitch.people import BOT, STREAMER, Person

__all__ = ["ALL_SCOPES", "AtWork", "at_work"]

ALL_SCOPES = tuple(
    sorted({scope for scopes in SCOPES_OF.values() for scope in scopes} | {"moderation:read"})
)
MODULE = "example_bot"


class AtWork:
    """The streamer's commands, and the second account that may speak."""

    def __init__(self, fake: FakeTwitch) -> None:
        self.fake = fake
        self.helix = fake.helix
        self.host = TestHost()
        self.published: list[Event] = []
        self.bot: Speaker | None = None
        self.commands: Commands
        self._clients: list[Client] = []

    async def sign_in(self, person: Person, scopes: Collection[str]) -> Client:
        """Log somebody in with these scopes."""
        client = Client(self.host, Addresses.of(self.fake.env), CLIENT_ID, f"tokens.{person.id}")
        self._clients.append(client)
        code = await client.auth.begin(tuple(scopes))
        await self.fake.approve_login(person.login)
        pair = await client.auth.poll(code, tuple(scopes))
        assert pair is not None
        await client.tokens.adopt(pair)
        return client

    async def bring_bot(self) -> None:
        """Log the second account in."""
        client = await self.sign_in(BOT, SCOPES_OF[next(iter(SCOPES_OF))])
        self.bot = Speaker(client, BOT.id)

    async def publish(self, events: Sequence[Event]) -> None:
        self.published.extend(events)

    async def do(self, command: PlatformCommand, sender: str = MODULE) -> Mapping[str, object]:
        return await self.commands.execute(command, sender)

    async def refused(self, command: PlatformCommand, sender: str = MODULE) -> ErrorBody:
        """Return why a command was refused."""
        with pytest.raises(CommandError) as caught:
            await self.commands.execute(command, sender)
        return caught.value.body

    async def close(self) -> None:
        for client in self._clients:
            await client.close()


@asynccontextmanager
async def at_work(
    scopes: Collection[str] = ALL_SCOPES, clock: Clock | None = None
) -> AsyncIterator[AtWork]:
    async with FakeTwitch() as fake:
        made = AtWork(fake)
        made.host.clock = clock or made.host.clock
        try:
            client = await made.sign_in(STREAMER, scopes)
            speakers = Speakers(Speaker(client, STREAMER.id), lambda: made.bot)
            made.commands = Commands(made.host.clock, speakers, scopes, made.publish)
            running = asyncio.create_task(made.commands.run())
            try:
                yield made
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
        finally:
            await made.close()
