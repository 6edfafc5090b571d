"""Twitch as one of the platforms: who is logged in, and what runs because of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from streamcore.core.errors import CommandError
from streamcore.core.integrations.base import (
    AccountRole,
    ConnectFlow,
    Host,
    Integration,
    LoginFailedError,
    PlatformStatus,
)
from streamcore.core.integrations.emotes.choice import EmoteChoice
from streamcore.core.integrations.oauth import UnreachableError
from streamcore.core.integrations.twitch.addresses import Addresses
from streamcore.core.integrations.twitch.bot_place import BOT_TOKENS_NAME, BotPlace
from streamcore.core.integrations.twitch.login.choice import Choice
from streamcore.core.integrations.twitch.login.client_ids import CLIENT_ID_NAME, ClientIds
from streamcore.core.integrations.twitch.login.words import STREAMER_FIRST
from streamcore.core.integrations.twitch.streamer import TOKENS_NAME, Streamer
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.permissions import Permission

if TYPE_CHECKING:
    from streamcore.core.integrations.twitch.account import TwitchAccount
    from streamcore.core.integrations.twitch.client import Client

__all__ = ["BOT_TOKENS_NAME", "CLIENT_ID_NAME", "TOKENS_NAME", "TwitchIntegration"]

EMOTES_NOTE = "twitch.emotes_off"


class TwitchIntegration(Integration):
    """The streamer's own channel, and a second account that speaks.

    HTTP and WebSocket libraries are loaded when it connects.
    """

    id = "twitch"
    name = "Twitch"

    def __init__(self, host: Host, environ: Mapping[str, str]) -> None:
        super().__init__(host)
        self._addresses = Addresses.of(environ)
        self._ids = ClientIds(host.secrets, environ)
        self._choice = Choice(host, self.id)
        self._emotes = EmoteChoice(host.notes, EMOTES_NOTE)
        self._turn = asyncio.Lock()
        self._bots = BotPlace(
            host,
            self._open_client,
            streamer=lambda: self._streamer.user_id(),
            changed=self._show,
        )
        self._streamer = Streamer(
            host,
            self._ids,
            self._choice,
            self._bots,
            open_client=self._open_client,
            new_account=self._new_account,
            changed=self._show,
        )
        self._status = self._composed()

    @property
    def status(self) -> PlatformStatus:
        account = self._streamer.account
        status = replace(super().status, options=self._emotes.options)
        if account is None:
            return status
        return replace(status, quota=account.quota, health=account.health)

    async def start(self) -> None:
        async with self._turn:
            await self._emotes.load()
            await self._choice.load()
            self._show()
            await self._streamer.start()

    async def connect(
        self,
        values: Mapping[str, str] | None = None,
        *,
        permissions: Collection[Permission] | None = None,
        account: AccountRole = AccountRole.STREAMER,
    ) -> ConnectFlow:
        async with self._turn:
            try:
                if account is AccountRole.BOT:
                    return await self._connect_bot()
                return await self._streamer.connect(values, permissions)
            except UnreachableError as error:
                raise LoginFailedError(ErrorCode.PLATFORM_NOT_CONNECTED, error.words) from None

    async def cancel(self, account: AccountRole = AccountRole.STREAMER) -> None:
        async with self._turn:
            if account is AccountRole.STREAMER:
                await self._streamer.cancel()
            elif self._bots.bot is not None:
                await self._bots.bot.cancel()

    async def disconnect(self, account: AccountRole = AccountRole.STREAMER) -> None:
        async with self._turn:
            bot = await self._bots.known(await self._ids.for_leaving())
            leaving = [] if bot is None else [bot.disconnect()]
            if account is AccountRole.STREAMER:
                leaving.append(self._streamer.disconnect())
            await asyncio.gather(*leaving)
            if account is AccountRole.STREAMER:
                await self._bots.close()
                self._show()

    async def set_options(self, values: Mapping[str, bool]) -> None:
        self._check_options(values)
        await self._emotes.choose(values)
        self._host.status_changed(self.id)

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        account = self._streamer.account
        if account is None:
            raise CommandError(
                ErrorCode.PLATFORM_NOT_CONNECTED,
                "Twitch is not connected: connect it on the Platforms page.",
            )
        return await account.execute(command, sender)

    async def close(self) -> None:
        async with self._turn:
            await self._streamer.close()
            await self._bots.close()

    def wishes_changed(self) -> None:
        self._show()

    async def _connect_bot(self) -> ConnectFlow:
        from streamcore.core.integrations.twitch.login.auth import LoginEndedError

        account = self._streamer.account
        if account is None:
            raise LoginFailedError(ErrorCode.CONFLICT, STREAMER_FIRST)
        bot = await self._bots.open(account.client.client_id)
        try:
            return await bot.connect()
        except LoginEndedError as error:
            raise LoginFailedError(ErrorCode.REJECTED_BY_PLATFORM, error.words) from None

    async def _open_client(self, client_id: str, tokens_name: str) -> Client:
        # In a thread: libraries and certificates would stop the loop for a tenth of a second.
        client_class = await asyncio.to_thread(_client_class)
        return client_class(self._host, self._addresses, client_id, tokens_name)

    def _new_account(
        self, client: Client, *, become: Callable[[PlatformStatus], None]
    ) -> TwitchAccount:
        from streamcore.core.integrations.twitch.account import TwitchAccount

        return TwitchAccount(
            self._host,
            client,
            self._choice,
            emotes=self._emotes,
            publish=self._publish,
            become=become,
            bot=lambda: self._bots.speaker,
        )

    def _show(self) -> None:
        self._become(self._composed())

    def _composed(self) -> PlatformStatus:
        return replace(self._streamer.status, bot=self._bots.status)


def _client_class() -> type[Client]:
    from streamcore.core.integrations.twitch.account import TwitchAccount  # noqa: F401 - loaded here
    from streamcore.core.integrations.twitch.client import Client
    from streamcore.core.integrations.twitch.tls import tls_context

    tls_context()
    return Client
