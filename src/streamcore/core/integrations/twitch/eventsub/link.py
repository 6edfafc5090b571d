"""One EventSub socket: opened, welcomed, read frame by frame, watched for silence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from streamcore.core.clock import Clock
from streamcore.core.integrations.base import Words
from streamcore.core.integrations.twitch.eventsub import words
from streamcore.core.integrations.twitch.eventsub.frames import (
    Frame,
    Session,
    UnreadableError,
    decode_frame,
)
from streamcore.core.integrations.twitch.tls import tls_context

__all__ = ["Link", "LinkLostError", "open_link"]

_WELCOME_WITHIN_S = 10.0
_DEFAULT_KEEPALIVE_S = 10.0
_LATE = 1.1
_SLACK = 1.2
"""Twitch waits for nearly all of the promised time, and the network adds its own."""
_LATE_TIMER_S = 0.5
_MAX_FRAME_BYTES = 4 << 20
"""Far more than Twitch sends: what is too large for an event is left out by the one who maps it,
and does not cost the connection."""
_FRAMES_AHEAD = 64
_SAID_EVERY_S = 60.0

_log = logging.getLogger(__name__)


class LinkLostError(Exception):
    """The socket is gone, or could not be opened; `words` say why.

    `code` is the one with which Twitch closed it, if it did.
    """

    def __init__(self, why: Words, code: int | None = None) -> None:
        super().__init__(why.en)
        self.words = why
        self.code = code


class Link:
    """A socket that Twitch has welcomed; we only listen on it.

    `late` hears that nothing came for longer than Twitch promised, and that something came again.
    Twitch wants no pings from us, so silence is all there is to go by; one timer looks at the age
    of the last frame, and no frame pays for it.
    """

    def __init__(
        self, socket: ClientConnection, clock: Clock, late: Callable[[bool], None]
    ) -> None:
        self._socket = socket
        self._clock = clock
        self._late = late
        self._loop = asyncio.get_running_loop()
        self._heard_s = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self._is_late = False
        self._is_held = False
        self._lost_by: Words | None = None
        self._garbage = 0
        self._garbage_told_s = float("-inf")
        self.session_id = ""
        self.keepalive_s = _DEFAULT_KEEPALIVE_S
        self.heard_at = clock.now()
        """When the last frame came, by the wall clock."""
        self.size = 0
        """How large the last frame was."""

    async def welcome(self) -> None:
        """Wait until Twitch says who we are; then the silence begins to count."""
        try:
            async with asyncio.timeout(_WELCOME_WITHIN_S):
                while not self.session_id:
                    frame = await self.next()
                    if frame.metadata.message_type == "session_welcome":
                        self._welcomed(frame.payload.session or Session())
        except TimeoutError as error:
            raise LinkLostError(words.NO_WELCOME) from error

    async def next(self) -> Frame:
        """Return the next frame that can be read; garbage is skipped."""
        while True:
            try:
                # Bytes: text that is no UTF-8 would else cost the connection.
                data = await self._socket.recv(decode=False)
            except ConnectionClosed as error:
                raise self._lost(error) from error
            self._heard_s = self._loop.time()
            self.heard_at = self._clock.now()
            if self._is_late:
                self._is_late = False
                self._late(False)
            self.size = len(data)
            try:
                return decode_frame(data)
            except UnreadableError as error:
                self._skipped(error)

    def hold(self, *, is_held: bool) -> None:
        """Tell that nobody reads for the moment, or that reading goes on.

        Until then the silence is our own.
        """
        self._is_held = is_held
        self._heard_s = self._loop.time()

    def check(self, asleep_s: float) -> None:
        """Give the socket up when the last frame is too old.

        `asleep_s` went by while the clock that we measure with stood still.
        """
        age_s = self._loop.time() - self._heard_s + asleep_s
        if age_s > self.keepalive_s * _SLACK and not self._is_held:
            self._give_up(words.silent(age_s))

    async def close(self) -> None:
        """Close the socket; one that is already closed is as good."""
        if self._timer is not None:
            self._timer.cancel()
        await self._socket.close()

    def _welcomed(self, session: Session) -> None:
        self.session_id = session.id
        promised_s = session.keepalive_timeout_seconds
        if promised_s is not None and promised_s > 0:
            self.keepalive_s = promised_s
        self._look_at(self._heard_s + self.keepalive_s * _LATE)

    def _look_at(self, when_s: float) -> None:
        self._timer = self._loop.call_at(when_s, self._look, when_s)

    def _look(self, planned_s: float) -> None:
        now_s = self._loop.time()
        age_s = 0.0 if self._is_held else now_s - self._heard_s
        late_s, limit_s = self.keepalive_s * _LATE, self.keepalive_s * _SLACK
        if age_s < late_s:
            self._look_at(now_s - age_s + late_s)
        elif now_s - planned_s > _LATE_TIMER_S:
            # We were late ourselves: what came meanwhile has to be read before we judge.
            self._look_at(now_s + _LATE_TIMER_S)
        elif age_s < limit_s:
            self._is_late = True
            self._late(True)
            self._look_at(self._heard_s + limit_s)
        else:
            self._give_up(words.silent(age_s))

    def _give_up(self, reason: Words) -> None:
        self._lost_by = reason
        self._socket.transport.abort()

    def _lost(self, error: ConnectionClosed) -> LinkLostError:
        if self._lost_by is not None:
            return LinkLostError(self._lost_by)
        if error.rcvd is None:
            return LinkLostError(words.BROKE_OFF)
        code = error.rcvd.code
        return LinkLostError(words.closed(code), code)

    def _skipped(self, error: UnreadableError) -> None:
        self._garbage += 1
        if self._heard_s - self._garbage_told_s >= _SAID_EVERY_S:
            self._garbage_told_s = self._heard_s
            _log.warning(
                "Twitch: skipped %d frames that cannot be read, the last of %d bytes: %.200s",
                self._garbage,
                self.size,
                error,
            )


async def open_link(url: str, clock: Clock, late: Callable[[bool], None]) -> Link:
    """Connect and wait for the welcome."""
    try:
        socket = await connect(
            url,
            ping_interval=None,  # Twitch pings us; from us it wants to hear pongs only
            open_timeout=_WELCOME_WITHIN_S,
            close_timeout=1,
            max_size=_MAX_FRAME_BYTES,
            max_queue=_FRAMES_AHEAD,
            compression=None,  # costs us more than it spares, and a small frame stays small
            ssl=tls_context() if url.startswith("wss:") else None,
        )
    except (OSError, TimeoutError, ValueError, WebSocketException) as error:
        raise LinkLostError(words.unreachable(error)) from error
    link = Link(socket, clock, late)
    try:
        await link.welcome()
    except BaseException:
        await link.close()
        raise
    return link
