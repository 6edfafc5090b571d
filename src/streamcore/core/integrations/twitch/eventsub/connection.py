"""EventSub: a session that goes on for ever, over as many sockets as it takes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from streamcore.core.clock import Clock
from streamcore.core.integrations.base import Words
from streamcore.core.integrations.twitch.backoff import Backoff
from streamcore.core.integrations.twitch.eventsub.frames import Frame
from streamcore.core.integrations.twitch.eventsub.inbox import Inbox
from streamcore.core.integrations.twitch.eventsub.link import Link, LinkLostError, open_link
from streamcore.core.integrations.twitch.waiting import nap, together

__all__ = ["EventSub", "Listener"]

_WORKED_AFTER_S = 5.0
"""A session that lived so long was no part of the trouble before it."""
_HINT_LASTS_S = 5.0
_HINT_EVERY_S = 30.0
_LINGER_S = 0.5
_MOVE_ATTEMPTS = 3
_MOVE_AGAIN_S = 2.0
_MOVE_ENDS_WITHIN_S = 2.0
_INVALID_RECONNECT = 4007

_log = logging.getLogger(__name__)


class Listener(Protocol):
    """Who uses the session."""

    async def subscribe(self, session_id: str) -> None:
        """Make the subscriptions of a new session and look after them until it is cancelled.

        Runs beside the reading: Twitch ends a session with nothing subscribed in ten seconds.
        """

    async def take(self, frames: Sequence[Frame]) -> None:
        """Take notifications and revocations, each once, in order; may wait."""

    def link_late(self, is_late: bool) -> None:
        """Nothing came for longer than Twitch promised; or something came again."""

    def link_lost(self, why: Words, heard_at: datetime | None) -> None:
        """There is no session any more; `heard_at` is None when there was none before either."""


class EventSub:
    """Keeps a session alive and hands each notification and revocation on exactly once.

    When Twitch asks us to move, the old socket is read to its end and then the new one, so that
    everything keeps its order; the subscriptions move by themselves.
    https://dev.twitch.tv/docs/eventsub/handling-websocket-events
    """

    def __init__(self, url: str, *, clock: Clock, backoff: Backoff, listener: Listener) -> None:
        self._url = url
        self._clock = clock
        self._backoff = backoff
        self._listener = listener
        self._inbox = Inbox()
        self._hint = asyncio.Event()
        self._hinted_s = float("-inf")
        self._link: Link | None = None
        self._subscribed_s: float | None = None

    @property
    def link(self) -> Link | None:
        """The socket that is read at the moment."""
        return self._link

    def subscribed(self) -> None:
        """Hear that the session's subscriptions live."""
        if self._subscribed_s is None:
            self._subscribed_s = self._clock.monotonic()

    def hurry(self) -> None:
        """Hear that the world may be better now: a wait for the next attempt ends.

        Now and then only: who hears this with each message that a bot sends must not hammer.
        """
        now_s = self._clock.monotonic()
        if now_s - self._hinted_s >= _HINT_EVERY_S:
            self._hinted_s = now_s
            self._hint.set()

    def check(self, asleep_s: float) -> None:
        """Look at once whether the link still lives after the computer slept for so long."""
        if self._link is not None:
            self._link.check(asleep_s)

    async def run(self) -> None:
        """Open session after session; ends only when the listener raises."""
        await together(self._inbox.deliver(self._listener.take), self._sessions())

    async def _sessions(self) -> None:
        while True:
            self._subscribed_s = None
            try:
                await self._session()
            except LinkLostError as error:
                heard_at = self._link.heard_at if self._link is not None else None
                self._link = None
                self._listener.link_lost(error.words, heard_at)
            began_s = self._subscribed_s
            if began_s is not None and self._clock.monotonic() - began_s >= _WORKED_AFTER_S:
                self._backoff.reset()
            if self._clock.monotonic() - self._hinted_s > _HINT_LASTS_S:
                self._hint.clear()
            await nap(self._clock, self._backoff.next_s(), self._hint)
            self._hint.clear()

    async def _session(self) -> None:
        link = await open_link(self._url, self._clock, self._listener.link_late)
        _log.info("Twitch: event session opened")
        while True:
            self._link = link
            await together(self._listener.subscribe(link.session_id), self._stay(link))
            link = self._link

    async def _stay(self, link: Link) -> None:
        """Read socket after socket of a session.

        Twitch documents that the session stays the same when it moves; ends when it does not.
        """
        session_id = link.session_id
        while link.session_id == session_id:
            self._link = link = await self._read(link)
            _log.info("Twitch: event session moved to a new socket")

    async def _read(self, link: Link) -> Link:
        """Read a socket to its end and return its successor; raises when there is none."""
        inbox = self._inbox
        moving: asyncio.Task[Link | None] | None = None
        try:
            while True:
                frame = await link.next()
                kind = frame.metadata.message_type
                if kind in ("notification", "revocation"):
                    inbox.put(frame, link.size)
                    if inbox.is_full:
                        await self._wait_for_room(link)
                elif kind == "session_reconnect":
                    session = frame.payload.session
                    if moving is None or (moving.done() and moving.result() is None):
                        moving = asyncio.create_task(
                            self._move(link, (session and session.reconnect_url) or "")
                        )
                elif kind not in ("session_keepalive", "session_welcome"):
                    _log.info("Twitch: unknown kind of frame %.40r", kind)
        except LinkLostError:
            # A socket that has a successor may end when it likes.
            new = await _in_time(moving)
            if new is None:
                raise
            moving = None
            return new
        finally:
            await _abandon(moving)
            await link.close()

    async def _wait_for_room(self, link: Link) -> None:
        _log.warning("Twitch: reading waits until events can be stored")
        link.hold(is_held=True)
        await self._inbox.room()
        link.hold(is_held=False)

    async def _move(self, old: Link, url: str) -> Link | None:
        """Open the socket to move to; the old one is closed a moment after the welcome."""
        new = await self._open_successor(url)
        if new is None:
            return None
        try:
            # What Twitch sent on the old socket before the welcome may still be on its way.
            await self._clock.sleep(_LINGER_S)
            await old.close()
        except BaseException:
            await new.close()
            raise
        return new

    async def _open_successor(self, url: str) -> Link | None:
        if not _is_alike(url, self._url):
            _log.warning("Twitch: the address to move to cannot be used")
            return None
        for _ in range(_MOVE_ATTEMPTS):
            try:
                return await open_link(url, self._clock, self._listener.link_late)
            except LinkLostError as error:
                _log.warning("Twitch: could not move to a new socket: %s", error)
                if error.code == _INVALID_RECONNECT:
                    break
            await self._clock.sleep(_MOVE_AGAIN_S)
        return None


def _is_alike(url: str, known: str) -> bool:
    """Tell whether an address is one that may be gone to: no less safe than the first."""
    try:
        return urlsplit(url).scheme == urlsplit(known).scheme
    except ValueError:
        return False


async def _in_time(moving: asyncio.Task[Link | None] | None) -> Link | None:
    """Return the successor of a socket that has ended, if there is one soon."""
    if moving is None:
        return None
    await asyncio.wait({moving}, timeout=_MOVE_ENDS_WITHIN_S)
    return moving.result() if moving.done() else None


async def _abandon(moving: asyncio.Task[Link | None] | None) -> None:
    if moving is not None:
        moving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            if (link := await moving) is not None:
                await link.close()
