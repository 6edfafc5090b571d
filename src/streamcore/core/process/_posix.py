"""What Linux and macOS have in common: sessions, groups, pipes and the descriptor link."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from abc import abstractmethod
from collections.abc import Sequence
from typing import IO, Protocol

from streamcore.core.clock import Clock
from streamcore.core.process.broker import Broker
from streamcore.core.process.handover import environment, handover_line
from streamcore.core.process.launcher import (
    AcceptLink,
    Exit,
    FdLink,
    Launcher,
    LaunchSpec,
    ModuleProcess,
    OutputSink,
    Usage,
)
from streamcore.core.process.output import READ_AHEAD_BYTES, Output
from streamcore.core.process.usage import make_meter

if sys.platform == "win32":
    raise ImportError("sessions and process groups are not here: see the Windows launcher")

__all__ = ["Child", "ExitWatch", "PosixLauncher"]

logger = logging.getLogger(__name__)

_DRAIN_S = 1.0
_CLOSE_S = 5.0


class ExitWatch(Protocol):
    """A descriptor that becomes readable when a process ends, before anyone has reaped it."""

    def fileno(self) -> int: ...

    def close(self) -> None: ...


class Child(Protocol):
    """What of `subprocess.Popen` is used here."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    @property
    def stdin(self) -> IO[bytes] | None: ...

    @property
    def stdout(self) -> IO[bytes] | None: ...

    @property
    def stderr(self) -> IO[bytes] | None: ...

    def wait(self) -> int: ...

    def kill(self) -> None: ...


class PosixLauncher(Launcher):
    """Starts each host in a session of its own, so that it and its children end together."""

    level = "S1"

    def __init__(
        self, host_command: Sequence[str], accept_link: AcceptLink, *, clock: Clock
    ) -> None:
        self._host_command = tuple(host_command)
        self._accept_link = accept_link
        self._clock = clock
        self._living: dict[asyncio.Task[None], PosixProcess] = {}

    async def launch(self, spec: LaunchSpec, on_output: OutputSink) -> ModuleProcess:
        # The parent-death signal fires when the *thread* that started the child ends.
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("modules are started from the main thread only")
        ours, theirs = socket.socketpair()
        broker = Broker(ours, spec.principal, self._accept_link, self._clock)
        try:
            with theirs:
                spec.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
                child, line = await self._spawn(spec, theirs.fileno())
        except BaseException:
            ours.close()
            raise
        try:
            # The host waits for its line, so no code of the module runs before the limits stand.
            self._restrain(child.pid, spec)
            process = PosixProcess(child, spec, self._watch(child.pid), broker, Output(on_output))
        except BaseException:
            ours.close()
            _abandon(child)
            raise
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

    @abstractmethod
    def _watch(self, pid: int) -> ExitWatch:
        """Watch for the end of a child that nobody has reaped yet."""

    def _restrain(self, pid: int, spec: LaunchSpec) -> None:
        # Measured: with modules at nice 19 the hub keeps its pace under 16 spinning modules.
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, 19)

    async def _spawn(self, spec: LaunchSpec, link_fd: int) -> tuple[Child, bytes]:
        """Return a process in its own session that waits for its start line, and that line."""
        line = handover_line(spec, FdLink(link_fd))
        return self._spawn_fresh(spec, link_fd), line

    def _spawn_fresh(self, spec: LaunchSpec, link_fd: int) -> Child:
        return subprocess.Popen(
            self._host_command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            close_fds=True,
            pass_fds=(link_fd,),
            start_new_session=True,
            cwd=spec.data_dir,
            env=environment(spec.data_dir),
            umask=0o077,
        )

    def _forget(self, task: asyncio.Task[None]) -> None:
        del self._living[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("watching a module's process failed", exc_info=error)


class PosixProcess(ModuleProcess):
    """A host, its pipes and its broker, from the start to the last line of output."""

    def __init__(
        self,
        child: Child,
        spec: LaunchSpec,
        watch: ExitWatch,
        broker: Broker,
        output: Output,
    ) -> None:
        self.pid = child.pid
        self._child = child
        self._watch = watch
        self._broker = broker
        self._output = output
        self._meter = make_meter(child.pid, with_children=spec.limits.processes > 1)
        self._exit: asyncio.Future[Exit] = asyncio.get_running_loop().create_future()

    async def wait(self) -> Exit:
        return await asyncio.shield(self._exit)

    def terminate(self) -> None:
        self._signal_group(signal.SIGTERM)

    def kill(self) -> None:
        self._signal_group(signal.SIGKILL)

    def usage(self) -> Usage:
        return self._meter.read() if self._child.returncode is None else Usage()

    def hand_over(self, line: bytes) -> None:
        """Write the start line; the pipe stays open, its end means that the core is gone."""
        with contextlib.suppress(BrokenPipeError):  # it died already: its exit says more
            _pipe(self._child.stdin).write(line)

    async def run(self) -> None:
        """See the process through; the launcher owns this task."""
        try:
            async with asyncio.TaskGroup() as group:
                broker = group.create_task(self._broker.serve())
                pumps = group.create_task(self._pump())
                await self._ended()
                self._reap()
                broker.cancel()
                self._output.finish()
                await asyncio.wait({pumps}, timeout=_DRAIN_S)
                pumps.cancel()
        finally:
            self._reap()
            _close_pipes(self._child)
            if not self._exit.done():
                self._exit.set_result(Exit.of(self._child.wait()))

    async def _ended(self) -> None:
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        fd = self._watch.fileno()
        loop.add_reader(fd, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(fd)
            self._watch.close()

    def _reap(self) -> None:
        # While the leader is not reaped, its number cannot belong to anybody else, so the rest
        # of its group can be ended safely only now.
        self._signal_group(signal.SIGKILL)
        self._child.wait()

    def _signal_group(self, number: signal.Signals) -> None:
        if self._child.returncode is None:
            # macOS answers EPERM for a group whose only member is a zombie.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)

    async def _pump(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read("stdout", _pipe(self._child.stdout)))
            group.create_task(self._read("stderr", _pipe(self._child.stderr)))

    async def _read(self, stream: str, pipe: IO[bytes]) -> None:
        reader = asyncio.StreamReader(limit=READ_AHEAD_BYTES)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        try:
            await self._output.pump(stream, reader)
        finally:
            transport.close()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the child was started without its pipes")
    return pipe


def _abandon(child: Child) -> None:
    child.kill()
    child.wait()
    _close_pipes(child)


def _close_pipes(child: Child) -> None:
    for pipe in (child.stdin, child.stdout, child.stderr):
        _pipe(pipe).close()
