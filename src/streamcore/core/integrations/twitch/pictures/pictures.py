"""What an event's badges, cheermotes and emotes look like: loaded beside the session."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from streamcore.core.integrations.base import Host
from streamcore.core.integrations.emotes.catalogue import emote_sources
from streamcore.core.integrations.emotes.choice import EmoteChoice
from streamcore.core.integrations.emotes.fetch import fetch
from streamcore.core.integrations.emotes.shelf import EmoteShelf
from streamcore.core.integrations.oauth import LoginLostError
from streamcore.core.integrations.twitch.client import Client
from streamcore.core.integrations.twitch.events.source import PLATFORM
from streamcore.core.integrations.twitch.pictures.badges import Badges, BadgeSets, read_badges
from streamcore.core.integrations.twitch.pictures.cheermotes import (
    CheermoteList,
    Cheermotes,
    read_cheermotes,
)
from streamcore.core.integrations.twitch.pictures.decorate import decorated
from streamcore.core.integrations.upkeep import Upkeep
from streamcore.protocol.events import Event, Origin, StreamOnline

__all__ = ["Pictures"]

T = TypeVar("T")


class Pictures:
    """Decorates events with what is loaded by then; what is not, stays plain.

    Everything is asked in the background, hourly, and when the stream begins: a streamer who has
    just added an emote wants to see it. Nothing that cannot be reached costs more than pictures.
    """

    def __init__(self, host: Host, client: Client, channel_id: str, choice: EmoteChoice) -> None:
        self._client = client
        self._channel_id = channel_id
        self._choice = choice
        self._shelf = EmoteShelf(
            emote_sources(client.addresses.emotes),
            PLATFORM,
            channel_id,
            fetch=partial(fetch, client.http),
            is_on=choice.is_on,
            clock=host.clock,
            chance=host.random,
        )
        self._global_badges: Badges = {}
        self._channel_badges: Badges = {}
        self._badges: Badges = {}
        self._cheermotes: Cheermotes = {}
        loads: dict[str, Callable[[], Awaitable[None]]] = {
            "Twitch's global badges": self._load_global_badges,
            "The channel's badges": self._load_channel_badges,
            "The cheermotes": self._load_cheermotes,
        }
        self._upkeeps = [
            Upkeep(name, load, clock=host.clock, chance=host.random, fatal=(LoginLostError,))
            for name, load in loads.items()
        ]

    async def run(self) -> None:
        """Load and keep fresh until cancelled; raises only when the login is lost, in a group."""
        with self._choice.heard_by(self._shelf.heed):
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._shelf.run())
                for upkeep in self._upkeeps:
                    tasks.create_task(upkeep.run())

    def decorate(self, event: Event) -> Event:
        """Return the event with pictures; never waits."""
        if type(event) is StreamOnline and event.origin is Origin.LIVE:
            self._refresh()
        return decorated(event, self._shelf.words, self._badges, self._cheermotes)

    def _refresh(self) -> None:
        self._shelf.refresh()
        for upkeep in self._upkeeps:
            upkeep.wake()

    async def _load_global_badges(self) -> None:
        answer = await self._asked("/chat/badges/global", BadgeSets)
        self._global_badges = await asyncio.to_thread(read_badges, answer)
        self._merge_badges()

    async def _load_channel_badges(self) -> None:
        answer = await self._asked("/chat/badges", BadgeSets, broadcaster_id=self._channel_id)
        self._channel_badges = await asyncio.to_thread(read_badges, answer)
        self._merge_badges()

    def _merge_badges(self) -> None:
        # The channel's own badges of subscribers stand in the place of the global ones.
        self._badges = {**self._global_badges, **self._channel_badges}

    async def _load_cheermotes(self) -> None:
        whose = self._channel_id
        answer = await self._asked("/bits/cheermotes", CheermoteList, broadcaster_id=whose)
        self._cheermotes = await asyncio.to_thread(read_cheermotes, answer)

    async def _asked(self, path: str, shape: type[T], **params: str) -> T:
        return await self._client.helix.get(path, shape, params, is_background=True)
