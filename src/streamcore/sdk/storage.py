"""`self.storage`: JSON values that outlive restarts, kept by the core."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from streamcore.protocol.commands import (
    Command,
    StorageDelete,
    StorageGet,
    StorageList,
    StorageSet,
)

__all__ = ["Execute", "Storage"]

Execute = Callable[[Command], Awaitable[object]]
"""Sends a command and returns its result."""

_PAGE = 1_000


class _Found(msgspec.Struct):
    found: bool
    value: object = None


class _Deleted(msgspec.Struct):
    deleted: bool = False


class _Keys(msgspec.Struct):
    keys: list[str]


class Storage:
    """Keeps JSON values (numbers, texts, lists, dictionaries) under names, up to 16 MiB in all."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    async def get(self, key: str, default: object = None) -> object:
        """Return the value, or `default` when there is none."""
        answer = msgspec.convert(await self._execute(StorageGet(key=key)), _Found)
        return answer.value if answer.found else default

    async def set(self, key: str, value: object) -> None:
        """Keep a value; it is on disk when this returns."""
        await self._execute(StorageSet(key=key, value=value))

    async def delete(self, key: str) -> bool:
        """Forget a value; False when there was none."""
        return msgspec.convert(await self._execute(StorageDelete(key=key)), _Deleted).deleted

    async def list(self, prefix: str = "") -> list[str]:
        """Return every key that begins with `prefix`, sorted."""
        keys: list[str] = []
        after = ""
        while True:
            result = await self._execute(StorageList(prefix=prefix, after=after))
            page = msgspec.convert(result, _Keys).keys
            keys += page
            if len(page) < _PAGE:
                return keys
            after = page[-1]
