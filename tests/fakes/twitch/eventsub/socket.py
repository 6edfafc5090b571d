"""One client's WebSocket, without a library's opinions: every byte is the fake's own decision."""

from __future__ import annotations

import asyncio
from typing import Protocol, cast

from websockets.exceptions import ConnectionClosedError, InvalidState, ProtocolError
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

__all__ = ["Owner", "Socket"]

_CLOSE_WITHIN_S = 2.0


class Owner(Protocol):
    """Who decides what a socket is for."""

    def requested(self, socket: Socket, request: Request) -> None:
        """Take the opening handshake: accept, reject, or leave it unanswered."""

    def heard(self, socket: Socket) -> None:
        """Learn that the client sent data."""

    def lost(self, socket: Socket) -> None:
        """Learn that the connection is over."""


class Socket(asyncio.Protocol):
    """From the request to upgrade to the end of the connection."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._wire = ServerProtocol()
        self._transport: asyncio.Transport | None = None
        self.is_mute = False
        """Nothing more is read or written, though the connection stands."""
        self.pongs = 0
        self.is_over = False

    @property
    def close_code(self) -> int:
        """With which code the connection ended; 1006 for one that broke off."""
        return self._wire.close_code or 0

    @property
    def is_open(self) -> bool:
        """Tell whether something can be written to it; one that was just cut cannot."""
        return (
            self._transport is not None
            and not self._transport.is_closing()
            and self._wire.state is State.OPEN
        )

    @property
    def waiting(self) -> int:
        """How many bytes the client has not taken yet."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def accept(self, request: Request) -> None:
        """Answer the handshake."""
        self._wire.send_response(self._wire.accept(request))
        self._flush()

    def reject(self, status: int, text: str) -> None:
        """Refuse the handshake."""
        self._wire.send_response(self._wire.reject(status, text))
        self._flush()

    def send(self, data: str | bytes) -> bool:
        """Write a frame: text, or bytes for a binary one; False when that is not possible."""
        if not self.is_open or self.is_mute:
            return False
        if isinstance(data, str):
            self._wire.send_text(data.encode("utf-8", "surrogatepass"))
        else:
            self._wire.send_binary(data)
        self._flush()
        return True

    def send_text(self, data: bytes) -> None:
        """Write a text frame whose bytes need not be UTF-8."""
        if self.is_open and not self.is_mute:
            self._wire.send_text(data)
            self._flush()

    def write(self, data: bytes) -> bool:
        """Write frames that are made already."""
        if not self.is_open or self.is_mute or self._transport is None:
            return False
        self._transport.write(data)
        return True

    def ping(self) -> None:
        """Ask for a sign of life."""
        if self.is_open and not self.is_mute:
            self._wire.send_ping(b"")
            self._flush()

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye, and hang up when the client does not answer soon."""
        if self.is_open:
            self._wire.send_close(code, reason)
            self._flush()
        asyncio.get_running_loop().call_later(_CLOSE_WITHIN_S, self.abort)

    def abort(self) -> None:
        """Cut the connection without a word."""
        if self._transport is not None and not self.is_over:
            self._transport.abort()

    def mute(self) -> None:
        """Be a connection whose other end is gone: nothing is answered, nothing noticed."""
        self.is_mute = True
        if self._transport is not None and not self.is_over:
            self._transport.pause_reading()

    # What asyncio tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self.is_mute:
            return
        try:
            self._wire.receive_data(data)
        except (ConnectionClosedError, InvalidState, ProtocolError, EOFError):
            self.abort()
            return
        for event in self._wire.events_received():
            if isinstance(event, Request):
                self._owner.requested(self, event)
            elif isinstance(event, Frame):
                self._take(event)
        self._flush()
        if self._wire.close_expected() and self._transport is not None:
            self._transport.close()

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_over = True
        if self._wire.state is not State.CLOSED:
            self._wire.receive_eof()
        self._owner.lost(self)

    def _take(self, frame: Frame) -> None:
        if frame.opcode is Opcode.PONG:
            self.pongs += 1
        elif frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            self._owner.heard(self)

    def _flush(self) -> None:
        pieces = self._wire.data_to_send()
        if self._transport is None or self.is_over:
            return
        for piece in pieces:
            if piece:
                self._transport.write(piece)
            elif self._transport.can_write_eof():
                self._transport.write_eof()
