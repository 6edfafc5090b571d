"""One EventSub socket: opened, welcomed, read frame by frame, watched for silence."""

from __future__ import annotations

import asyncio
import logging

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from streamcore.core.integrations.twitch.eventsub import frames
from streamcore.core.integrations.twitch.tls import tls_context

__all__ = ["Link", "LinkLostError", "open_link"]

_WELCOME_WITHIN_S = 10.0
_DEFAULT_KEEPALIVE_S = 10.0
_SLACK = 1.2
_MAX_FRAME_BYTES = 1 << 20

_REASONS = {
    4000: "Twitch had an internal error",
    4001: "Twitch says that we sent something",
    4002: "Twitch missed our pong",
    4003: "nothing was subscribed in time",
    4004: "the move to a new socket came too late",
    4005: "Twitch's network timed out",
    4006: "Twitch's network failed",
    4007: "Twitch did not accept the move to a new socket",
}

_log = logging.getLogger(__name__)


class LinkLostError(Exception):
    """The socket is gone, or could not be opened; the text says why."""


class Link:
    """A socket that Twitch has welcomed; we only listen on it."""

    def __init__(self, socket: ClientConnection, session: frames.Session) -> None:
        self._socket = socket
        self.session_id = session.id
        self._silence_s = (session.keepalive_timeout_seconds or _DEFAULT_KEEPALIVE_S) * _SLACK
        self.successor: asyncio.Task[bool] | None = None

    async def next(self) -> frames.Frame:
        """Return the next frame that can be read; garbage is skipped."""
        while True:
            frame = await _receive(self._socket, self._silence_s)
            if frame is not None:
                return frame

    async def close(self) -> None:
        """Close the socket; one that is already closed is as good."""
        await self._socket.close()


async def open_link(url: str) -> Link:
    """Connect and wait for the welcome."""
    try:
        socket = await connect(
            url,
            ping_interval=None,  # Twitch pings us; from us it wants to hear pongs only
            open_timeout=_WELCOME_WITHIN_S,
            close_timeout=1,
            max_size=_MAX_FRAME_BYTES,
            ssl=tls_context() if url.startswith("wss:") else None,
        )
    except (OSError, TimeoutError, ValueError, WebSocketException) as error:
        message = f"Twitch's event server cannot be reached ({type(error).__name__})"
        raise LinkLostError(message) from error
    try:
        session = await _welcome(socket)
    except BaseException:
        await socket.close()
        raise
    return Link(socket, session)


async def _welcome(socket: ClientConnection) -> frames.Session:
    try:
        async with asyncio.timeout(_WELCOME_WITHIN_S):
            while True:
                frame = await _receive(socket, _WELCOME_WITHIN_S)
                if frame is None or frame.metadata.message_type != "session_welcome":
                    continue
                if frame.payload.session is not None and frame.payload.session.id:
                    return frame.payload.session
    except TimeoutError as error:
        raise LinkLostError("Twitch's event server sent no welcome") from error


async def _receive(socket: ClientConnection, within_s: float) -> frames.Frame | None:
    try:
        async with asyncio.timeout(within_s):
            data = await socket.recv()
    except TimeoutError as error:
        raise LinkLostError(f"Twitch has been silent for {within_s:g} s") from error
    except ConnectionClosed as error:
        raise LinkLostError(_why(error)) from error
    try:
        return frames.decode_frame(data)
    except (msgspec.DecodeError, UnicodeError) as error:
        _log.warning("Skipped a frame of %d bytes that cannot be read: %s", len(data), error)
        return None


def _why(error: ConnectionClosed) -> str:
    if error.rcvd is None:
        return "the connection to Twitch broke off"
    code = error.rcvd.code
    return f"{_REASONS.get(code, 'Twitch closed the connection')} ({code})"
