"""Module processes on Linux: forked, pidfd, limits set from outside, first to go without memory.

The host asks for the parent-death signal itself, first thing: the core could only do it between
fork and exec, which is not safe in a process with threads.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from streamcore.core.clock import Clock
from streamcore.core.process._forks import LINK_FD, Forks
from streamcore.core.process._posix import Child, ExitWatch, PosixLauncher
from streamcore.core.process.handover import environment, handover_line
from streamcore.core.process.launcher import (
    AcceptLink,
    FdLink,
    LaunchSpec,
    ModuleProcess,
    OutputSink,
)

if sys.platform != "linux":
    raise ImportError("this launcher is for Linux")

import resource

__all__ = ["LinuxLauncher"]

_MIB = 2**20
# Address space is more than memory: an interpreter with its libraries and thread stacks maps
# several hundred MiB that it never touches. The supervisor watches what is really used.
_ADDRESS_HEADROOM = 768 * _MIB
_MAX_FILE_BYTES = 64 * _MIB
_MAX_DESCRIPTORS = 256
_OOM_SCORE = 700
# A forked host is soon waiting for the core: several keep one processor core busy.
_FORKS_PER_CORE = 4


class _PidFd:
    """Linux 5.3 and later."""

    def __init__(self, pid: int) -> None:
        self._fd = os.pidfd_open(pid)

    def fileno(self) -> int:
        return self._fd

    def close(self) -> None:
        os.close(self._fd)


class LinuxLauncher(PosixLauncher):
    """Adds hard resource limits to what every system does, and forks where it can.

    `preload` are the folders in which a fork server finds the SDK; without them, and whenever
    there is no fork server, each module has a fresh interpreter.
    """

    name = "linux"

    def __init__(
        self,
        host_command: Sequence[str],
        accept_link: AcceptLink,
        *,
        clock: Clock,
        preload: Sequence[str] | None = None,
    ) -> None:
        super().__init__(host_command, accept_link, clock=clock)
        self._forks = None
        self._launching = 0
        if preload is not None:
            self._forks = Forks(host_command, preload, clock)
            self.at_once *= _FORKS_PER_CORE

    async def prepare(self) -> None:
        if self._forks is not None:
            await self._forks.prepare()

    async def launch(self, spec: LaunchSpec, on_output: OutputSink) -> ModuleProcess:
        self._launching += 1
        try:
            return await super().launch(spec, on_output)
        finally:
            self._launching -= 1

    async def close(self) -> None:
        await super().close()
        if self._forks is not None:
            self._forks.close()

    async def _spawn(self, spec: LaunchSpec, link_fd: int) -> tuple[Child, bytes]:
        if self._forks is not None:
            line = handover_line(spec, FdLink(LINK_FD), environment(spec.data_dir))
            if (child := await self._forks.spawn(spec.data_dir, link_fd)) is not None:
                return child, line
        return await super()._spawn(spec, link_fd)

    def _forget(self, task: asyncio.Task[None]) -> None:
        super()._forget(task)
        if self._forks is not None and self._launching == 0:
            _reap_adopted({process.pid for process in self._living.values()})

    def _watch(self, pid: int) -> ExitWatch:
        return _PidFd(pid)

    def _restrain(self, pid: int, spec: LaunchSpec) -> None:
        super()._restrain(pid, spec)
        address_space = spec.limits.memory_mb * _MIB + _ADDRESS_HEADROOM
        with contextlib.suppress(ProcessLookupError):
            for limit, value in (
                (resource.RLIMIT_AS, address_space),
                (resource.RLIMIT_FSIZE, _MAX_FILE_BYTES),
                (resource.RLIMIT_NOFILE, _MAX_DESCRIPTORS),
                (resource.RLIMIT_CORE, 0),  # a dump would hold what the module was told
            ):
                resource.prlimit(pid, limit, (value, value))
        with contextlib.suppress(OSError):
            Path(f"/proc/{pid}/oom_score_adj").write_text(str(_OOM_SCORE))


def _reap_adopted(known: set[int]) -> None:
    """Reap what modules left behind and the core adopted, as soon as it has ended.

    The core's own helpers are in its own session and somebody waits for them.
    """
    me = os.getpid()
    with contextlib.suppress(OSError):  # without the list a dead process keeps its number
        children = Path(f"/proc/{me}/task/{me}/children").read_text().split()
        for pid in map(int, children):
            if pid not in known and os.getsid(pid) != os.getsid(me):
                os.waitpid(pid, os.WNOHANG)
