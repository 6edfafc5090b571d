"""How long events wait for company: not at all while the PC has processor to spare."""

from __future__ import annotations

import os
import time
from typing import Protocol

__all__ = ["MAX_WAIT_S", "Pace", "Processor", "SystemProcessor"]

MAX_WAIT_S = 0.003
"""The loop's timers count in whole milliseconds, upwards: these three come to four at most."""
GENEROUS_SHARE = 0.35
"""What writing may take of one core while the PC has processor that nobody uses."""
BURST_S = 0.004
"""How far writing may run ahead of that share, so that a few events in a row wait for nothing."""
SMALL_SHARE = 0.05
"""What it may take when every bit is taken from the game, the encoder or our own other work."""

LOOK_EVERY_S = 0.25
SHORT_BELOW = 0.1
SPARE_ABOVE = 0.2
"""Of all cores, unused; between the two things stay as they are."""
SHORT_BELOW_CORES = 0.25
SPARE_ABOVE_CORES = 0.8
"""The same on a PC of few cores: generous writing must find its share and leave a bit."""
LOOP_SHORT_ABOVE = 0.85
LOOP_SPARE_BELOW = 0.6
"""What our own loop uses of its core: past the first, writing delays everything else we do."""
SPARE_LOOKS = 4
"""So many looks in a row must find processor to spare before writing is generous again."""


class Processor(Protocol):
    """Readings of the processor; only the difference of two of them means anything."""

    cores: int

    def idle_s(self) -> float:
        """Return the time that nobody has used, of all cores together."""

    def loop_s(self) -> float:
        """Return the time that the calling thread has used."""


class SystemProcessor:
    """The PC's own."""

    def __init__(self) -> None:
        self.cores = os.cpu_count() or 1

    def idle_s(self) -> float:
        """Return the time that nobody has used; about 0.1 ms to find out."""
        import psutil  # 20 ms that the core's start need not pay

        times = psutil.cpu_times()
        # What waits for a disk leaves the processor to others; only Linux counts it apart.
        return float(times.idle + getattr(times, "iowait", 0.0))

    def loop_s(self) -> float:
        """Return the time that the calling thread has used."""
        return time.thread_time()


class Pace:
    """Says when the next writes are due, by what the last ones took and what the PC has left.

    Looks at the processor only when it is told of writes: there is no timer while nothing happens.
    """

    def __init__(self, processor: Processor) -> None:
        self._processor = processor
        self._is_short = False
        self._spare_looks = 0
        self._free_at = 0.0
        self._looked_at: float | None = None
        self._idle_s = self._loop_s = 0.0

    @property
    def is_short(self) -> bool:
        """Say whether processor is short, so that events wait for company."""
        return self._is_short

    def wait_s(self, now: float) -> float:
        """Return how long the next events have to wait; 0 for not at all."""
        ahead = 0.0 if self._is_short else BURST_S
        return min(MAX_WAIT_S, max(0.0, self._free_at - ahead - now))

    def wrote(self, began: float, ended: float) -> None:
        """Remember how long writing took; the times are those of `wait_s`."""
        share = SMALL_SHARE if self._is_short else GENEROUS_SHARE
        free_at = max(self._free_at, began) + (ended - began) / share
        # One long interruption is no debt, and who waited for the commit does not wait again.
        ahead = 0.0 if self._is_short else BURST_S
        self._free_at = min(free_at, ended + ahead + MAX_WAIT_S)
        if self._looked_at is None or ended - self._looked_at >= LOOK_EVERY_S:
            self._look(ended)

    def _look(self, now: float) -> None:
        before, idle_s, loop_s = self._looked_at, self._idle_s, self._loop_s
        self._looked_at = now
        self._idle_s, self._loop_s = self._processor.idle_s(), self._processor.loop_s()
        if before is None:
            return
        took = now - before
        cores = self._processor.cores
        unused, loop = (self._idle_s - idle_s) / took, (self._loop_s - loop_s) / took
        if unused < max(SHORT_BELOW_CORES, SHORT_BELOW * cores) or loop > LOOP_SHORT_ABOVE:
            self._is_short, self._spare_looks = True, 0
        elif unused > max(SPARE_ABOVE_CORES, SPARE_ABOVE * cores) and loop < LOOP_SPARE_BELOW:
            self._spare_looks += 1
            if self._spare_looks >= SPARE_LOOKS:
                self._is_short = False
        else:
            self._spare_looks = 0
