"""How far each module has dealt with the log: in memory at once, on the disk soon."""

from __future__ import annotations

import asyncio
import logging
import sqlite3

from streamcore.core.errors import StorageError
from streamcore.core.store import Store

__all__ = ["Cursors"]

log = logging.getLogger(__name__)

DELAY_S = 0.5
"""A crash within it makes a module see some events again, with the ids it knows already."""

_SAVE = """
    INSERT INTO cursors VALUES (?, ?)
    ON CONFLICT (module_id) DO UPDATE SET seq = excluded.seq"""


class Cursors:
    """Coalesces a module's many acknowledgements into one row now and then."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loop = asyncio.get_running_loop()
        self._cursors: dict[str, int] = {}
        self._changed: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """Read all cursors."""
        rows = await self._store.read(
            lambda c: c.execute("SELECT module_id, seq FROM cursors").fetchall()
        )
        self._cursors = dict(rows)

    def get(self, module_id: str) -> int | None:
        """Return a module's cursor."""
        return self._cursors.get(module_id)

    def save(self, module_id: str, seq: int) -> None:
        """Set a module's cursor."""
        self._cursors[module_id] = seq
        self._changed.add(module_id)
        if self._timer is None:
            self._timer = self._loop.call_later(DELAY_S, self._start)

    async def begin(self, module_id: str, seq: int) -> None:
        """Set a module's first cursor and write it at once.

        Without it on the disk the module would begin anew after a crash, past what it missed.
        """
        self.save(module_id, seq)
        await self._flush()

    def forget(self, module_id: str) -> None:
        """Forget a module that was removed: one of the same name starts at now."""
        self._cursors.pop(module_id, None)
        self._changed.discard(module_id)

    async def close(self) -> None:
        """Write what is not written yet."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            await self._task
        await self._flush()

    def _start(self) -> None:
        self._timer = None
        # `close` waits for it; at the most one runs, as the next delay is longer than a write.
        self._task = self._loop.create_task(self._flush(), name="journal-cursors")

    async def _flush(self) -> None:
        rows = [(module_id, self._cursors[module_id]) for module_id in self._changed]
        self._changed.clear()
        if not rows:
            return

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(_SAVE, rows)

        try:
            await self._store.write(write, durable=False)
        except StorageError as error:
            log.warning("cursors of modules could not be saved: %s", error)
            self._changed.update(module_id for module_id, _ in rows)
