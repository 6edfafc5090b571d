"""Something asked from outside and kept fresh: hourly, sooner after a failure, and on demand."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

from streamcore.core.clock import Clock
from streamcore.core.errors import StreamCoreError

__all__ = ["Upkeep"]

_EVERY_S = 3600.0
_FIRST_AGAIN_S = 15.0

_log = logging.getLogger(__name__)


class Upkeep:
    """Calls `load` again and again; what fails is told once, until it succeeds again.

    Errors of the kinds in `fatal` end `run`; any other costs no more than old or no content,
    for nothing that is kept fresh here is worth a connection.
    """

    def __init__(
        self,
        name: str,
        load: Callable[[], Awaitable[None]],
        *,
        clock: Clock,
        chance: random.Random,
        fatal: tuple[type[Exception], ...] = (),
    ) -> None:
        self._name = name
        self._load = load
        self._clock = clock
        self._chance = chance
        self._fatal = fatal
        self._failures = 0
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Load again now; a load under way is followed by another."""
        self._woken.set()

    async def run(self) -> None:
        """Load until cancelled."""
        while True:
            self._woken.clear()
            wait_s = await self._attempt()
            # Not all at once: many sources, and many people's apps, would ask at the same time.
            await self._wait(wait_s * self._chance.uniform(0.8, 1.2))

    async def _attempt(self) -> float:
        """Load once; returns when to try again, in seconds."""
        try:
            await self._load()
        except self._fatal:
            raise
        except Exception as error:
            if not self._failures:
                # Where it is no error of ours that was meant to be, it has to be found.
                trace = None if isinstance(error, StreamCoreError) else error
                text = "%s cannot be loaded: %s; trying again later"
                _log.warning(text, self._name, error, exc_info=trace)
            wait_s = min(_FIRST_AGAIN_S * 2.0**self._failures, _EVERY_S)
            self._failures = min(self._failures + 1, 16)
            return wait_s
        if self._failures:
            _log.info("%s can be loaded again", self._name)
        self._failures = 0
        return _EVERY_S

    async def _wait(self, seconds: float) -> None:
        async with asyncio.TaskGroup() as tasks:
            ends = (
                tasks.create_task(self._clock.sleep(seconds)),
                tasks.create_task(self._until_woken()),
            )
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for each in ends:
                each.cancel()

    async def _until_woken(self) -> None:
        await self._woken.wait()
