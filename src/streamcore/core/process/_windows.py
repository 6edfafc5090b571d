"""Module processes on Windows: started suspended, put into a job object, then let go."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from streamcore.core.process.handover import environment, handover_line
from streamcore.core.process.launcher import (
    Exit,
    IssueToken,
    Launcher,
    LaunchSpec,
    ModuleProcess,
    OutputSink,
    Usage,
)
from streamcore.core.process.output import READ_AHEAD_BYTES, Output
from streamcore.core.process.usage import make_meter

if sys.platform != "win32":
    raise ImportError("this launcher is for Windows")

import subprocess

from streamcore.core.process._jobs import Job

__all__ = ["WindowsLauncher"]

logger = logging.getLogger(__name__)

_CREATE_SUSPENDED = 0x00000004
_MIB = 2**20
# A job counts committed memory, which is more than what an interpreter really uses.
_COMMIT_HEADROOM = 256 * _MIB
_DRAIN_S = 1.0
_CLOSE_S = 5.0


class WindowsLauncher(Launcher):
    """Each module has a job that ends with the core; its link is loopback with a launch token."""

    name = "windows"
    level = "S1"

    def __init__(self, host_command: Sequence[str], issue_token: IssueToken) -> None:
        self._host_command = tuple(host_command)
        self._issue_token = issue_token
        self._extra_processes = 1 if _is_redirector(Path(host_command[0])) else 0
        self._living: dict[asyncio.Task[None], WindowsProcess] = {}

    async def launch(self, spec: LaunchSpec, on_output: OutputSink) -> ModuleProcess:
        line = handover_line(spec, self._issue_token(spec.principal))
        spec.data_dir.mkdir(parents=True, exist_ok=True)
        job = Job(
            memory_bytes=spec.limits.memory_mb * _MIB + _COMMIT_HEADROOM,
            processes=spec.limits.processes + self._extra_processes,
        )
        try:
            child = await asyncio.create_subprocess_exec(
                *self._host_command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                limit=READ_AHEAD_BYTES,
                close_fds=True,
                cwd=spec.data_dir,
                env=environment(spec.data_dir),
                creationflags=_CREATE_SUSPENDED
                | subprocess.CREATE_NO_WINDOW
                | subprocess.BELOW_NORMAL_PRIORITY_CLASS,
            )
        except BaseException:
            job.close()
            raise
        try:
            job.add(child.pid)
            _resume(child.pid)
        except BaseException:
            child.kill()
            job.close()
            raise
        process = WindowsProcess(child, spec, job, Output(on_output))
        process.hand_over(line)
        task = asyncio.get_running_loop().create_task(process.run(), name=f"run {spec.principal}")
        self._living[task] = process
        task.add_done_callback(self._forget)
        return process

    async def close(self) -> None:
        for process in self._living.values():
            process.kill()
        if self._living:
            await asyncio.wait(tuple(self._living), timeout=_CLOSE_S)

    def _forget(self, task: asyncio.Task[None]) -> None:
        del self._living[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("watching a module's process failed", exc_info=error)


class WindowsProcess(ModuleProcess):
    """A host, its pipes and its job, from the start to the last line of output."""

    def __init__(
        self, child: asyncio.subprocess.Process, spec: LaunchSpec, job: Job, output: Output
    ) -> None:
        self.pid = child.pid
        self._child = child
        self._job = job
        self._output = output
        # The interpreter of a virtual environment runs as a child of its starter.
        self._meter = make_meter(child.pid, with_children=True)
        self._exit: asyncio.Future[Exit] = asyncio.get_running_loop().create_future()

    async def wait(self) -> Exit:
        return await asyncio.shield(self._exit)

    def terminate(self) -> None:
        # There is no polite signal for a process without a console; `shutdown` was the polite way.
        self._job.terminate()

    def kill(self) -> None:
        self._job.terminate()

    def usage(self) -> Usage:
        return self._meter.read() if self._child.returncode is None else Usage()

    def hand_over(self, line: bytes) -> None:
        """Write the start line; the pipe stays open, its end means that the core is gone."""
        if self._child.stdin is not None:
            self._child.stdin.write(line)

    async def run(self) -> None:
        """See the process through; the launcher owns this task."""
        try:
            async with asyncio.TaskGroup() as group:
                pumps = [
                    group.create_task(self._output.pump(name, reader))
                    for name, reader in (
                        ("stdout", self._child.stdout),
                        ("stderr", self._child.stderr),
                    )
                    if reader is not None
                ]
                await self._child.wait()
                self._job.terminate()
                self._output.finish()
                await asyncio.wait(pumps, timeout=_DRAIN_S)
                for pump in pumps:
                    pump.cancel()
        finally:
            self._job.close()
            if self._child.stdin is not None:
                with contextlib.suppress(OSError):
                    self._child.stdin.close()
            if not self._exit.done():
                self._exit.set_result(Exit(self._child.returncode))


def _is_redirector(executable: Path) -> bool:
    """Tell whether this is a virtual environment's starter, which runs Python as its child."""
    return (executable.parent.parent / "pyvenv.cfg").is_file()


def _resume(pid: int) -> None:
    import psutil  # 20 ms that the core's start need not pay

    try:
        psutil.Process(pid).resume()
    except psutil.Error as error:
        raise OSError(f"a module's process could not be let go: {error}") from error
