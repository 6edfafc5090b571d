"""Effects that happen a single time across the lives of a module."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from streamcore.protocol.events import Event
from streamcore.sdk._runtime.context import EffectScope, effect
from streamcore.sdk.errors import AlreadyDone

__all__ = ["OnceGuards", "OnceLog"]

log = logging.getLogger(__name__)

_KEEP_S = 48 * 3600  # twice the time for which a missed event is caught up with
_MOST = 50_000


class OnceLog:
    """The keys of done effects: a line each in a file, appended before the event counts as done.

    A line reaches the system in one write, so a crash of the module loses nothing; what a power
    cut takes is covered by the idempotency keys of the commands inside the block.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._keys: dict[str, int] | None = None
        self._file: int | None = None

    def __contains__(self, key: str) -> bool:
        return key in self._load()

    def add(self, key: str) -> None:
        """Remember a done effect."""
        keys = self._load()
        now = int(time.time())
        keys[key] = now
        if self._file is not None:
            os.write(self._file, f"{now} {key}\n".encode())
        if len(keys) > _MOST:
            self._rewrite({k: keys[k] for k in list(keys)[_MOST // 2 :]})

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _load(self) -> dict[str, int]:
        if self._keys is None:
            found = self._read()
            oldest = time.time() - _KEEP_S
            self._rewrite({key: at for key, at in found.items() if at >= oldest})
        assert self._keys is not None  # noqa: S101 - _rewrite sets it
        return self._keys

    def _read(self) -> dict[str, int]:
        if self._path is None or not self._path.exists():
            return {}
        keys: dict[str, int] = {}
        for line in self._path.read_bytes().split(b"\n"):
            at, _, key = line.partition(b" ")
            # A line that a crash cut short names no whole key, or has no readable time.
            if key and at.isdigit():
                keys[key.decode("utf-8", "replace")] = int(at)
        return keys

    def _rewrite(self, keys: dict[str, int]) -> None:
        """Keep only these keys, in memory and in a file that replaces the old one at once."""
        self._keys = keys
        if self._path is None:
            return
        self.close()
        fresh = self._path.with_suffix(".new")
        fresh.write_text("".join(f"{at} {key}\n" for key, at in keys.items()), encoding="utf-8")
        fresh.replace(self._path)
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND)


class OnceGuards:
    """Makes the guards of one module."""

    Guard = AbstractAsyncContextManager[None]

    def __init__(self, path: Path | None) -> None:
        self._log = OnceLog(path)
        self._under_way: set[str] = set()

    def guard(self, event: Event, name: str) -> Guard:
        """Return a guard for the effect `name` of an event."""
        return self._guard(_key(event, name))

    @contextlib.asynccontextmanager
    async def _guard(self, key: str) -> AsyncIterator[None]:
        if key in self._log or key in self._under_way:
            raise AlreadyDone
        self._under_way.add(key)
        token = effect.set(EffectScope(key))
        try:
            yield
            self._log.add(key)
        finally:
            effect.reset(token)
            self._under_way.discard(key)

    def close(self) -> None:
        """Close the file."""
        self._log.close()


def _key(event: Event, name: str) -> str:
    """Return one line of text that is the same in every life of the module."""
    identity = event.id or f"{event.platform}/{event.source_id}"
    return f"{identity}:{name}".replace("\n", " ").replace("\r", " ")
