"""An HTTP server of some routes on a free port of this machine, for as long as a test needs it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

__all__ = ["QuietServer", "serving"]


class QuietServer(uvicorn.Server):
    """A server inside somebody else's process: that one keeps its signal handlers."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(routes: Sequence[BaseRoute]) -> AsyncIterator[str]:
    """Serve on a free port; yields the address."""
    app = Starlette(routes=routes)
    server = QuietServer(uvicorn.Config(app, port=0, log_level="critical", ws="none"))
    task = asyncio.create_task(server.serve(), name="fake server")
    try:
        while not server.started:
            if task.done():
                await task
            await asyncio.sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task
