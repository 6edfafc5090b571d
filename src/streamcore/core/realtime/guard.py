"""python-socketio with a guard around it: it sees only checked connects, disconnects and pongs."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Coroutine, Mapping
from typing import Any

import engineio
import socketio
from engineio import async_socket

from streamcore.core.errors import CommandError
from streamcore.core.realtime.calm import Calm
from streamcore.core.realtime.channel import Channel
from streamcore.core.realtime.identify import Identify
from streamcore.core.realtime.offences import Offence
from streamcore.core.realtime.packets import text_frame
from streamcore.core.realtime.tasks import OwnedTasks
from streamcore.protocol.errors import ErrorBody, ErrorCode
from streamcore.protocol.limits import MAX_PACKET_BYTES

__all__ = ["GuardedServer"]

log = logging.getLogger(__name__)

# The library writes what peers send into its log, tokens included, from INFO down.
_library_log = logging.getLogger(f"{__name__}.library")
_library_log.setLevel(logging.ERROR)
_library_log.addFilter(Calm())


class _Refused(socketio.exceptions.ConnectionRefusedError):  # type: ignore[misc] # untyped
    """A refusal whose connect error is exactly the body that the protocol names."""

    def __init__(self, body: ErrorBody) -> None:
        super().__init__(body.message)
        self.error_args = _error_args(body)


class _Engine(engineio.AsyncServer):  # type: ignore[misc] # untyped
    """Engine.IO whose background tasks (the next ping of each connection) have an owner."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.tasks = OwnedTasks()
        self._pings: dict[str, asyncio.Task[None]] = {}

    def start_background_task(
        self, target: Any, *args: Any, **kwargs: Any
    ) -> asyncio.Task[None] | None:
        work: Coroutine[object, object, None] = target(*args, **kwargs)
        task = self.tasks.spawn(work)
        socket = getattr(target, "__self__", None)
        if task is not None and isinstance(socket, async_socket.AsyncSocket):
            self._pings[socket.sid] = task
        return task

    def forget(self, sid: str) -> None:
        """Drop the next ping, which would keep a connection that is gone for half a minute."""
        ping = self._pings.pop(sid, None)
        if ping is not None:
            ping.cancel()


class GuardedServer(socketio.AsyncServer):  # type: ignore[misc] # untyped
    """The library keeps handshake, ping and pong, namespaces; events and acks never reach it.

    Whatever it sends goes through the channel's wire, in the order of the calls.
    """

    def __init__(self, namespaces: frozenset[str], identify: Identify) -> None:
        super().__init__(
            async_mode="asgi",
            namespaces=sorted(namespaces),
            async_handlers=False,
            logger=_library_log,
            engineio_logger=_library_log,
            # An empty list turns the library's own check off: the guard of all HTTP requests and
            # upgrades has looked at the origin already.
            cors_allowed_origins=[],
            cors_credentials=False,
            transports=["websocket"],
            allow_upgrades=False,
            max_http_buffer_size=MAX_PACKET_BYTES,
            # Its watch over silent peers is for polling: it wakes up several times a second, and
            # over WebSocket the read itself has the same deadline.
            monitor_clients=False,
        )
        self._names = namespaces
        self._identify = identify
        self._channels: dict[str, Channel] = {}
        for namespace in namespaces:
            handler = functools.partial(self._join, namespace)
            self.on("connect", handler, namespace=namespace)

    def __len__(self) -> int:
        return len(self._channels)

    def channels(self) -> tuple[Channel, ...]:
        """Return the open connections."""
        return tuple(self._channels.values())

    async def forget(self, channel: Channel) -> None:
        """Drop what the library keeps of a connection that is gone, however it ended."""
        sid = channel.library_id
        if sid:
            socket = self.eio.sockets.pop(sid, None)
            if socket is not None and not socket.closed:
                await socket.close(wait=False, abort=True)
            self._channels.pop(sid, None)
            self.environ.pop(sid, None)
            self.eio.forget(sid)

    async def close(self) -> None:
        """Stop the background work."""
        await self.eio.tasks.close()

    def _join(
        self, namespace: str, sid: str, environ: Mapping[str, Any], auth: object = None
    ) -> None:
        """Let a peer into a namespace, or raise what the library turns into a connect error."""
        channel = _channel_of(environ)
        try:
            self._identify(channel, namespace, auth)
        except CommandError as error:
            channel.refuse(namespace_is_known=True)
            raise _Refused(error.body) from None
        except Exception:
            log.exception("a connect to %s failed", namespace)
            channel.refuse(namespace_is_known=True)
            message = "The core failed on this; its log says why."
            raise _Refused(ErrorBody(ErrorCode.INTERNAL, message)) from None

    # --- what the library calls, narrowed ---------------------------------------------------

    def _engineio_server_class(self) -> type[_Engine]:
        return _Engine

    async def _handle_eio_connect(self, eio_sid: str, environ: Mapping[str, Any]) -> None:
        channel = _channel_of(environ)
        channel.library_id = eio_sid
        self._channels[eio_sid] = channel
        await super()._handle_eio_connect(eio_sid, environ)

    async def _handle_eio_message(self, eio_sid: str, data: object) -> None:
        channel = self._channels.get(eio_sid)
        if channel is None:
            return
        try:
            await super()._handle_eio_message(eio_sid, data)
        except Exception:
            log.exception("the library failed on a checked packet")
            channel.cut(Offence.MALFORMED)

    async def _handle_connect(self, eio_sid: str, namespace: str | None, data: object) -> None:
        channel = self._channels.get(eio_sid)
        if channel is None:
            return
        namespace = namespace or "/"
        if namespace not in self._names:
            names = " and ".join(sorted(self._names))
            message = f"There is no namespace {namespace} here; expected {names}."
            channel.refuse(namespace_is_known=False)
            await self._connect_error(eio_sid, namespace, ErrorCode.NOT_FOUND, message)
        elif not channel.is_free:
            message = "A connection joins one namespace once; open another one."
            await self._connect_error(eio_sid, namespace, ErrorCode.CONFLICT, message)
        else:
            await super()._handle_connect(eio_sid, namespace, data)
            channel.connected()

    async def _connect_error(
        self, eio_sid: str, namespace: str, code: ErrorCode, message: str
    ) -> None:
        body = _error_args(ErrorBody(code, message))
        error = self.packet_class(
            socketio.packet.CONNECT_ERROR, data=body, namespace=namespace, binary=False
        )
        await self._send_packet(eio_sid, error)

    async def _send_packet(self, eio_sid: str, packet: Any) -> None:
        channel = self._channels.get(eio_sid)
        if channel is not None:
            channel.wire.out.write(text_frame(b"4" + packet.encode().encode()))

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        channel = self._channels.pop(eio_sid, None)
        await super()._handle_eio_disconnect(eio_sid, reason)
        if channel is not None:
            channel.end(reason)
            channel.wire.linger()


def _error_args(body: ErrorBody) -> dict[str, object]:
    """Make the content of a connect error; clients in browsers see `message` and `data` alone."""
    data: dict[str, object] = {"code": body.code.value}
    if body.retry_after_ms is not None:
        data["retry_after_ms"] = body.retry_after_ms
    return {"code": body.code.value, "message": body.message, "data": data}


def _channel_of(environ: Mapping[str, Any]) -> Channel:
    channel = environ["asgi.scope"]["streamcore.channel"]
    assert isinstance(channel, Channel)  # noqa: S101 - put there by the app above this server
    return channel
