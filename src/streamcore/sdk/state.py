"""`self.state`: what the module's pages see, replicated to them by the core."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import TypeVar, cast

import msgspec

from streamcore.protocol.commands import Command, StateGet, StateSet
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.frames import StateValue
from streamcore.sdk.errors import CommandFailed

__all__ = ["State"]

T = TypeVar("T")

_TRIES = 5


class _Revision(msgspec.Struct):
    revision: int


class _Current(msgspec.Struct):
    value: object
    revision: int


class State(Mapping[str, object]):
    """Values with revision numbers; reading is free, a change reaches every open page at once."""

    def __init__(self, execute: Callable[[Command], Awaitable[object]]) -> None:
        self._execute = execute
        self._values: dict[str, StateValue] = {}

    def __getitem__(self, key: str) -> object:
        return self._values[key].value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def revision(self, key: str) -> int:
        """Return how often the value was changed; 0 when it was never set."""
        known = self._values.get(key)
        return known.revision if known is not None else 0

    async def set(self, key: str, value: object, *, expected_revision: int | None = None) -> int:
        """Change a value and return its new revision.

        With `expected_revision` nothing is changed when somebody else was faster: `CommandFailed`
        with the code `conflict`.
        """
        command = StateSet(key=key, value=value, expected_revision=expected_revision)
        revision = msgspec.convert(await self._execute(command), _Revision).revision
        if revision >= self.revision(key):
            self._values[key] = StateValue(value=value, revision=revision)
        return revision

    async def update(self, key: str, change: Callable[[T], T], default: T) -> T:
        """Change a value by what it is now: `update("total", lambda n: n + 1, 0)`.

        `change` gets the current value (or `default`), and runs again when somebody else was
        faster.
        """
        for attempt in range(_TRIES):
            known = self._values.get(key)
            value = change(cast(T, known.value) if known is not None else default)
            try:
                await self.set(key, value, expected_revision=self.revision(key))
            except CommandFailed as error:
                if error.code != ErrorCode.CONFLICT or attempt == _TRIES - 1:
                    raise
                await self._read_again(key)
            else:
                return value
        raise AssertionError("unreachable")

    def replace(self, values: Mapping[str, StateValue]) -> None:
        """Take the state that the core told; only the runtime calls this."""
        self._values = dict(values)

    async def _read_again(self, key: str) -> None:
        current = msgspec.convert(await self._execute(StateGet(key=key)), _Current)
        if current.revision:
            self._values[key] = StateValue(value=current.value, revision=current.revision)
        else:
            self._values.pop(key, None)
