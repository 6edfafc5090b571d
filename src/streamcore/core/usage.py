"""What the core and its modules take from the computer, sampled more often while someone looks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from streamcore.core.clock import Clock

if TYPE_CHECKING:
    import psutil

__all__ = ["ModuleUsage", "UsageMeter"]

WATCHED_S = 1.0
UNWATCHED_S = 5.0
"""Often enough to end a module that takes more memory than it may; that is all it is for then."""


class ModuleUsage(msgspec.Struct, frozen=True, kw_only=True):
    """One module's present cost."""

    cpu_percent: float = 0.0
    rss_mb: float = 0.0
    events_per_s: float = 0.0
    commands_per_s: float = 0.0


class UsageMeter:
    """Has processes measured and turns running counts into rates, all in one tick.

    `watched` is set while a dashboard is open.
    """

    def __init__(
        self,
        *,
        watched: asyncio.Event,
        measure: Callable[[], None],
        running: Callable[[], dict[str, tuple[float, float]]],
        counts: Callable[[str], tuple[int, int]],
        push: Callable[[dict[str, object]], None],
        clock: Clock,
    ) -> None:
        self._watched = watched
        self._measure = measure
        self._running = running
        self._counts = counts
        self._push = push
        self._clock = clock
        self._process: psutil.Process | None = None
        self._last: dict[str, tuple[int, int]] = {}
        self._last_at = clock.monotonic()
        self._rates: dict[str, tuple[float, float]] = {}
        self._core = (0.0, 0.0)

    def rates(self, module_id: str) -> tuple[float, float]:
        """Return events and commands per second of a module."""
        return self._rates.get(module_id, (0.0, 0.0))

    @property
    def core(self) -> dict[str, float]:
        """Return the core's own cost."""
        return {"cpu_percent": self._core[0], "rss_mb": self._core[1]}

    async def run(self) -> None:
        """Sample until cancelled."""
        self._process = await asyncio.to_thread(_this_process)
        while True:
            await self._tick()
            self.sample()

    async def _tick(self) -> None:
        if self._watched.is_set():
            await self._clock.sleep(WATCHED_S)
            return
        waits = [
            asyncio.ensure_future(self._clock.sleep(UNWATCHED_S)),
            asyncio.ensure_future(self._watched.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def sample(self) -> None:
        """Take one sample and push it."""
        now = self._clock.monotonic()
        seconds = max(now - self._last_at, 1e-3)
        self._last_at = now
        if self._process is not None:
            with self._process.oneshot():
                cpu = self._process.cpu_percent()
                rss = self._process.memory_info().rss / 2**20
            self._core = (round(cpu, 1), round(rss, 1))
        self._measure()
        usages: dict[str, ModuleUsage] = {}
        for module_id, (module_cpu, module_rss) in self._running().items():
            events, commands = self._counts(module_id)
            past_events, past_commands = self._last.get(module_id, (events, commands))
            self._last[module_id] = (events, commands)
            rates = (
                round((events - past_events) / seconds, 1),
                round((commands - past_commands) / seconds, 1),
            )
            self._rates[module_id] = rates
            usages[module_id] = ModuleUsage(
                cpu_percent=module_cpu,
                rss_mb=module_rss,
                events_per_s=rates[0],
                commands_per_s=rates[1],
            )
        for gone in self._rates.keys() - usages.keys():
            del self._rates[gone]
            self._last.pop(gone, None)
        self._push({"modules": usages, "core": self.core})


def _this_process() -> psutil.Process:
    import psutil  # 20 ms that the core's start need not pay

    return psutil.Process()
