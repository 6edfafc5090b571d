"""What the core and its modules take from the computer, sampled once a second."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import psutil

from streamcore.core.clock import Clock

__all__ = ["ModuleUsage", "UsageMeter"]

PERIOD_S = 1.0


class ModuleUsage(msgspec.Struct, frozen=True, kw_only=True):
    """One module's present cost."""

    cpu_percent: float = 0.0
    rss_mb: float = 0.0
    events_per_s: float = 0.0
    commands_per_s: float = 0.0


class UsageMeter:
    """Turns running counts into rates."""

    def __init__(
        self,
        *,
        running: Callable[[], dict[str, tuple[float, float]]],
        counts: Callable[[str], tuple[int, int]],
        push: Callable[[dict[str, object]], None],
        clock: Clock,
    ) -> None:
        self._running = running
        self._counts = counts
        self._push = push
        self._clock = clock
        self._process = psutil.Process()
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
        while True:
            await self._clock.sleep(PERIOD_S)
            self.sample()

    def sample(self) -> None:
        """Take one sample and push it."""
        now = self._clock.monotonic()
        seconds = max(now - self._last_at, 1e-3)
        self._last_at = now
        with self._process.oneshot():
            cpu = self._process.cpu_percent()
            rss = self._process.memory_info().rss / 2**20
        self._core = (round(cpu, 1), round(rss, 1))
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
