"""The HTTP server: uvicorn's protocols on sockets of ours, without its process management."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from typing import Any

from uvicorn import Config
from uvicorn.server import ServerState

from streamcore.core.http.asgi import ASGIApp, Receive, Scope, Send
from streamcore.core.principals import ModulePrincipal
from streamcore.core.realtime.http_protocol import HttpProtocol
from streamcore.core.realtime.listeners import open_listeners
from streamcore.core.realtime.wire import Wire
from streamcore.protocol.limits import MAX_PACKET_BYTES

__all__ = ["HttpServer"]

log = logging.getLogger(__name__)

MODULE_PATH = "/socket.io/"
HEADER_BYTES = 64 * 1024
_OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")


class HttpServer:
    """Serves one ASGI app on loopback, and modules on descriptors that they inherited.

    `inherited_app` is what a module's descriptor reaches, under `/socket.io/` alone; without it
    that part of `app`.
    """

    def __init__(
        self, app: ASGIApp, host: str, port: int, *, inherited_app: ASGIApp | None = None
    ) -> None:
        self._host = host
        self.port = port
        """Where it listens; 0 until it does when any free one was asked for."""
        self._config = _config(app)
        self._inherited_config = _config(_only_socketio(inherited_app or app))
        self._state = ServerState()
        self._servers: list[asyncio.Server] = []
        self._is_stopped = False

    @property
    def url(self) -> str:
        """Return the address of everything that is served."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}"

    def own_hosts(self) -> frozenset[str]:
        """Return the names that a request addressed to us carries."""
        return frozenset(f"{name}:{self.port}" for name in _OWN_NAMES)

    async def start(self) -> int:
        """Listen and return the port; raises StartError with a sentence for the streamer."""
        loop = asyncio.get_running_loop()
        listeners = open_listeners(self._host, self.port)
        for listener in listeners:
            server = await loop.create_server(
                lambda: self._protocol(self._config, {}), sock=listener
            )
            self._servers.append(server)
        self.port = listeners[0].getsockname()[1]
        return self.port

    async def serve_socket(self, sock: socket.socket, principal: ModulePrincipal) -> None:
        """Take over the core's end of a module's own connection; returns once it is served."""
        if self._is_stopped:
            sock.close()
            return
        sock.setblocking(False)
        state = {"principal": principal}
        await asyncio.get_running_loop().connect_accepted_socket(
            lambda: self._protocol(self._inherited_config, state), sock
        )

    async def stop(self, deadline_s: float = 2.0) -> None:
        """Let requests in progress end, tell every connection goodbye, then drop what is left."""
        if self._is_stopped:
            return
        self._is_stopped = True
        for server in self._servers:
            server.close()
        for connection in tuple(self._state.connections):
            connection.shutdown()
        tasks = tuple(self._state.tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=deadline_s)
        for connection in tuple(self._state.connections):
            connection.transport.abort()
        late = [task for task in tasks if not task.done()]
        for task in late:
            task.cancel()
        if late:
            log.warning("%d requests did not end in time and were dropped", len(late))
            await asyncio.wait(late, timeout=1.0)
        for server in self._servers:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(server.wait_closed(), timeout=1.0)

    def _protocol(self, config: Config, state: dict[str, Any]) -> HttpProtocol:
        return HttpProtocol(config, self._state, state)


def _config(app: ASGIApp) -> Config:
    config = Config(
        app,
        http=HttpProtocol,
        ws=Wire,
        ws_max_size=MAX_PACKET_BYTES,
        ws_per_message_deflate=False,
        # Engine.IO has a heartbeat of its own.
        ws_ping_interval=None,
        h11_max_incomplete_event_size=HEADER_BYTES,
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        # Nobody stands in front of this server: what a client says about proxies is its own word.
        proxy_headers=False,
        server_header=False,
        date_header=False,
    )
    config.load()
    return config


def _only_socketio(app: ASGIApp) -> ASGIApp:
    async def gate(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == MODULE_PATH:
            await app(scope, receive, send)
            return
        kind = "http.response" if scope["type"] == "http" else "websocket.http.response"
        await send({"type": f"{kind}.start", "status": 404, "headers": [(b"content-length", b"0")]})
        await send({"type": f"{kind}.body", "body": b""})

    return gate
