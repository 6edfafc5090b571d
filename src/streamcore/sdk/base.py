"""`BaseModule`: what every module is a subclass of."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import MappingProxyType

from streamcore.protocol.commands import Command
from streamcore.protocol.events import Event
from streamcore.protocol.frames import PlatformInfo
from streamcore.protocol.objects import Role
from streamcore.sdk._commands import Commands
from streamcore.sdk._marks import CallMark, Mark, command_mark, event_mark, time_mark
from streamcore.sdk._runtime.context import current
from streamcore.sdk._runtime.registry import Registry
from streamcore.sdk._runtime.runtime import Runtime
from streamcore.sdk.decorators import Handler
from streamcore.sdk.settings import Settings
from streamcore.sdk.state import State
from streamcore.sdk.storage import Storage
from streamcore.sdk.views import Views

__all__ = ["BaseModule"]


class BaseModule(Commands):
    """A module: subclass it once in the file that the manifest names as `entry_point`.

    Handlers are methods under `@on_event`, `@command`, `@on_call` and `@every`, or functions that
    `setup` registers with the methods of the same names. `__init__` runs before there is a
    connection; everything below is there from `setup` on.
    """

    _runtime: Runtime | None = None
    _registry: Registry | None = None
    _storage: Storage | None = None
    _views: Views | None = None

    # To override

    async def setup(self) -> None:
        """Prepare: register handlers, read storage; commands are already allowed.

        Events begin when this returns. An error here ends the module.
        """

    async def teardown(self) -> None:
        """Clean up before the module ends; there are a few seconds for it."""

    async def on_settings(self) -> None:
        """React to new settings; `self.settings` already has them."""

    # Registering handlers in `setup`

    def on_event(
        self, *types: str | type[Event], concurrent: bool = False
    ) -> Callable[[Handler], Handler]:
        """Handle events: `@self.on_event("donation")`; see `streamcore.sdk.on_event`."""
        return self._adder(event_mark(types, concurrent=concurrent))

    def command(
        self,
        *names: str,
        cooldown: float = 0,
        user_cooldown: float = 0,
        roles: Iterable[Role | str] = (),
    ) -> Callable[[Handler], Handler]:
        """Handle a chat command: `@self.command("!hello")`; see `streamcore.sdk.command`."""
        return self._adder(command_mark(names, cooldown, user_cooldown, roles))

    def on_call(self, name: str) -> Callable[[Handler], Handler]:
        """Handle a call of the module's page; see `streamcore.sdk.on_call`."""
        return self._adder(CallMark(name))

    def every(
        self, *, seconds: float = 0, minutes: float = 0, hours: float = 0
    ) -> Callable[[Handler], Handler]:
        """Run again and again: `@self.every(minutes=10)`; see `streamcore.sdk.every`."""
        return self._adder(time_mark(seconds, minutes, hours))

    # What a module has

    @property
    def id(self) -> str:
        """The module's id, as in its manifest."""
        return self._running.module_id

    @property
    def settings(self) -> Settings:
        """What the streamer chose in the dashboard, always the newest values."""
        return self._running.settings

    @property
    def storage(self) -> Storage:
        """JSON values that outlive restarts."""
        if self._storage is None:
            self._storage = Storage(self._running.commander.execute)
        return self._storage

    @property
    def state(self) -> State:
        """What the module's pages see; persisted, with revision numbers."""
        return self._running.state

    @property
    def views(self) -> Views:
        """The module's open pages."""
        if self._views is None:
            self._views = Views(self._running.commander.execute)
        return self._views

    @property
    def platforms(self) -> Mapping[str, PlatformInfo]:
        """The platforms that the manifest names: connected or not, and what they can do."""
        return MappingProxyType(self._running.platforms)

    @property
    def granted(self) -> frozenset[str]:
        """The permissions that the streamer gave; they may change while the module runs."""
        return self._running.granted

    @property
    def log(self) -> logging.Logger:
        """The module's log, which the streamer can read; never waits."""
        return self._running.log

    @property
    def data_dir(self) -> Path:
        """The only folder that the module may write to."""
        folder = self._running.data_dir
        if folder is None:
            raise RuntimeError("this module was started without a data folder")
        return folder

    @property
    def language(self) -> str:
        """The streamer's language: `en` or `ru`."""
        return self._running.language

    # What a module does

    async def execute(self, command: Command, *, timeout_s: float = 30.0) -> object:
        """Send any command of the protocol and return its result.

        While the connection is down it waits up to five seconds and then raises `Disconnected`. A
        command that was on its way when the connection broke raises `Disconnected` too (whether
        it was done is unknown), unless it has an `idempotency_key`: then it is sent again.
        """
        return await self._running.commander.execute(command, timeout_s)

    def once(self, event: Event, name: str = "") -> AbstractAsyncContextManager[None]:
        """Guard an effect so that it happens a single time, even across crashes.

        `async with self.once(event):` ends the handler when the block was finished before (the
        exception `AlreadyDone`, which needs no catching). Commands inside the block are recognised
        by the core when they come a second time.
        """
        running = current.get()
        if running is not None:
            return running.once(event, name)
        return self._running.guards.guard(event, name)

    def run(self) -> None:
        """Run the module until StreamCore ends it; for `if __name__ == "__main__":`.

        StreamCore runs the class by itself, so that line is allowed and not needed.
        """
        from streamcore.sdk._host.host import run_here  # the host imports this file

        run_here(self)

    # Inside

    @property
    def registry(self) -> Registry:
        """The module's handlers; for the runtime."""
        if self._registry is None:
            self._registry = Registry(self)
        return self._registry

    def attach(self, runtime: Runtime) -> None:
        """Give the module its runtime; for the host and the test kit."""
        self._runtime = runtime

    @property
    def _running(self) -> Runtime:
        if self._runtime is None:
            raise RuntimeError(
                f"{type(self).__name__} is not running yet: this is there from setup() on"
            )
        return self._runtime

    def _adder(self, mark: Mark) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            self.registry.add(mark, handler)
            return handler

        return add
