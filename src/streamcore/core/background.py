"""Owner of the core's standing tasks: one that fails is logged and begins again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from types import TracebackType

from streamcore.core.clock import Clock

__all__ = ["Background"]

log = logging.getLogger(__name__)

RESTART_AFTER_S = 1.0


class Background:
    """Runs named tasks until it is left; leaving cancels them all and waits for their end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tasks: dict[asyncio.Task[None], str] = {}

    async def __aenter__(self) -> Background:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def keep(self, name: str, run: Callable[[], Coroutine[object, object, None]]) -> None:
        """Run something that is meant to last; when it fails, log it and begin again."""
        self._start(name, self._keep(name, run))

    def once(self, name: str, work: Coroutine[object, object, None]) -> None:
        """Run something to its end; a failure is logged and goes no further."""
        self._start(name, self._once(name, work))

    def _start(self, name: str, coroutine: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(coroutine, name=name)
        self._tasks[task] = name
        task.add_done_callback(lambda done: self._tasks.pop(done, None))

    async def _keep(self, name: str, run: Callable[[], Coroutine[object, object, None]]) -> None:
        while True:
            try:
                await run()
                return
            except Exception:
                log.exception("'%s' failed and begins again", name)
                await self._clock.sleep(RESTART_AFTER_S)

    @staticmethod
    async def _once(name: str, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("'%s' failed", name)
