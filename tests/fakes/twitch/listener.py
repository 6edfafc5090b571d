"""One port for all of the fake: pages, login and Helix by HTTP, EventSub behind the same door."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from tests.fakes.serving import QuietServer
from tests.fakes.twitch.eventsub import FakeEventSub
from tests.fakes.twitch.faults import Faults, Faulty

__all__ = ["Listener"]


class Listener:
    """Listens, stops, and listens again on the port that it had."""

    def __init__(self, routes: Sequence[BaseRoute], eventsub: FakeEventSub, faults: Faults) -> None:
        self._routes = routes
        self._eventsub = eventsub
        self._faults = faults
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen and return the port; raises `OSError` when it is taken."""
        config = uvicorn.Config(
            Faulty(Starlette(routes=self._routes), self._faults, self._cut),
            host=host,
            port=port,
            log_level="critical",
            lifespan="off",
            # Called for each request to upgrade, like a class of protocols.
            ws=cast("type[asyncio.Protocol]", self._eventsub),
        )
        self._server = QuietServer(config)
        self._serving = asyncio.create_task(self._server.serve(), name="fake Twitch")
        while not self._server.started:
            if self._serving.done():
                await self._serving
                raise OSError(f"port {port} is taken")
            await asyncio.sleep(0.005)
        bound: int = self._server.servers[0].sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        """Cut every connection and listen no more."""
        if self._server is None or self._serving is None:
            return
        for listening in self._server.servers:
            listening.close()
        await self._eventsub.drop_all()
        self._server.should_exit = True
        await self._serving
        self._server = None

    def _cut(self, client: tuple[str, int] | None) -> None:
        """Cut the connection of one client in the middle of a request."""
        if self._server is None or client is None:
            return
        for connection in list(self._server.server_state.connections):
            if getattr(connection, "client", None) == client:
                transport = getattr(connection, "transport", None)
                if isinstance(transport, asyncio.Transport):
                    transport.abort()
