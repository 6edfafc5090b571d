"""`ModuleHarness`: one module, its events, and what it did."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar, cast

import msgspec

from streamcore.protocol.commands import Command, OwnCommand, SendChat, command_name
from streamcore.protocol.events import ChatMessage, Event, PlatformState, PlatformStateName
from streamcore.protocol.frames import Call, CommandAnswer, GrantsChanged, SettingsChanged, Shutdown
from streamcore.protocol.manifest import Manifest
from streamcore.protocol.objects import Role, User
from streamcore.sdk._host.find import load_module_class
from streamcore.sdk._runtime.pace import Pace
from streamcore.sdk._runtime.runtime import Runtime
from streamcore.sdk.base import BaseModule
from streamcore.sdk.errors import error_for
from streamcore.sdk.testing.manual_time import ManualTime
from streamcore.sdk.testing.memory_core import Answer, MemoryCore

__all__ = ["ModuleHarness", "load_module"]

M = TypeVar("M", bound=BaseModule)

_DEADLINE_S = 5.0
_NO_LIMIT = 1e9


class ModuleHarness(Generic[M]):
    """Runs a module as the core would, inside one test: `async with ModuleHarness(Bot) as bot:`.

    What is not given comes from the `manifest.json` beside the module's file: permissions,
    requirements, and the settings' defaults. Time stands still until `advance`.
    """

    def __init__(
        self,
        module_class: type[M],
        *,
        settings: Mapping[str, object] | None = None,
        permissions: Iterable[str] | None = None,
        requirements: Iterable[str] | None = None,
        data_dir: Path | None = None,
        language: str = "en",
    ) -> None:
        self._class = module_class
        manifest = _manifest_of(module_class)
        if permissions is None:
            permissions = manifest.permissions
        if requirements is None:
            requirements = manifest.requirements
        self._core = MemoryCore(
            manifest.id, permissions, requirements, _defaults(manifest) | dict(settings or {})
        )
        self._data_dir, self._language = data_dir, language
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._task: asyncio.Task[None] | None = None
        self._runtime: Runtime | None = None
        self._lines = _Lines()
        self.time = ManualTime()
        """The time that `@every` and cooldowns go by."""
        self.module: M
        """The module object of the present life."""

    # Life

    async def __aenter__(self) -> ModuleHarness[M]:
        if self._data_dir is None:
            self._folder = tempfile.TemporaryDirectory(prefix="streamcore-test-")
            self._data_dir = Path(self._folder.name)
        try:
            await self.start()
        except BaseException:
            self._clean_up()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._task is not None:
                await self.stop()
        finally:
            self._clean_up()

    async def start(self) -> None:
        """Begin a life: `setup` has run and events may come when this returns."""
        self.module = self._class()
        self._runtime = runtime = Runtime(
            self._core,
            self.time,
            name=self._core.module_id,
            data_dir=self._data_dir,
            language=self._language,
            pace=Pace(_NO_LIMIT, _NO_LIMIT, self.time),
        )
        runtime.log.addHandler(self._lines)
        self.module.attach(runtime)
        self._task = asyncio.ensure_future(runtime.run(self.module))
        ready = asyncio.ensure_future(runtime.ready())
        try:
            async with asyncio.timeout(_DEADLINE_S):
                await asyncio.wait((self._task, ready), return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if self._task.done():
            task, self._task = self._task, None
            task.result()  # raises what `setup` raised
            raise AssertionError("the module ended before it was ready")
        self._core.redeliver()

    async def stop(self) -> None:
        """End the life in order: `teardown` has run when this returns."""
        self._core.send("shutdown", Shutdown(deadline_ms=int(_DEADLINE_S * 1000)))
        await self._ended()

    async def crash(self) -> None:
        """End the life as `kill -9` does: nothing more is said, acknowledged or torn down."""
        self._core.drop()
        if self._task is not None:
            self._task.cancel()
        await self._ended()

    async def restart(self) -> None:
        """End the life in order and begin the next, with the same data."""
        await self.stop()
        await self.start()

    # What happens to the module

    async def emit(self, *events: Event) -> None:
        """Let events happen; every handler has ended when this returns.

        As in life, an event that the grants or the requirements do not cover does not arrive.
        """
        for event in events:
            self._core.deliver(event)
        await self.settle()

    async def say(
        self,
        text: str,
        *,
        user: str = "Anna",
        platform: str = "",
        roles: Iterable[Role | str] = (),
    ) -> None:
        """Let a viewer write in the chat (of the first connected platform, if none is given)."""
        platform = platform or min(self._core.connected_platforms, default="")
        person = User(
            id=f"id-{user}", login=user.lower(), name=user, roles=tuple(Role(r) for r in roles)
        )
        await self.emit(ChatMessage(platform=platform, user=person, text=text))

    async def call(self, name: str, /, **args: object) -> object:
        """Call an `on_call` handler as the module's page does; raises what the page would see."""
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def reply(result: object) -> None:
            answer.set_result(msgspec.json.encode(result))

        self._core.send("call", Call(name=name, args=args, caller="view:test"), reply)
        async with asyncio.timeout(_DEADLINE_S):
            read = msgspec.json.decode(await answer, type=CommandAnswer)
        if read.ok:
            return read.result
        if read.error is None:
            raise AssertionError(f"the call {name!r} failed without a reason")
        raise error_for(read.error.code, read.error.message, read.error.permission)

    async def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Let time pass: `@every` runs, cooldowns end."""
        await self.time.advance(seconds + 60 * minutes + 3600 * hours)
        await self.settle()

    async def change_settings(self, **values: object) -> None:
        """Change settings as the streamer does in the dashboard."""
        self._core.settings |= values
        self._core.send("settings", SettingsChanged(settings=self._core.settings))
        await self.settle()

    async def set_permission(self, permission: str, *, granted: bool) -> None:
        """Give or withdraw a permission while the module runs."""
        change = self._core.granted.add if granted else self._core.granted.discard
        change(permission)
        now = tuple(sorted(self._core.granted))
        self._core.send("grants", GrantsChanged(granted=now, denied=()))
        await self.settle()

    async def set_connected(self, platform: str, *, connected: bool) -> None:
        """Connect or disconnect a platform."""
        change = (
            self._core.connected_platforms.add
            if connected
            else (self._core.connected_platforms.discard)
        )
        change(platform)
        state = PlatformStateName.CONNECTED if connected else PlatformStateName.DISCONNECTED
        await self.emit(PlatformState(platform=platform, state=state))

    async def settle(self) -> None:
        """Wait until every handler has ended."""
        if self._runtime is None:
            return
        try:
            async with asyncio.timeout(_DEADLINE_S):
                await self._runtime.settle()
        except TimeoutError:
            message = f"a handler is still busy after {_DEADLINE_S:.0f} s"
            raise AssertionError(message) from None

    def answer(self, command: str | type[Command], answer: Answer) -> None:
        """Decide what a command gets: a result, an error to raise, or a function of the command."""
        name = command if isinstance(command, str) else command_name(command)
        self._core.answers[name] = answer

    # What the module did

    @property
    def commands(self) -> list[Command]:
        """Every command that was allowed, own data included."""
        return self._core.commands

    @property
    def sent(self) -> list[Command]:
        """The allowed commands that reach the outside: platforms, OBS, the net, other modules."""
        return [command for command in self.commands if not isinstance(command, OwnCommand)]

    @property
    def messages(self) -> list[str]:
        """The texts that the module wrote in the chat."""
        return [command.msg for command in self.commands if isinstance(command, SendChat)]

    @property
    def denied(self) -> list[Command]:
        """The commands that were refused for want of a permission or a declared platform."""
        return self._core.denied

    @property
    def storage(self) -> dict[str, object]:
        """What is in the module's storage; may be filled before `start`."""
        return self._core.data.storage

    @property
    def state(self) -> dict[str, object]:
        """What the module's pages see."""
        return {key: value.value for key, value in self._core.data.state.items()}

    @property
    def page_messages(self) -> list[tuple[str, object]]:
        """What `self.views.emit` sent: name and data."""
        return [(message.name, message.data) for message in self._core.data.pages]

    @property
    def log_lines(self) -> list[str]:
        """What the module logged, as `level: text`."""
        return self._lines.lines

    # Inside

    def _clean_up(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    async def _ended(self) -> None:
        task, self._task = self._task, None
        runtime, self._runtime = self._runtime, None
        if task is not None:
            async with asyncio.timeout(2 * _DEADLINE_S):
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        if runtime is not None:
            runtime.log.removeHandler(self._lines)


def load_module(folder: Path) -> type[BaseModule]:
    """Return the module class of a module's folder, found as StreamCore finds it."""
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    if manifest.entry_point is None:
        raise ValueError(f"{folder} has pages only: there is no 'entry_point'")
    return load_module_class(folder, manifest.entry_point, manifest.id)


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname.lower()}: {self.format(record)}")


def _manifest_of(module_class: type) -> Manifest:
    """Read the manifest beside the module's file; without one, nothing is asked for."""
    folder = Path(inspect.getfile(module_class)).parent
    for place in (folder, folder.parent):
        file = place / "manifest.json"
        if file.is_file():
            return msgspec.json.decode(file.read_bytes(), type=Manifest)
    return Manifest(id="module", name="", version="0.0.0", requirements=(), permissions=())


def _defaults(manifest: Manifest) -> dict[str, object]:
    """Return the defaults of the settings' schema, as the core fills them in."""
    properties = cast("dict[str, dict[str, object]]", manifest.settings.get("properties", {}))
    return {name: part["default"] for name, part in properties.items() if "default" in part}
