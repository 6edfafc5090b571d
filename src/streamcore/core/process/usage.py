"""Measures what a process and its children take from the machine."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Protocol

from streamcore.core.process.launcher import Usage

if TYPE_CHECKING:
    import psutil

__all__ = ["Meter", "make_meter"]

_MIB = 2**20


class Meter(Protocol):
    """Keeps what is needed to turn processor time into a share of the time since the last call."""

    def read(self) -> Usage:
        """Return the present usage; nothing for a process that has gone."""


def make_meter(pid: int, *, with_children: bool) -> Meter:
    """Return the cheapest meter that sees all there is."""
    if sys.platform == "linux" and not with_children:
        from streamcore.core.process._stat import StatMeter

        return StatMeter(pid)
    return _TreeMeter(pid, with_children=with_children)


class _TreeMeter:
    """A process and, when it may have them, its children, by what works on every system."""

    def __init__(self, pid: int, *, with_children: bool) -> None:
        self._pid = pid
        self._with_children = with_children
        self._known: dict[int, psutil.Process] = {}

    def read(self) -> Usage:
        import psutil  # 20 ms that the core's start need not pay

        cpu = rss = 0.0
        with contextlib.suppress(psutil.Error):
            root = self._known.get(self._pid) or psutil.Process(self._pid)
            living = {self._pid: root}
            if self._with_children:
                for child in root.children(recursive=True):
                    living[child.pid] = self._known.get(child.pid, child)
            self._known = living
            for process in living.values():
                with contextlib.suppress(psutil.Error), process.oneshot():
                    cpu += process.cpu_percent(None)
                    rss += process.memory_info().rss
        return Usage(cpu_percent=round(cpu, 1), rss_mb=round(rss / _MIB, 1))
