"""The owner of work that a packet starts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine

__all__ = ["OwnedTasks"]

log = logging.getLogger(__name__)

_END_WITHIN_S = 1.0


class OwnedTasks:
    """Starts tasks, reports the one that fails, and ends all of them when it is closed."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._tasks)

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None] | None:
        """Run `work` until it ends or the owner is closed; None when it already is."""
        if self._is_closed:
            work.close()
            return None
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def close(self) -> None:
        """Cancel what still runs and wait for it, but not for ever."""
        self._is_closed = True
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if not tasks:
            return
        _, stuck = await asyncio.wait(tasks, timeout=_END_WITHIN_S)
        if stuck:
            log.warning("%d tasks do not end and are left behind", len(stuck))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a packet's work failed", exc_info=error)
