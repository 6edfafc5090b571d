"""What stands at the port from the first moment: the dashboard's files, a wait for all else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from streamcore.core.http.asgi import ASGIApp, Receive, Scope, Send
from streamcore.core.http.guard import MODULE_SERVER, PAGE_SERVER, Guard
from streamcore.core.pages.pages import MODULE_PAGES, Pages
from streamcore.protocol.manifest import Manifest

__all__ = ["Door"]

_BEHIND = ("/api/", MODULE_SERVER, PAGE_SERVER, *MODULE_PAGES)


class Door:
    """Answers with what needs no module or platform; the rest waits until the server is there.

    Nobody who comes early is refused: a page, a module or a script that connects in the first
    half second is served as soon as the core can, and need not try again.
    """

    def __init__(self, static_dir: Path, allowed_hosts: Callable[[], frozenset[str]]) -> None:
        self._early = Guard(Pages(_NoModules(), static_dir), allowed_hosts)
        self._opened: asyncio.Future[ASGIApp] = asyncio.get_running_loop().create_future()

    def open(self, server: ASGIApp) -> None:
        """Let everything through to the server from now on."""
        self._opened.set_result(server)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._opened.done() and _is_early(scope):
            await self._early(scope, receive, send)
            return
        # Whoever gives up waiting must not take the door along.
        server = await asyncio.shield(self._opened)
        await server(scope, receive, send)


def _is_early(scope: Scope) -> bool:
    return scope["type"] == "http" and not f"{scope['path']}/".startswith(_BEHIND)


class _NoModules:
    """Before the modules are known; the door lets nobody ask for one."""

    def manifest(self, module_id: str) -> Manifest | None:
        return None

    def digest(self, module_id: str) -> str:
        return ""

    def file(self, module_id: str, path: str) -> Path | None:
        return None
