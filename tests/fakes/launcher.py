"""A launcher whose processes live and die as the test says."""

from __future__ import annotations

import asyncio

from streamcore.core.process import (
    Exit,
    Launcher,
    LaunchSpec,
    ModuleProcess,
    OutputSink,
    Usage,
)

__all__ = ["FakeLauncher", "FakeProcess"]


class FakeProcess(ModuleProcess):
    """Ends when it is told to, unless it is made deaf."""

    def __init__(self, pid: int, spec: LaunchSpec, on_output: OutputSink) -> None:
        self.pid = pid
        self.spec = spec
        self.deaf = False
        self.signals: list[str] = []
        self.used = Usage()
        self._on_output = on_output
        self._exit: asyncio.Future[Exit] = asyncio.get_running_loop().create_future()

    async def wait(self) -> Exit:
        return await asyncio.shield(self._exit)

    def terminate(self) -> None:
        self.signals.append("terminate")
        if not self.deaf:
            self.exit(Exit(None, 15))

    def kill(self) -> None:
        self.signals.append("kill")
        self.exit(Exit(None, 9))

    def usage(self) -> Usage:
        return self.used

    def say(self, *lines: str, stream: str = "stderr") -> None:
        """Write lines as the module would."""
        for line in lines:
            self._on_output(stream, line)

    def exit(self, how: Exit) -> None:
        """End it."""
        if not self._exit.done():
            self._exit.set_result(how)

    @property
    def alive(self) -> bool:
        """Tell whether it has not ended yet."""
        return not self._exit.done()


class FakeLauncher(Launcher):
    """Keeps every process that it ever started; `fault` makes the next starts fail."""

    name = "fake"
    level = "S0"

    def __init__(self) -> None:
        self.processes: list[FakeProcess] = []
        self.fault: Exception | None = None
        self.closed = False

    @property
    def last(self) -> FakeProcess:
        """Return the process that was started last."""
        return self.processes[-1]

    async def launch(self, spec: LaunchSpec, on_output: OutputSink) -> ModuleProcess:
        if self.fault is not None:
            raise self.fault
        process = FakeProcess(1000 + len(self.processes), spec, on_output)
        self.processes.append(process)
        return process

    async def close(self) -> None:
        self.closed = True
        for process in self.processes:
            if process.alive:
                process.kill()
