"""Whether a module stays within the memory and processor time that it may use: pure."""

from __future__ import annotations

from dataclasses import dataclass

from streamcore.protocol.manifest import Limits

__all__ = ["CPU_GRACE_S", "MEMORY_GRACE_S", "Breach", "LimitWatch"]

MEMORY_GRACE_S = 10.0
CPU_GRACE_S = 300.0
"""Processor time is long forgiven: a storm in chat is honest work, a module runs at the lowest
priority and starves nobody, and one that hangs in a loop is found by its missing answers."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit is passed; `final` when the grace is over as well."""

    text: str
    final: bool


@dataclass(slots=True)
class _Excess:
    since: float | None = None
    warned: bool = False

    def check(self, over: bool, text: str, grace_s: float, now: float) -> Breach | None:
        if not over:
            self.since = None
            return None
        if self.since is None:
            self.since = now
        if now - self.since >= grace_s:
            return Breach(text, final=True)
        if self.warned:
            return None
        self.warned = True
        return Breach(text, final=False)


class LimitWatch:
    """One process: one warning when a limit is passed, a final breach when that goes on."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._memory = _Excess()
        self._cpu = _Excess()

    def check(self, cpu_percent: float, rss_mb: float, now: float) -> Breach | None:
        """Judge one measurement at the monotonic time `now`."""
        memory = self._memory.check(
            rss_mb > self._limits.memory_mb,
            f"uses {rss_mb:.0f} MB of memory, {self._limits.memory_mb} MB are allowed",
            MEMORY_GRACE_S,
            now,
        )
        cpu = self._cpu.check(
            cpu_percent > self._limits.cpu_percent,
            f"uses {cpu_percent:.0f} % of a processor core, "
            f"{self._limits.cpu_percent} % are allowed",
            CPU_GRACE_S,
            now,
        )
        return memory or cpu
