"""The place of the second account: empty until it logs in, or has logged in before."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from streamcore.core.errors import SecretsError
from streamcore.core.integrations.base import BotStatus, Host, Words

if TYPE_CHECKING:
    from streamcore.core.integrations.twitch.bot import Bot
    from streamcore.core.integrations.twitch.client import Client
    from streamcore.core.integrations.twitch.speakers import Speaker

__all__ = ["BOT_TOKENS_NAME", "BotPlace"]

BOT_TOKENS_NAME = "twitch.bot.tokens"

_log = logging.getLogger(__name__)

Open = Callable[[str, str], Awaitable["Client"]]


class BotPlace:
    """Whoever asks for the bot gets it from here; without a login of it nothing is opened.

    `open_client` takes a client id and the name of the tokens, `streamer` and `changed` are the
    bot's.
    """

    def __init__(
        self,
        host: Host,
        open_client: Open,
        *,
        streamer: Callable[[], Awaitable[str]],
        changed: Callable[[], None],
    ) -> None:
        self._host = host
        self._open_client = open_client
        self._streamer = streamer
        self._changed = changed
        self._bot: Bot | None = None
        self._opening = asyncio.Lock()

    @property
    def bot(self) -> Bot | None:
        """The bot, None while there never was a login of it."""
        return self._bot

    @property
    def status(self) -> BotStatus:
        """How the bot stands."""
        return self._bot.status if self._bot is not None else BotStatus()

    @property
    def speaker(self) -> Speaker | None:
        """What can be written with, None while no bot is connected."""
        return self._bot.speaker if self._bot is not None else None

    async def open(self, client_id: str) -> Bot:
        """Return the bot, ready to log in or to be started."""
        from streamcore.core.integrations.twitch.bot import Bot

        async with self._opening:
            if self._bot is None:
                client = await self._open_client(client_id, BOT_TOKENS_NAME)
                self._bot = Bot(self._host, client, streamer=self._streamer, changed=self._changed)
            return self._bot

    async def known(self, client_id: str) -> Bot | None:
        """Return the bot, opening it where there is only its stored login."""
        try:
            if self._bot is None and await self._host.secrets.get(BOT_TOKENS_NAME) is not None:
                return await self.open(client_id)
        except SecretsError as error:
            _log.error("The bot's stored login cannot be read: %s", error)
        return self._bot

    async def start(self, client_id: str) -> None:
        """Take up the bot's stored login, where there is one."""
        if self._bot is None and (bot := await self.known(client_id)) is not None:
            await bot.start()

    async def leave_to(self, user_id: str, why: Words) -> None:
        """Let the bot go when its account is now the streamer's own."""
        if self._bot is not None and self._bot.user_id == user_id:
            await self._bot.disconnect(why)

    async def close(self) -> None:
        """Stop the bot; its account stays stored."""
        bot, self._bot = self._bot, None
        if bot is not None:
            await bot.close()
