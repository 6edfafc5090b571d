"""What a module keeps, in memory and with the core's rules."""

from __future__ import annotations

import msgspec

from streamcore.protocol.commands import (
    Command,
    StateGet,
    StateSet,
    StorageDelete,
    StorageGet,
    StorageList,
    StorageSet,
    ViewEmit,
)
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.frames import StateValue
from streamcore.protocol.limits import STORAGE_QUOTA_BYTES
from streamcore.sdk.errors import error_for

__all__ = ["OwnData"]

_PAGE = 1_000


class OwnData:
    """Storage, replicated state and messages to pages of one module."""

    def __init__(self) -> None:
        self.storage: dict[str, object] = {}
        self.state: dict[str, StateValue] = {}
        self.pages: list[ViewEmit] = []

    def run(self, command: Command) -> dict[str, object]:
        """Carry out a command on own data."""
        match command:
            case StorageGet():
                found = command.key in self.storage
                return {"found": found, "value": self.storage.get(command.key)}
            case StorageSet():
                return self._store(command)
            case StorageDelete():
                found = command.key in self.storage
                self.storage.pop(command.key, None)
                return {"deleted": found}
            case StorageList():
                keys = sorted(
                    key
                    for key in self.storage
                    if key.startswith(command.prefix) and key > command.after
                )
                return {"keys": keys[:_PAGE]}
            case StateGet():
                known = self.state.get(command.key)
                if known is None:
                    return {"found": False, "value": None, "revision": 0}
                return {"found": True, "value": known.value, "revision": known.revision}
            case StateSet():
                return self._set_state(command)
            case ViewEmit():
                self.pages.append(command)
        return {}

    def _store(self, command: StorageSet) -> dict[str, object]:
        kept = {**self.storage, command.key: command.value}
        if len(msgspec.json.encode(kept)) > STORAGE_QUOTA_BYTES:
            raise error_for(ErrorCode.TOO_LARGE, "The module's storage is full (16 MiB).")
        self.storage = kept
        return {}

    def _set_state(self, command: StateSet) -> dict[str, object]:
        known = self.state.get(command.key)
        revision = known.revision if known is not None else 0
        if command.expected_revision not in (None, revision):
            message = f"{command.key!r} is at revision {revision}, not {command.expected_revision}."
            raise error_for(ErrorCode.CONFLICT, message)
        self.state[command.key] = StateValue(value=command.value, revision=revision + 1)
        return {"revision": revision + 1}
