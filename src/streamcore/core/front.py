"""What a start needs before it is ready: the log, the port, the dashboard's files, run.json.

The rest of the core takes longer to import than all of this to run. It is brought in behind the
ready line, away from the loop, and whoever comes for it meanwhile waits at the door.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import streamcore
from streamcore.core.clock import Clock, SystemClock
from streamcore.core.config import Settings
from streamcore.core.descriptors import raise_descriptor_limit
from streamcore.core.door import Door
from streamcore.core.logs import configure_logging
from streamcore.core.realtime.http import HttpServer
from streamcore.core.run_file import RunFile, remove_run_file, write_run_file
from streamcore.core.sessions import Sessions
from streamcore.core.store import Store

if TYPE_CHECKING:
    from streamcore.core.app import App

__all__ = ["Front"]

SWITCH_INTERVAL_S = 0.0005


class Front:
    """The core from its start to its end; `open` returns when it is ready for everybody."""

    def __init__(self, settings: Settings, *, stop: Callable[[], None]) -> None:
        self._settings = settings
        self._request_stop = stop
        self._clock: Clock = SystemClock()
        self._stack = AsyncExitStack()
        self._app: App | None = None

    @property
    def url(self) -> str:
        """Return the dashboard's address."""
        return self._http.url

    def dashboard_address(self) -> str:
        """Return an address that opens the dashboard once, without another login."""
        return f"{self.url}/#code={self._sessions.new_code()}"

    async def open(self) -> None:
        """Open the log, answer HTTP, say so in run.json; raises StartError."""
        # The log's writing thread waits for the interpreter's lock behind a busy loop, and the loop
        # behind the thread that imports: hand it over ten times as often as by default.
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        raise_descriptor_limit()
        started_at = self._clock.now()
        home = self._settings.home
        logs = configure_logging(home, self._settings.log_level)
        self._stack.callback(logs.close)
        self._store = await Store.open(home.database, self._clock)
        self._stack.push_async_callback(self._store.close)
        self._sessions = Sessions(self._store, self._clock)
        await self._sessions.load()
        self._door = Door(self._settings.static_dir, lambda: self._http.own_hosts())
        self._http = HttpServer(self._door, self._settings.host, self._settings.port)
        port = await self._http.start()
        self._stack.push_async_callback(self._http.stop)
        self._behind = asyncio.create_task(self._bring_in(), name="the rest of the core")
        self._stack.push_async_callback(self._end_behind)
        run = RunFile(
            url=self.url,
            port=port,
            pid=os.getpid(),
            token=self._sessions.run_token(),
            version=streamcore.__version__,
            started_at=started_at,
        )
        write_run_file(home.run_file, run)
        self._stack.callback(remove_run_file, home.run_file)

    async def run_until(self, stop: asyncio.Event) -> None:
        """Work until somebody asks for the end; raises what kept the rest from starting."""
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({stopping, self._behind}, return_when=asyncio.FIRST_COMPLETED)
            if not stop.is_set():
                await self._behind
                await stopping
        finally:
            stopping.cancel()

    async def close(self) -> None:
        """End everything in the reverse order of its start."""
        await self._stack.aclose()

    async def _bring_in(self) -> None:
        """Import, build and start the rest of the core, and open the door to it."""
        try:
            app_type = await asyncio.to_thread(_import_app)
            self._app = app = app_type(
                self._settings,
                store=self._store,
                sessions=self._sessions,
                http=self._http,
                clock=self._clock,
                stop=self._request_stop,
            )
            await app.start()
            self._door.open(app.server)
            await app.server.load_api()
        finally:
            # What was imported stays for good: no collection need look at it again.
            gc.freeze()
            gc.enable()

    async def _end_behind(self) -> None:
        """End the rest of the core, whether or not it was all there."""
        self._behind.cancel()
        await asyncio.wait({self._behind})
        if self._app is not None:
            await self._app.stop()


def _import_app() -> type[App]:
    from streamcore.core.app import App

    return App
