"""Brings modules in line with what is wanted: one worker for each, never two at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

__all__ = ["Reconciler"]

_log = logging.getLogger(__name__)


class Reconciler:
    """Owns the workers; `reconcile` is called until nothing changed while it worked."""

    def __init__(self, reconcile: Callable[[str], Awaitable[None]]) -> None:
        self._reconcile = reconcile
        self._dirty: set[str] = set()
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._is_closed = False

    def kick(self, module_id: str) -> None:
        """Look at a module soon."""
        if self._is_closed:
            return
        self._dirty.add(module_id)
        if module_id not in self._workers:
            task = asyncio.get_running_loop().create_task(
                self._work(module_id), name=f"reconcile {module_id}"
            )
            self._workers[module_id] = task

    async def settled(self, module_id: str) -> None:
        """Wait until a module is as wanted."""
        while (worker := self._workers.get(module_id)) is not None:
            # Unlike a plain await, this does not end the work when the caller is called off.
            await asyncio.wait({worker})

    async def close(self) -> None:
        """Begin nothing more and call running work off: at the core's end, others end processes."""
        self._is_closed = True
        self._dirty.clear()
        workers = set(self._workers.values())
        for worker in workers:
            worker.cancel()
        if workers:
            await asyncio.wait(workers)

    async def _work(self, module_id: str) -> None:
        try:
            while module_id in self._dirty:
                self._dirty.discard(module_id)
                await self._reconcile(module_id)
        except Exception:
            # One module's trouble is shown on it and must not take the next change with it.
            _log.exception("module '%s' could not be brought in line", module_id)
        finally:
            del self._workers[module_id]
