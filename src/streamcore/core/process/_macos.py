"""Module processes on macOS: the end of a child is seen by kqueue.

There is no parent-death signal here: the end of standard input tells a host that the core is gone.
"""

from __future__ import annotations

import contextlib
import os
import sys

from streamcore.core.process._posix import ExitWatch, PosixLauncher

if sys.platform != "darwin":
    raise ImportError("this launcher is for macOS")

import select

__all__ = ["MacLauncher"]


class _Kqueue:
    """A kqueue that becomes readable when the child ends."""

    def __init__(self, pid: int) -> None:
        self._queue = select.kqueue()
        self._wake: int | None = None
        event = select.kevent(
            pid,
            filter=select.KQ_FILTER_PROC,
            flags=select.KQ_EV_ADD | select.KQ_EV_ONESHOT,
            fflags=select.KQ_NOTE_EXIT,
        )
        try:
            self._queue.control([event], 0)
        except ProcessLookupError:  # it ended before we looked: be readable at once
            self._queue.close()
            self._wake, end = os.pipe()
            os.close(end)

    def fileno(self) -> int:
        return self._queue.fileno() if self._wake is None else self._wake

    def close(self) -> None:
        with contextlib.suppress(OSError):
            if self._wake is not None:
                os.close(self._wake)
            self._queue.close()


class MacLauncher(PosixLauncher):
    """Sessions, low priority and output limits; the memory limit is the supervisor's to watch."""

    name = "macos"

    def _watch(self, pid: int) -> ExitWatch:
        return _Kqueue(pid)
