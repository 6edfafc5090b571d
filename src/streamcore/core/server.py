"""The whole HTTP side as one ASGI app: the gate, then modules' links, pages and the interface."""

from __future__ import annotations

import asyncio
from typing import Any

from streamcore.core.access import require_rules
from streamcore.core.api.services import Services
from streamcore.core.http.answers import problem, refuse
from streamcore.core.http.asgi import ASGIApp, Receive, Scope, Send
from streamcore.core.http.body_limit import BodyLimit
from streamcore.core.http.guard import MODULE_SERVER, PAGE_SERVER, Guard
from streamcore.core.pages.pages import Pages

__all__ = ["Server", "Services", "build_app", "build_openapi"]

MAX_BODY_BYTES = 1024 * 1024
_NOT_FOUND = problem(404, "not_found", "Not Found")


class Server:
    """Sends each request to the part that answers it.

    The framework of the interface takes longer to import than all the rest to start, so that it can
    be left out until `load_api` is called, or until the first request for it.
    """

    def __init__(self, services: Services, module_app: ASGIApp, overlay_app: ASGIApp) -> None:
        self._services = services
        self._module_app = module_app
        self._overlay_app = overlay_app
        self._pages = Pages(services.modules, services.static_dir)
        self._api: ASGIApp | None = None
        self._loading = asyncio.Lock()
        self._guard = Guard(self._route, services.allowed_hosts)
        require_rules(self._pages.routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._guard(scope, receive, send)

    async def load_api(self) -> None:
        """Import and build the interface away from the loop; raises StartError."""
        await self._loaded_api()

    async def _loaded_api(self) -> ASGIApp:
        async with self._loading:
            if self._api is None:
                self._api = await asyncio.to_thread(self._build_api)
            return self._api

    def load_api_now(self) -> None:
        """Import and build the interface at once; raises StartError."""
        self._api = self._build_api()

    def _build_api(self) -> ASGIApp:
        from streamcore.core.api.app import build_api

        return BodyLimit(build_api(self._services), MAX_BODY_BYTES)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _answer_lifespan(receive, send)
            return
        path: str = scope["path"]
        if path.startswith(MODULE_SERVER):
            await self._module_app(scope, receive, send)
        elif path.startswith(PAGE_SERVER):
            await self._overlay_app(scope, receive, send)
        elif scope["type"] != "http":
            await refuse(scope, receive, send, _NOT_FOUND)
        elif path == "/api" or path.startswith("/api/"):
            api = self._api or await self._loaded_api()
            await api(scope, receive, send)
        else:
            await self._pages(scope, receive, send)


def build_app(
    services: Services, module_app: ASGIApp, overlay_app: ASGIApp, *, defer_api: bool = False
) -> Server:
    """Build the app; StartError when a route does not say who may use it."""
    server = Server(services, module_app, overlay_app)
    if not defer_api:
        server.load_api_now()
    return server


def build_openapi() -> dict[str, Any]:
    """Return the description of the interface without a running core."""
    from streamcore.core.api.app import build_api
    from streamcore.core.api.openapi import describe

    return describe(build_api(None))


async def _answer_lifespan(receive: Receive, send: Send) -> None:
    """The composition root starts and stops the parts; a server's own events change nothing."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
