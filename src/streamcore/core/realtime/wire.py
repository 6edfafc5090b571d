"""The WebSocket below Socket.IO: hands messages over at once; what goes out has an outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Protocol

from uvicorn import Config
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.exceptions import PayloadTooBig
from websockets.frames import Frame

from streamcore.core.realtime.bucket import TokenBucket
from streamcore.core.realtime.calm import Calm
from streamcore.core.realtime.frames import FrameCutter
from streamcore.core.realtime.limits import LinkLimits
from streamcore.core.realtime.offences import Offence
from streamcore.core.realtime.outbox import Outbox

__all__ = ["Receiver", "Wire", "wire_of"]

_SCOPE_KEY = "streamcore.wire"
# One read may hold tens of thousands of tiny frames: what the library gets of it, it gets in
# parts, so that a cut takes effect and what follows is not even parsed.
_READ_PART = 16 * 1024
# The libraries tell every connection's coming and going; only what is wrong is news.
_log = logging.getLogger(f"{__name__}.library")
_log.setLevel(logging.WARNING)
_log.addFilter(Calm())


class Receiver(Protocol):
    """Who deals with what comes in."""

    def received(self, data: bytes) -> None:
        """Take a whole text message, its encoding unchecked."""

    def offended(self, offence: Offence) -> None:
        """The peer broke a rule of the layer below; cuts the connection if it should."""

    def lost(self) -> None:
        """The transport is gone."""


# Who reads into a buffer of its own saves asyncio a fresh one of 256 KiB for each read, which
# costs more than all that is done with a small packet. What lies in it is copied out before the
# next connection is read.
_READ_BUFFER = memoryview(bytearray(64 * 1024))


class Wire(WebSocketsSansIOProtocol, asyncio.BufferedProtocol):
    """One WebSocket connection; nothing is read from it until a receiver is bound.

    Frames of ours go by `out`, whole, so they mix with those of the library as they come.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        # What a peer sends wrong is counted and told by the receiver, not by the libraries.
        self.logger = _log
        self.conn.logger = _log
        # It would write whole frames into the log, tokens included.
        self.conn.debug = False
        self.is_greeted = False
        self._limits = LinkLimits()
        self._receiver: Receiver | None = None
        self._frames = FrameCutter(config.ws_max_size, self._feed_library)
        self.out = Outbox(self.loop, lambda: self._offended(Offence.SLOW))
        self._linger_timer: asyncio.TimerHandle | None = None
        self._control = self._control_allowance()

    def bind(self, receiver: Receiver, limits: LinkLimits) -> None:
        """Hand what comes in to `receiver` from now on."""
        self._receiver = receiver
        self._limits = limits
        self.out.limit(limits)
        self._control = self._control_allowance()

    # --- out --------------------------------------------------------------------------------

    def pass_on(self, data: bytes) -> None:
        """Hand a checked message to the library."""
        self.curr_msg_data_type = "text"
        self.frames = [data]
        super().send_receive_event_to_app()

    def abort(self) -> None:
        """Drop the connection and what waits in it, whatever the peer does."""
        self.out.drop()
        self.transport.abort()

    def finish(self) -> None:
        """Close politely, and abort if the peer does not play along."""
        if not self.handshake_complete:
            self.abort()
            return
        if not self._is_shut:
            self.out.flush()
            self.out.shut()
            self.conn.send_close(1000)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.linger()

    def linger(self) -> None:
        """Abort soon unless the connection has ended by then."""
        if self._linger_timer is None and not self.disconnected:
            self._linger_timer = self.loop.call_later(self._limits.linger_s, self.abort)

    async def send(self, message: ASGISendEvent) -> None:
        """Send what the library sends, after what of ours came before it."""
        await self.writable.wait()
        self.out.flush()
        await super().send(message)
        if message["type"] == "websocket.send":
            self.is_greeted = True
        elif message["type"] == "websocket.close":
            self.out.shut()
            self.linger()
        elif message["type"] == "websocket.http.response.body" and self.close_sent:
            # A refusal is a complete answer; the base class would report it as a failure.
            self.handshake_complete = True

    # --- the transport's side ---------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.out.open(self.transport)

    def pause_writing(self) -> None:
        super().pause_writing()
        self.out.paused()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.out.resumed()

    def eof_received(self) -> None:
        self.linger()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.out.drop()
        if self._linger_timer is not None:
            self._linger_timer.cancel()
        if self._receiver is not None:
            self._receiver.lost()

    def shutdown(self) -> None:
        if not self.transport.is_closing():
            self.out.flush()
            self.out.shut()
            super().shutdown()
        self.linger()

    # --- in ---------------------------------------------------------------------------------

    async def run_asgi(self) -> None:
        self.scope["extensions"] = {**(self.scope["extensions"] or {}), _SCOPE_KEY: {"wire": self}}
        await super().run_asgi()
        self.linger()

    def get_buffer(self, sizehint: int) -> memoryview:
        return _READ_BUFFER

    def buffer_updated(self, nbytes: int) -> None:
        self.data_received(bytes(_READ_BUFFER[:nbytes]))

    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated:
            super().data_received(data)
            return
        self.out.is_gathering = True
        self._frames.feed(data, self._take, self.transport.is_closing)
        self.out.is_gathering = False
        self.out.flush()

    def _feed_library(self, data: bytes) -> None:
        for start in range(0, len(data), _READ_PART):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + _READ_PART])

    def send_receive_event_to_app(self) -> None:
        """Take a whole message, which the base class would queue for the application."""
        data = b"".join(self.frames)
        self.frames = []
        self._take(data, is_text=self.curr_msg_data_type == "text")

    def _take(self, data: bytes, *, is_text: bool = True) -> None:
        # Not `_is_shut`: whoever calls has just asked whether the transport is closing.
        if self.close_sent:
            return
        if self._receiver is None:
            self.abort()
        elif not is_text:
            self._receiver.offended(Offence.BINARY)
        elif not self.is_greeted:
            self._receiver.offended(Offence.EARLY)
        else:
            self._receiver.received(data)

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= self._limits.fragments:
            self._offended(Offence.BAD_FRAME)
        elif not self.transport.is_closing():
            super().handle_cont(event)

    def handle_ping(self) -> None:
        self._count_control()
        if not self.transport.is_closing():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        self._count_control()

    def handle_close(self, event: Frame) -> None:
        super().handle_close(event)
        if self.close_sent:
            self.transport.close()
        self.linger()

    def handle_parser_exception(self) -> None:
        error = self.conn.parser_exc
        super().handle_parser_exception()
        self.linger()
        if self._receiver is not None:
            is_big = isinstance(error, PayloadTooBig)
            self._receiver.offended(Offence.TOO_LARGE if is_big else Offence.BAD_FRAME)

    def _count_control(self) -> None:
        if self._control.take(self.loop.time()) > 0 and not self.transport.is_closing():
            self._offended(Offence.CONTROL_FLOOD)

    def _control_allowance(self) -> TokenBucket:
        limits = self._limits
        return TokenBucket(
            limits.control_frames_per_s, limits.control_frames_burst, self.loop.time()
        )

    @property
    def _is_shut(self) -> bool:
        return self.close_sent or self.transport.is_closing()

    def _offended(self, offence: Offence) -> None:
        if self._receiver is not None:
            self._receiver.offended(offence)
        if not self.transport.is_closing():
            self.abort()


def wire_of(scope: Mapping[str, Any]) -> Wire | None:
    """Return the connection behind an ASGI scope; None under a server that is not ours."""
    found = ((scope.get("extensions") or {}).get(_SCOPE_KEY) or {}).get("wire")
    return found if isinstance(found, Wire) else None
