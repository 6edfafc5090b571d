"""The running product under experiment: started, killed, watched, and nothing of it left behind."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.product import MAIN, MB, Product
from tests.chaos.inside import CONTROL
from tests.chaos.marks import Report
from tests.chaos.program import RESTLESS
from tests.chaos.sender import Sender

__all__ = ["Memory", "Victim", "note_memory", "outliving", "started"]

INSIDE = ("-m", "tests.chaos.program")
ORPHANS_WITHIN_S = 3.0
SAMPLE_S = 0.5


class Victim(Product):
    """A core that is killed again and again; `processes` finds all that ever belonged to it."""

    def __init__(
        self,
        home: Path,
        environment: dict[str, str] | None = None,
        program: Sequence[str] = INSIDE,
    ) -> None:
        super().__init__(home, environment, program)
        self.kills = 0

    def processes(self) -> list[psutil.Process]:
        """Return every process that works in this home, whoever its parent is by now."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if self.home in Path(process.cwd()).parents:
                    found.append(process)
        return found

    async def crash(self) -> list[psutil.Process]:
        """Kill the core with -9 and return the processes that have to end with it."""
        children = self.module_processes()
        await self.kill()
        self.kills += 1
        return children

    async def end(self, report: Report) -> None:
        """Stop in order and note what must not be left."""
        code = await self.stop()
        report.true("the core ended in order", holds=code == 0)
        report.none("processes left behind", len(self.processes()))
        report.none("tracebacks of the core", self.tracebacks())

    def tracebacks(self) -> int:
        """Count the faults that the core told of."""
        logs = [path for path in (self.home / "logs").glob("*") if path.is_file()]
        told = self.stderr + b"".join(path.read_bytes() for path in logs)
        return told.count(b"Traceback (most recent call last)")

    async def close(self) -> None:
        await super().close()
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                process.kill()


async def outliving(processes: Sequence[psutil.Process]) -> int:
    """Count those that do not end soon."""
    _, alive = await asyncio.to_thread(psutil.wait_procs, processes, ORPHANS_WITHIN_S)
    return len(alive)


@dataclass(slots=True)
class Memory:
    """Memory and descriptors of one life of the core, sampled."""

    samples: list[tuple[float, float]] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)

    @asynccontextmanager
    async def watching(self, product: Product) -> AsyncIterator[None]:
        """Sample until the block ends."""
        task = asyncio.create_task(self._watch(product.process))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _watch(self, process: psutil.Process) -> None:
        while True:
            self.samples.append((time.monotonic(), process.memory_info().rss / MB))
            if hasattr(process, "num_fds"):
                self.descriptors.append(process.num_fds())
            await asyncio.sleep(SAMPLE_S)

    @property
    def peak_mb(self) -> float:
        return max((rss for _, rss in self.samples), default=0.0)

    def slope(self, warm_up_s: float) -> tuple[float, float]:
        """Fit a line by least squares: MB an hour, and growth in % over the time that was seen."""
        if not self.samples:
            return 0.0, 0.0
        begin = self.samples[0][0] + warm_up_s
        points = [(at, rss) for at, rss in self.samples if at >= begin]
        if len(points) < 3:
            return 0.0, 0.0
        mean_at = sum(at for at, _ in points) / len(points)
        mean_rss = sum(rss for _, rss in points) / len(points)
        spread = sum((at - mean_at) ** 2 for at, _ in points)
        per_s = sum((at - mean_at) * (rss - mean_rss) for at, rss in points) / spread
        seconds = points[-1][0] - points[0][0]
        first = mean_rss + per_s * (points[0][0] - mean_at)
        return per_s * 3600, per_s * seconds / first * 100


@asynccontextmanager
async def started(
    home: Path,
    sender: Sender | None = None,
    *,
    restless: bool = False,
    environment: dict[str, str] | None = None,
    program: Sequence[str] | None = None,
) -> AsyncIterator[Victim]:
    """Start the product on a home; with a sender its events come in from there."""
    variables = dict(environment or {})
    if sender is not None:
        variables[CONTROL] = str(sender.port)
    if restless:
        variables[RESTLESS] = "1"
    if program is None:
        program = MAIN if sender is None else INSIDE
    victim = Victim(home, variables, program)
    try:
        await victim.start()
        yield victim
    finally:
        await victim.close()


def note_memory(report: Report, memory: Memory, *, warm_up_s: float) -> None:
    """Tell how the core's memory and descriptors went."""
    per_hour, percent = memory.slope(warm_up_s)
    report.tell("core RSS, highest", memory.peak_mb, "MB")
    report.tell("core RSS slope", per_hour, "MB/h")
    report.timing("core RSS growth after the warm-up", percent, 5, "%")
    if memory.descriptors:
        half = len(memory.descriptors) // 2
        early, late = max(memory.descriptors[: half + 1]), max(memory.descriptors[half:])
        report.at_most("descriptors gained in the second half", late - early, 12)
