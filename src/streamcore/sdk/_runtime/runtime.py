"""One life of a module: welcome, setup, events and calls, teardown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol

import msgspec

from streamcore.protocol.commands import Command
from streamcore.protocol.frames import (
    Ack,
    Gap,
    GrantsChanged,
    PlatformInfo,
    Ready,
    ReadyAnswer,
    SettingsChanged,
    Shutdown,
    Welcome,
)
from streamcore.sdk._link import Link, LinkEnded, Reply
from streamcore.sdk._runtime.calls import Calls
from streamcore.sdk._runtime.commander import ANSWER_TIMEOUT_S, Commander, command_pace
from streamcore.sdk._runtime.dispatch import Dispatch
from streamcore.sdk._runtime.logs import LogSender
from streamcore.sdk._runtime.once import OnceGuards
from streamcore.sdk._runtime.pace import Pace
from streamcore.sdk._runtime.registry import Registry, TimedHandler
from streamcore.sdk._time import Time
from streamcore.sdk.errors import Disconnected, StreamCoreError
from streamcore.sdk.settings import Settings
from streamcore.sdk.state import State

__all__ = ["Module", "Runtime"]

_LOGS_PER_S, _LOGS_BURST = 40, 80
# Left of a shutdown's deadline for the last acknowledgement and the goodbye.
_GOODBYE_S = 0.5
_LOST_DEADLINE_S = 2.0


class Module(Protocol):
    """What the runtime needs of a module."""

    @property
    def registry(self) -> Registry:
        """Return its handlers."""

    async def setup(self) -> None:
        """Prepare."""

    async def teardown(self) -> None:
        """Clean up."""

    async def on_settings(self) -> None:
        """React to new settings."""


class Runtime:
    """Joins one module with its link; `run` returns after `stop` or a shutdown of the core."""

    def __init__(
        self,
        link: Link,
        time: Time,
        *,
        name: str,
        data_dir: Path | None,
        language: str = "en",
        pace: Pace | None = None,
    ) -> None:
        self._link, self._time = link, time
        self.data_dir, self.language = data_dir, language
        self.module_id = ""
        self.granted: frozenset[str] = frozenset()
        self.platforms: dict[str, PlatformInfo] = {}
        self.settings = Settings()
        self.commander = Commander(link, pace or command_pace(time))
        self.state = State(self.commander.execute)
        self.guards = OnceGuards(data_dir / ".streamcore-once" if data_dir is not None else None)
        self.log = logging.getLogger(f"module.{name}")
        self.log.setLevel(logging.INFO)
        self.logs = LogSender(self._send_log, Pace(_LOGS_PER_S, _LOGS_BURST, time))
        self._module: Module | None = None
        self._dispatch: Dispatch | None = None
        self._calls = Calls(self.log)
        self._tasks: asyncio.TaskGroup | None = None
        self._background: set[asyncio.Task[None]] = set()
        self._welcomed, self._stopping = asyncio.Event(), asyncio.Event()
        self._ready = asyncio.Event()
        self._ended = False
        self._timed = 0
        self._deadline_s = 5.0
        self._failure: LinkEnded | None = None

    async def run(self, module: Module) -> None:
        """Live; raises what `setup` raised, and LinkEnded when the core is out of reach."""
        self._module = module
        registry = module.registry
        self._dispatch = dispatch = Dispatch(self, registry, self._time, self._spawn)
        self._calls.handlers = registry.calls
        try:
            async with asyncio.TaskGroup() as self._tasks:
                self._spawn(self._keep_link())
                if await self._unless_stopped(self._begin(module, dispatch)):
                    registry.changed = self._handlers_changed
                    self._spawn(dispatch.inbox.work())
                    await self._stopping.wait()
                await self._end(module, dispatch)
        except BaseExceptionGroup as group:
            raise _cause_of(group) from None
        finally:
            self.guards.close()
        if self._failure is not None:
            raise self._failure

    def stop(self, deadline_s: float) -> None:
        """Ask for the end."""
        self._deadline_s = min(self._deadline_s, deadline_s)
        self._stopping.set()

    async def settle(self) -> None:
        """Wait until every event that came is dealt with."""
        if self._dispatch is not None:
            await self._dispatch.inbox.join()

    async def ready(self) -> None:
        """Wait until the module gets events."""
        await self._ready.wait()

    async def _begin(self, module: Module, dispatch: Dispatch) -> None:
        await self._welcomed.wait()
        await module.setup()
        while not self._ready.is_set():
            try:
                await self._subscribe(dispatch)
                self._ready.set()
            except Disconnected:
                await self.commander.wait_for_link()
        self._start_timed(module.registry)

    async def _end(self, module: Module, dispatch: Dispatch) -> None:
        """Finish what runs, tear down, acknowledge, say goodbye; all inside the deadline."""
        self._ended = True
        try:
            async with asyncio.timeout(max(0.1, self._deadline_s - _GOODBYE_S)):
                await dispatch.finish()
                if self._welcomed.is_set():
                    await module.teardown()
        except TimeoutError:
            self.log.warning("teardown did not finish within %.1f s", self._deadline_s)
        except Exception:
            self.log.exception("teardown failed")
        dispatch.inbox.flush()
        self.logs.send_waiting()
        await self._link.close()
        for task in self._background:
            task.cancel()

    async def _keep_link(self) -> None:
        try:
            await self._link.run(self)
        except LinkEnded as failure:
            self._failure = failure
            self.stop(_LOST_DEADLINE_S)

    async def _unless_stopped(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do the work; False when the stop came first."""
        tasks = [asyncio.ensure_future(work), asyncio.ensure_future(self._stopping.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if tasks[0].done():
                tasks[0].result()
            return tasks[0].done()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # What comes over the link.

    def received(self, name: str, body: bytes | msgspec.Raw, reply: Reply | None) -> None:
        """Take one event of the core."""
        try:
            self._receive(name, body, reply)
        except msgspec.MsgspecError as error:
            self.log.warning("the core sent a '%s' of an unknown shape: %s", name, error)

    def lost(self) -> None:
        """Take the news that the connection is gone for now."""
        self.commander.lost()
        if self._dispatch is not None:
            self._dispatch.inbox.connection_lost()

    def _receive(self, name: str, body: bytes | msgspec.Raw, reply: Reply | None) -> None:
        match name:
            case "events":
                if self._dispatch is not None:
                    self._dispatch.take(body)
            case "call":
                self._spawn(self._calls.answer(body, reply))
            case "ping":
                if reply is not None:
                    reply({})
            case "welcome":
                self._welcome(msgspec.json.decode(body, type=Welcome))
            case "settings":
                self.settings.replace(msgspec.json.decode(body, type=SettingsChanged).settings)
                self._settings_changed()
            case "grants":
                grants = msgspec.json.decode(body, type=GrantsChanged)
                self.granted = frozenset(grants.granted)
                self.log.info("the streamer changed what is allowed: %s", ", ".join(grants.granted))
            case "shutdown":
                self.stop(msgspec.json.decode(body, type=Shutdown).deadline_ms / 1000)
            case "gap":
                skipped = msgspec.json.decode(body, type=Gap).skipped
                self.log.warning("%d events were skipped: this module is too slow", skipped)
            case _:
                self.log.debug("the core sent '%s', which this version does not know", name)

    def _welcome(self, welcome: Welcome) -> None:
        changed = dict(self.settings) != welcome.settings
        self.module_id = welcome.module_id
        self.granted = frozenset(welcome.granted)
        self.settings.replace(welcome.settings)
        self.state.replace(welcome.state)
        self.platforms.clear()
        self.platforms.update(welcome.platforms)
        self._link.resume_with(welcome.resume_token)
        if self._ready.is_set():
            self._subscribe_again()
            if changed:
                self._settings_changed()
        self.commander.back()
        self._welcomed.set()

    def _settings_changed(self) -> None:
        module, dispatch = self._module, self._dispatch
        if self._ready.is_set() and module is not None and dispatch is not None:
            dispatch.inbox.put_job(lambda: self.guarded("on_settings", module.on_settings))

    # Handlers that come and go.

    async def _subscribe(self, dispatch: Dispatch) -> None:
        ready = Ready(subscribe=dispatch.subscribe())
        raw = await self._link.call("ready", ready, ANSWER_TIMEOUT_S)
        for refusal in msgspec.json.decode(raw, type=ReadyAnswer).refused:
            self.log.warning("events of type '%s' will not come: %s", refusal.type, refusal.message)

    def _subscribe_again(self) -> None:
        async def subscribe(dispatch: Dispatch) -> None:
            try:
                await self._subscribe(dispatch)
            except StreamCoreError as error:
                # Without a connection the next welcome subscribes.
                self.log.debug("subscribing has to wait: %s", error)

        if self._dispatch is not None:
            self._spawn(subscribe(self._dispatch))

    def _handlers_changed(self) -> None:
        self._subscribe_again()
        if self._module is not None:
            self._start_timed(self._module.registry)

    def _start_timed(self, registry: Registry) -> None:
        for handler in registry.timed[self._timed :]:
            self._spawn(self._repeat(handler))
        self._timed = len(registry.timed)

    # Running handlers.

    async def guarded(self, name: str, function: Callable[[], Awaitable[object] | object]) -> None:
        """Run the author's code; log what it raises and go on."""
        try:
            result = function()
            if isinstance(result, Awaitable):
                await result
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            self.log.error("'%s' awaited something that was cancelled", name, exc_info=True)
        except Exception:
            self.log.exception("'%s' failed", name)

    async def _repeat(self, handler: TimedHandler) -> None:
        due = self._time.monotonic() + handler.interval_s
        while True:
            await self._time.sleep(due - self._time.monotonic())
            await self.guarded(handler.name, handler.function)
            # Keep the rhythm; what a slow run missed is not made up for.
            missed = max(0.0, self._time.monotonic() - due) // handler.interval_s
            due += handler.interval_s * (missed + 1)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        if self._tasks is None or self._ended:
            work.close()
            return
        task = self._tasks.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _send_log(self, line: Command) -> bool:
        if not self._link.connected or not self._welcomed.is_set():
            return False
        self._link.emit("command", line)
        return True

    def send_ack(self, cursor: int) -> None:
        """Tell the core how far the module got."""
        self._link.emit("ack", Ack(cursor=cursor))


def _cause_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first real error inside nested groups."""
    first = group.exceptions[0]
    return _cause_of(first) if isinstance(first, BaseExceptionGroup) else first
