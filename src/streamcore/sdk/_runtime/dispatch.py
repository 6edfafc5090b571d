"""From the core's bytes to the author's handlers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, Union

import msgspec

from streamcore.protocol.events import (
    EVENTS,
    ChatMessage,
    Event,
    PlatformState,
    PlatformStateName,
    event_type,
)
from streamcore.protocol.frames import PlatformInfo
from streamcore.sdk._runtime.context import Running, current
from streamcore.sdk._runtime.inbox import Entry, Inbox
from streamcore.sdk._runtime.once import OnceGuards
from streamcore.sdk._runtime.registry import EventHandler, Function, Registry
from streamcore.sdk._runtime.words import WordGate, split_word
from streamcore.sdk._time import Time
from streamcore.sdk.errors import AlreadyDone
from streamcore.sdk.events import class_of

__all__ = ["Dispatch", "Host"]

_AT_ONCE = 64
_ALWAYS = ("platform_state",)  # keeps `self.platforms` true
_UP = frozenset({PlatformStateName.CONNECTED, PlatformStateName.DEGRADED})
_RAW = msgspec.json.Decoder(list[msgspec.Raw])


class _Head(msgspec.Struct):
    type: str = ""
    seq: int = 0


class Host(Protocol):
    """What dispatch needs of the runtime."""

    log: logging.Logger
    guards: OnceGuards
    platforms: dict[str, PlatformInfo]

    def send_ack(self, cursor: int) -> None:
        """Tell the core how far the module got."""

    async def guarded(self, name: str, function: Callable[[], Awaitable[object] | object]) -> None:
        """Run the author's code; log what it raises and go on."""


class Dispatch:
    """Decodes events of the subscribed types and runs their handlers in order."""

    def __init__(
        self,
        host: Host,
        registry: Registry,
        time: Time,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._host, self._registry, self._spawn = host, registry, spawn
        self._words = WordGate(time)
        self._beside = asyncio.Semaphore(_AT_ONCE)
        self._decoder: msgspec.json.Decoder[list[Event]] | None = None
        self._types: frozenset[str] = frozenset()
        self._is_finishing = False
        self.inbox = Inbox(self._handle, host.send_ack)

    def subscribe(self) -> tuple[str, ...]:
        """Return the types to ask for, and be ready to read them."""
        types = tuple(dict.fromkeys((*self._registry.event_types, *_ALWAYS)))
        if frozenset(types) != self._types:
            self._types = frozenset(types)
            classes = tuple(class_of(name) for name in types)
            self._decoder = msgspec.json.Decoder(list[Union[classes]])  # type: ignore[valid-type]  # noqa: UP007 - made at run time
        return types

    def take(self, body: bytes | msgspec.Raw) -> None:
        """Take a list of events; what cannot be read is logged and passed over."""
        if self._is_finishing:
            return
        try:
            events = self._decoder.decode(body) if self._decoder is not None else []
        except msgspec.MsgspecError:
            self._take_singly(body)
        else:
            self.inbox.put(events)

    async def finish(self) -> None:
        """Take no more events; wait for the handlers that are at work."""
        self._is_finishing = True
        self.inbox.drop_waiting()
        await self.inbox.join()

    def _take_singly(self, body: bytes | msgspec.Raw) -> None:
        for raw in _RAW.decode(body):
            try:
                head = msgspec.json.decode(raw, type=_Head)
            except msgspec.MsgspecError as error:
                self._host.log.warning("an event of an unknown shape was skipped: %s", error)
                continue
            if head.type in self._types:
                try:
                    self.inbox.put((msgspec.json.decode(raw, type=class_of(head.type)),))
                    continue
                except msgspec.MsgspecError as error:
                    self._host.log.warning("a '%s' was skipped: %s", head.type, error)
            elif head.type not in EVENTS:
                self._host.log.warning("an event of unknown type '%s' was skipped", head.type)
            self.inbox.pass_over(head.seq)

    async def _handle(self, event: Event, entry: Entry) -> None:
        if isinstance(event, PlatformState):
            self._note_platform(event)
        for handler in self._handlers(event):
            if handler.concurrent:
                self.inbox.hold(entry)
                await self._beside.acquire()
                self._spawn(self._run_beside(handler, event, entry))
            else:
                await self._run(handler.name, handler.function, event)
        if self._registry.words and isinstance(event, ChatMessage):
            await self._run_words(event)

    def _handlers(self, event: Event) -> tuple[EventHandler, ...]:
        # A copy: a handler may add handlers.
        return tuple(self._registry.events.get(event_type(event), ()))

    async def _run(self, name: str, function: Function, event: Event, *rest: str) -> None:
        async def call() -> None:
            try:
                result = function(event, *rest)
                if isinstance(result, Awaitable):
                    await result
            except AlreadyDone:
                return

        token = current.set(Running(self._host.guards, name, event))
        try:
            await self._host.guarded(name, call)
        finally:
            current.reset(token)

    async def _run_beside(self, handler: EventHandler, event: Event, entry: Entry) -> None:
        try:
            await self._run(handler.name, handler.function, event)
        finally:
            self._beside.release()
        self.inbox.release(entry)

    async def _run_words(self, event: ChatMessage) -> None:
        word, rest = split_word(event.text)
        for handler in tuple(self._registry.words.get(word, ())):
            if self._words.admits(handler, event):
                arguments = (rest,) if handler.wants_rest else ()
                await self._run(handler.name, handler.function, event, *arguments)

    def _note_platform(self, event: PlatformState) -> None:
        known = self._host.platforms.get(event.platform)
        if known is not None:
            self._host.platforms[event.platform] = PlatformInfo(
                connected=event.state in _UP, capabilities=known.capabilities
            )
