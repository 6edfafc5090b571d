"""Module processes on Linux: pidfd, resource limits set from outside, first to go without memory.

The host asks for the parent-death signal itself, first thing: the core could only do it between
fork and exec, which is not safe in a process with threads.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from streamcore.core.process._posix import ExitWatch, PosixLauncher
from streamcore.core.process.launcher import LaunchSpec

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


class _PidFd:
    """Linux 5.3 and later."""

    def __init__(self, pid: int) -> None:
        self._fd = os.pidfd_open(pid)

    def fileno(self) -> int:
        return self._fd

    def close(self) -> None:
        os.close(self._fd)


class LinuxLauncher(PosixLauncher):
    """Adds hard resource limits to what every system does."""

    name = "linux"

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
