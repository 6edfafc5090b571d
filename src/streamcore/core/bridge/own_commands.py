"""What a module does with its own data: storage, replicated state, pages, events, other modules."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol

import msgspec

from streamcore.core.bridge.directory import ModuleDirectory
from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.core.gatekeeper import Gatekeeper
from streamcore.core.principals import ModulePrincipal
from streamcore.core.router import Platform
from streamcore.protocol.commands import (
    CallModule,
    Command,
    EmitEvent,
    GetPlatforms,
    HttpRequest,
    Log,
    ObsRequest,
    StateGet,
    StateSet,
    StorageDelete,
    StorageGet,
    StorageList,
    StorageSet,
    ViewEmit,
)
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import Event, ModuleEvent
from streamcore.protocol.frames import PlatformInfo, StateChanged, StateValue, ViewMessage

__all__ = ["ModuleStore", "OwnCommandRunner", "Pages", "platform_infos"]

log = logging.getLogger(__name__)

LIST_PAGE = 1_000
MAX_KEY_BYTES = 512
"""So that a page of keys fits into one packet."""


class ModuleStore(Protocol):
    """What modules keep."""

    async def storage_get(self, module_id: str, key: str) -> tuple[bool, bytes]:
        """Return whether the key is there, and its value as JSON."""

    async def storage_set(self, module_id: str, key: str, value: bytes) -> None:
        """Keep a JSON value."""

    async def storage_delete(self, module_id: str, key: str) -> bool:
        """Forget a value; False when there was none."""

    async def storage_list(
        self, module_id: str, prefix: str, after: str, limit: int
    ) -> Sequence[str]:
        """Return keys in order."""

    async def state_get(self, module_id: str, key: str) -> StateValue | None:
        """Return a state value with its revision."""

    async def state_set(
        self, module_id: str, key: str, value: object, expected_revision: int | None
    ) -> int:
        """Change a state value and return the new revision."""


class Pages(Protocol):
    """The open pages of modules."""

    def send(self, module_id: str, name: str, payload: object, view_id: str | None = None) -> int:
        """Send to every open page of the module (or of one view) and return how many."""


def platform_infos(
    platforms: Iterable[Platform], allowed: frozenset[str] | None
) -> dict[str, PlatformInfo]:
    """Return what a module is told of the platforms that it declared."""
    return {
        platform.id: PlatformInfo(
            connected=platform.is_connected, capabilities=tuple(sorted(platform.capabilities))
        )
        for platform in platforms
        if allowed is None or platform.id in allowed
    }


class OwnCommandRunner:
    """Carries out every command that no platform serves."""

    def __init__(
        self,
        *,
        store: ModuleStore,
        pages: Pages,
        directory: Callable[[], ModuleDirectory],
        gatekeeper: Gatekeeper,
        platforms: Callable[[], Iterable[Platform]],
        append: Callable[[Sequence[Event]], Awaitable[Sequence[Event | None]]],
        call_module: Callable[[str, str, dict[str, object], str], Awaitable[object]],
        write_log: Callable[[str, str, str, str], None],
        clock: Clock,
    ) -> None:
        self._store = store
        self._pages = pages
        self._directory = directory
        self._gatekeeper = gatekeeper
        self._platforms = platforms
        self._append = append
        self._call_module = call_module
        self._write_log = write_log
        self._clock = clock

    def run(self, principal: ModulePrincipal, command: Command) -> object:
        """Carry one command out; raises CommandError.

        Returns its result, or a coroutine for it when something must be waited for.
        """
        module_id = principal.module_id
        match command:
            case GetPlatforms():
                return {"platforms": self._platform_infos(module_id)}
            case Log():
                self._write_log(module_id, "log", command.level, command.text)
                return {}
            case ViewEmit():
                push = ViewMessage(name=command.name, data=command.data)
                sent = self._pages.send(module_id, "message", push, command.view_id)
                return {"pages": sent}
            case StorageGet():
                return self._storage_get(module_id, command)
            case StorageSet():
                _check_key(command)
                return self._storage_set(module_id, command)
            case StorageDelete():
                return self._storage_delete(module_id, command)
            case StorageList():
                return self._storage_list(module_id, command)
            case StateGet():
                return self._get_state(module_id, command)
            case StateSet():
                _check_key(command)
                return self._set_state(module_id, command)
            case EmitEvent():
                return self._emit_event(module_id, command)
            case CallModule():
                return self._call(module_id, command)
            case ObsRequest():
                message = "OBS is not connected."
                raise CommandError(ErrorCode.PLATFORM_NOT_CONNECTED, message)
            case HttpRequest():
                message = "This version of StreamCore cannot reach the internet for modules."
                raise CommandError(ErrorCode.UNSUPPORTED_BY_PLATFORM, message)
            case _:
                message = f"Nobody serves {type(command).__name__}."
                raise CommandError(ErrorCode.UNKNOWN_COMMAND, message)

    async def _storage_get(self, module_id: str, command: StorageGet) -> object:
        found, value = await self._store.storage_get(module_id, command.key)
        return {"found": found, "value": msgspec.Raw(value if found else b"null")}

    async def _storage_set(self, module_id: str, command: StorageSet) -> object:
        value = msgspec.json.encode(command.value)
        await self._store.storage_set(module_id, command.key, value)
        return {}

    async def _storage_delete(self, module_id: str, command: StorageDelete) -> object:
        return {"deleted": await self._store.storage_delete(module_id, command.key)}

    async def _storage_list(self, module_id: str, command: StorageList) -> object:
        keys = await self._store.storage_list(module_id, command.prefix, command.after, LIST_PAGE)
        return {"keys": list(keys)}

    async def _get_state(self, module_id: str, command: StateGet) -> object:
        state = await self._store.state_get(module_id, command.key)
        if state is None:
            return {"found": False, "value": None, "revision": 0}
        return {"found": True, "value": state.value, "revision": state.revision}

    async def _set_state(self, module_id: str, command: StateSet) -> object:
        self._check_state(module_id, command)
        revision = await self._store.state_set(
            module_id, command.key, command.value, command.expected_revision
        )
        changed = StateChanged(key=command.key, value=command.value, revision=revision)
        self._pages.send(module_id, "state", changed)
        return {"revision": revision}

    def _check_state(self, module_id: str, command: StateSet) -> None:
        """Hold the value against the schema that the manifest gives for its key, if any."""
        manifest = self._directory().manifest(module_id)
        schema: Any = manifest.state.get(command.key) if manifest is not None else None
        if schema is None:
            return
        # Long in memory by now: the schema was checked with it when the module was found. Imported
        # above, it would hold up everybody's start.
        from jsonschema import Draft202012Validator
        from jsonschema.exceptions import best_match

        error = best_match(Draft202012Validator(schema).iter_errors(command.value))
        if error is not None:
            message = (
                f"State '{command.key}' does not fit its schema in manifest.json: "
                f"{error.json_path}: {error.message[:300]}"
            )
            raise CommandError(ErrorCode.INVALID_COMMAND, message)

    async def _emit_event(self, module_id: str, command: EmitEvent) -> object:
        key = command.idempotency_key
        event = ModuleEvent(
            at=self._clock.now(),
            # The log itself knows what it has: the core may die between the event and the note
            # that the command was carried out.
            source_id="" if key is None else f"{module_id}/{key}",
            module_id=module_id,
            name=command.name,
            data=command.data,
        )
        (logged,) = await self._append([event])
        if logged is None:
            return {"id": "", "seq": 0}
        return {"id": logged.id, "seq": logged.seq}

    async def _call(self, module_id: str, command: CallModule) -> object:
        caller = f"module:{module_id}"
        return await self._call_module(command.module_id, command.name, command.args, caller)

    def _platform_infos(self, module_id: str) -> dict[str, PlatformInfo]:
        grants = self._gatekeeper.grants(module_id)
        allowed = grants.platforms if grants is not None else frozenset[str]()
        return platform_infos(self._platforms(), allowed)


def _check_key(command: StorageSet | StateSet) -> None:
    if len(command.key.encode()) > MAX_KEY_BYTES:
        message = (
            f"A key has at most {MAX_KEY_BYTES} bytes; found {len(command.key.encode())}. "
            "Put what is long into the value."
        )
        raise CommandError(ErrorCode.TOO_LARGE, message)
