"""The two Socket.IO servers as ASGI apps: one for modules and dashboards, one for pages."""

from __future__ import annotations

import urllib.parse
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec
import socketio

from streamcore.core.principals import ModulePrincipal
from streamcore.core.realtime.channel import Channel, ChannelServices
from streamcore.core.realtime.guard import GuardedServer
from streamcore.core.realtime.identify import Identify
from streamcore.core.realtime.offences import Offence
from streamcore.core.realtime.wire import wire_of

__all__ = ["ASGIApp", "SocketApp"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_NOT_A_WEBSOCKET = (
    HTTPStatus.BAD_REQUEST,
    "Expected a WebSocket request with EIO=4 and transport=websocket.",
)


class SocketApp:
    """Admits WebSocket connections to one guarded server and nothing else."""

    def __init__(
        self,
        namespaces: frozenset[str],
        identify: Identify,
        services: ChannelServices,
        *,
        opaque_origin: bool,
    ) -> None:
        self.server = GuardedServer(namespaces, identify)
        self._engine = socketio.ASGIApp(self.server, socketio_path=None)
        self._services = services
        self._opaque_origin = opaque_origin
        self._is_closed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        wire = wire_of(scope)
        refusal = _NOT_A_WEBSOCKET if wire is None else self._refusal(scope)
        if refusal is not None or wire is None:
            await _refuse(scope, send, *(refusal or _NOT_A_WEBSOCKET))
            return
        inherited = (scope.get("state") or {}).get("principal")
        channel = Channel(
            wire, self._services, inherited if isinstance(inherited, ModulePrincipal) else None
        )
        try:
            await self._engine({**scope, "streamcore.channel": channel}, receive, send)
        finally:
            channel.end("the connection ended")
            await self.server.forget(channel)

    async def close(self) -> None:
        """Take no more connections and end the open ones so that clients come back later."""
        self._is_closed = True
        for channel in self.server.channels():
            channel.wire.shutdown()
        await self.server.close()

    def _refusal(self, scope: Mapping[str, Any]) -> tuple[HTTPStatus, str] | None:
        if not _is_engine_request(scope["query_string"]):
            return _NOT_A_WEBSOCKET
        if self._is_closed:
            return HTTPStatus.SERVICE_UNAVAILABLE, "The core is stopping."
        if not self._opaque_origin and (b"origin", b"null") in scope["headers"]:
            return HTTPStatus.FORBIDDEN, "A page without an origin of its own is not served here."
        is_inherited = (scope.get("state") or {}).get("principal") is not None
        if not is_inherited and not self._services.parties.admit_stranger():
            self._services.offences.record("somebody unknown", Offence.CROWD)
            return HTTPStatus.SERVICE_UNAVAILABLE, "Too many connections wait at the door."
        return None


def _is_engine_request(query: bytes) -> bool:
    """Say whether this is how every client opens a WebSocket, and nothing of the library's rest."""
    try:
        values = urllib.parse.parse_qs(query.decode("ascii"), max_num_fields=16)
    except ValueError:
        return False
    return (
        values.get("EIO") == ["4"]
        and values.get("transport") == ["websocket"]
        and "sid" not in values
        and "j" not in values
    )


async def _refuse(scope: Mapping[str, Any], send: Send, status: HTTPStatus, message: str) -> None:
    kind = "http.response" if scope["type"] == "http" else "websocket.http.response"
    problem = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status,
        "code": status.name.lower(),
        "detail": message,
    }
    body = msgspec.json.encode(problem)
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": f"{kind}.start", "status": int(status), "headers": headers})
    await send({"type": f"{kind}.body", "body": body})
