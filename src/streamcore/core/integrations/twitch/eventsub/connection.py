"""EventSub: a session that goes on for ever, over as many sockets as it takes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from streamcore.core.clock import Clock
from streamcore.core.integrations.twitch.backoff import Backoff
from streamcore.core.integrations.twitch.eventsub import frames
from streamcore.core.integrations.twitch.eventsub.link import Link, LinkLostError, open_link

__all__ = ["EventSub"]

_HEALTHY_AFTER_S = 60.0
_LINGER_S = 1.0
_REMEMBERED_FRAMES = 5000

_log = logging.getLogger(__name__)


class EventSub:
    """Keeps a session alive and hands each notification and revocation on exactly once.

    `subscribe` runs beside the reading, once for every new session: Twitch ends one in which
    nothing is subscribed within ten seconds. When Twitch asks us to move, both sockets are read
    until the new one is welcomed, and the subscriptions move by themselves.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Clock,
        backoff: Backoff,
        subscribe: Callable[[str], Awaitable[None]],
        take: Callable[[frames.Frame], Awaitable[None]],
        lost: Callable[[str], None],
    ) -> None:
        self._url = url
        self._clock = clock
        self._backoff = backoff
        self._subscribe = subscribe
        self._take = take
        self._lost = lost
        self._seen: dict[str, None] = {}
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Open session after session; ends only when `subscribe` or `take` raise."""
        while True:
            began_s = self._clock.monotonic()
            try:
                await self._session()
            except* LinkLostError as group:
                self._lost(str(group.exceptions[0]))
            if self._clock.monotonic() - began_s >= _HEALTHY_AFTER_S:
                self._backoff.reset()
            await self._clock.sleep(self._backoff.next_s())

    async def _session(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            link = await open_link(self._url)
            _log.info("Twitch: event session opened")
            tasks.create_task(self._pump(link, tasks))
            tasks.create_task(_awaited(self._subscribe(link.session_id)))

    async def _pump(self, link: Link, tasks: asyncio.TaskGroup) -> None:
        try:
            while True:
                await self._frame(link, await link.next(), tasks)
        except LinkLostError:
            # A socket that has a successor may end when it likes.
            if link.successor is None or not await link.successor:
                raise
        finally:
            await link.close()

    async def _frame(self, link: Link, frame: frames.Frame, tasks: asyncio.TaskGroup) -> None:
        session = frame.payload.session
        match frame.metadata.message_type:
            case "notification" | "revocation":
                async with self._turn:
                    if self._is_new(frame.metadata.message_id):
                        await self._take(frame)
            case "session_reconnect" if session is not None and session.reconnect_url:
                if link.successor is None or link.successor.done():
                    moving = self._move(link, session.reconnect_url, tasks)
                    link.successor = tasks.create_task(moving)
            case "session_keepalive" | "session_welcome":
                pass
            case other:
                _log.warning("Twitch: unknown kind of frame %.40r", other)

    async def _move(self, old: Link, url: str, tasks: asyncio.TaskGroup) -> bool:
        try:
            new = await open_link(url)
        except LinkLostError as error:
            _log.warning("Twitch: could not move to a new socket: %s", error)
            return False
        _log.info("Twitch: event session moved to a new socket")
        tasks.create_task(self._pump(new, tasks))
        tasks.create_task(self._retire(old))
        return True

    async def _retire(self, old: Link) -> None:
        # What Twitch sent on the old socket before the welcome may still be on its way.
        await self._clock.sleep(_LINGER_S)
        await old.close()

    def _is_new(self, message_id: str) -> bool:
        if message_id in self._seen:
            return False
        self._seen[message_id] = None
        if len(self._seen) > _REMEMBERED_FRAMES:
            del self._seen[next(iter(self._seen))]
        return True


async def _awaited(awaitable: Awaitable[None]) -> None:
    await awaitable
