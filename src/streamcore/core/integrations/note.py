"""One of an adapter's notes, typed: what is kept is read back as what it was, or as damaged."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from streamcore.core.errors import StorageError
from streamcore.core.integrations.base import NoteKeeper

__all__ = ["Note"]

T = TypeVar("T")


class Note(Generic[T]):
    """A value under a name; whatever keeps it from being read or kept is a `StorageError`."""

    def __init__(self, keeper: NoteKeeper, name: str, kind: type[T]) -> None:
        self._keeper = keeper
        self._name = name
        self._kind = kind

    async def read(self) -> T | None:
        """Return the value, None when there is none."""
        stored = await self._keeper.get(self._name)
        if stored is None:
            return None
        try:
            return msgspec.json.decode(stored, type=self._kind)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise StorageError(f"The note {self._name} is damaged ({error}).") from error

    async def keep(self, value: T) -> None:
        """Keep a value in place of the one before."""
        await self._keeper.set(self._name, msgspec.json.encode(value))

    async def forget(self) -> None:
        """Keep none."""
        await self._keeper.delete(self._name)
