"""A supervisor with a fake launcher and a clock that the test turns."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

from streamcore.core.process import Exit, LaunchSpec
from streamcore.core.supervisor import ModuleState, RunStatus, Supervisor
from streamcore.protocol.manifest import Limits
from tests.fakes.clock import ManualClock
from tests.fakes.launcher import FakeLauncher, FakeProcess

__all__ = ["CRASH", "NoDelay", "Stage", "spec"]

CRASH = Exit(1)


class NoDelay(random.Random):
    """Chance that always takes the longest delay, so that times are known."""

    def uniform(self, a: float, b: float) -> float:
        return b


class Stage:
    """A supervisor with everything around it replaced."""

    def __init__(self, *, at_once: int = 100) -> None:
        self.launcher = FakeLauncher()
        self.launcher.at_once = at_once
        self.clock = ManualClock()
        self.changes: list[tuple[str, ModuleState | None]] = []
        self.shutdowns: list[tuple[str, int]] = []
        self.log: list[tuple[str, str, str, str]] = []
        self.on_shutdown: Callable[[], None] = lambda: None
        self.supervisor = Supervisor(
            self.launcher,
            clock=self.clock,
            on_change=self._changed,
            request_shutdown=self._shut_down,
            write_log=lambda *line: self.log.append(line),
            random=NoDelay(),
        )

    def _changed(self, module_id: str) -> None:
        status = self.supervisor.status(module_id)
        self.changes.append((module_id, status.state if status else None))

    def _shut_down(self, module_id: str, deadline_ms: int) -> None:
        self.shutdowns.append((module_id, deadline_ms))
        self.on_shutdown()

    async def start(self, module_id: str = "bot") -> FakeProcess:
        await self.supervisor.start(module_id, lambda number: spec(module_id, number))
        await self.settle()
        return self.launcher.last

    async def start_ready(self, module_id: str = "bot") -> FakeProcess:
        process = await self.start(module_id)
        await self.ready()
        return process

    async def ready(self) -> None:
        self.supervisor.mark_ready(self.launcher.last.spec.principal)
        await self.settle()

    async def crash(self, how: Exit = CRASH) -> None:
        self.launcher.last.exit(how)
        await self.settle()

    async def settle(self) -> None:
        await self.clock.advance(0)

    async def close(self) -> None:
        closing = asyncio.create_task(self.supervisor.close(0))
        while not closing.done():
            await self.clock.advance(1)
        await closing

    def status(self, module_id: str = "bot") -> RunStatus:
        status = self.supervisor.status(module_id)
        assert status is not None
        return status

    def states(self) -> list[ModuleState | None]:
        """Return the states in the order they were told, without repetitions."""
        told = [state for _, state in self.changes]
        return [state for i, state in enumerate(told) if i == 0 or told[i - 1] != state]


def spec(module_id: str, generation: int, limits: Limits | None = None) -> LaunchSpec:
    here = Path("modules") / module_id
    return LaunchSpec(
        module_id, generation, here, "main.py", here / "data", limits=limits or Limits()
    )
