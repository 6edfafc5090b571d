"""A channel's emotes of all services: loaded in the background, looked up by word."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from enum import IntEnum

from streamcore.core.clock import Clock
from streamcore.core.integrations.emotes.source import Emotes, EmoteSource
from streamcore.core.integrations.emotes.words import Words
from streamcore.core.integrations.upkeep import Upkeep
from streamcore.protocol.objects import Fragment, FragmentKind

__all__ = ["EmoteShelf"]

Fetch = Callable[[str], Awaitable[bytes | None]]


class _Scope(IntEnum):
    CHANNEL = 0
    GLOBAL = 1


class EmoteShelf:
    """What is found in `words` is an emote now.

    A channel's emote counts before a global one of the same name; among equals the order of
    `sources` decides. A service that `is_on` denies is not asked, and its emotes are gone at once.
    """

    def __init__(
        self,
        sources: Sequence[EmoteSource],
        platform: str,
        channel_id: str,
        *,
        fetch: Fetch,
        is_on: Callable[[str], bool],
        clock: Clock,
        chance: random.Random,
    ) -> None:
        self.words: Words = {}
        self._sources = sources
        self._platform = platform
        self._channel_id = channel_id
        self._fetch = fetch
        self._is_on = is_on
        self._lists: dict[tuple[_Scope, str], Words] = {}
        self._upkeeps = {
            (scope, source.id): Upkeep(
                f"The {scope.name.lower()} emotes of {source.name}",
                self._loader(source, scope),
                clock=clock,
                chance=chance,
            )
            for source in sources
            for scope in _Scope
        }

    async def run(self) -> None:
        """Load every list and keep it fresh, until cancelled; a slow service holds up no other."""
        async with asyncio.TaskGroup() as tasks:
            for upkeep in self._upkeeps.values():
                tasks.create_task(upkeep.run())

    def refresh(self) -> None:
        """Load everything again."""
        for upkeep in self._upkeeps.values():
            upkeep.wake()

    def heed(self) -> None:
        """Go by what `is_on` says now: drop what is off at once, and load what is missing."""
        self._merge()
        for key, upkeep in self._upkeeps.items():
            if key not in self._lists:
                upkeep.wake()

    def _loader(self, source: EmoteSource, scope: _Scope) -> Callable[[], Awaitable[None]]:
        async def load() -> None:
            if not self._is_on(source.id):
                return
            if scope is _Scope.GLOBAL:
                address: str | None = source.global_address
                read = source.read_global
            else:
                address = source.channel_address(self._platform, self._channel_id)
                read = source.read_channel
            answer = await self._fetch(address) if address is not None else None
            # In a thread: thousands of emotes would hold up the chat for some milliseconds.
            words = {} if answer is None else await asyncio.to_thread(_words, read, answer)
            self._lists[scope, source.id] = words
            self._merge()

        return load

    def _merge(self) -> None:
        self._lists = {key: words for key, words in self._lists.items() if self._is_on(key[1])}
        merged: dict[str, Fragment] = {}
        for scope in reversed(_Scope):
            for source in reversed(self._sources):
                merged.update(self._lists.get((scope, source.id), {}))
        self.words = merged


def _words(read: Callable[[bytes], Emotes], answer: bytes) -> Words:
    return {
        name: Fragment(kind=FragmentKind.EMOTE, text=name, emote=emote)
        for name, emote in read(answer).items()
    }
