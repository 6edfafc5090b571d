"""The pace: no wait while there is processor to spare, company for events when there is not."""

from __future__ import annotations

import pytest

from streamcore.core.pace import (
    BURST_S,
    GENEROUS_SHARE,
    LOOK_EVERY_S,
    MAX_WAIT_S,
    SPARE_LOOKS,
    Pace,
    SystemProcessor,
)

FAN_OUT_S = 0.000_3
"""About what fifty writes take."""


class _Pc:
    """A PC that others and our own loop use as the test says; time passes with `run` alone."""

    def __init__(self, cores: int = 4) -> None:
        self.cores = cores
        self.now = 1000.0
        self.unused = float(cores)
        self.loop = 0.1
        self.looks = 0
        self._idle_s = self._loop_s = 0.0
        self.pace = Pace(self)

    def idle_s(self) -> float:
        self.looks += 1
        return self._idle_s

    def loop_s(self) -> float:
        return self._loop_s

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self._idle_s += self.unused * seconds
        self._loop_s += self.loop * seconds

    def write(self, took_s: float = FAN_OUT_S) -> float:
        """Let an event come and be written; return how long it had to wait."""
        waited = self.pace.wait_s(self.now)
        self.pass_time(waited)
        began = self.now
        self.pass_time(took_s)
        self.pace.wrote(began, self.now)
        return waited

    def run(self, seconds: float, per_s: float = 1000.0) -> list[float]:
        """Let events come at a rate and return how long they waited."""
        end, waits = self.now + seconds, []
        while self.now < end:
            due = self.now + 1 / per_s
            waits.append(self.write())
            self.pass_time(max(0.0, due - self.now))
        return waits


def test_events_wait_for_nothing_while_the_pc_is_idle() -> None:
    pc = _Pc()
    assert set(pc.run(2)) == {0.0}
    assert not pc.pace.is_short


@pytest.mark.parametrize("cores", [1, 2, 4, 16])
def test_events_wait_for_company_when_nothing_is_left(cores: int) -> None:
    pc = _Pc(cores)
    pc.run(1)
    pc.unused = 0.0
    pc.run(1)
    assert pc.pace.is_short
    waits = pc.run(1)
    assert max(waits) <= MAX_WAIT_S
    assert sum(waits) / len(waits) > MAX_WAIT_S / 2


def test_a_busy_loop_is_short_of_processor_on_an_idle_pc() -> None:
    pc = _Pc()
    pc.loop = 0.95
    pc.run(1)
    assert pc.pace.is_short


def test_few_readers_cost_little_and_wait_little_on_a_busy_pc() -> None:
    pc = _Pc()
    pc.unused = 0.0
    pc.run(1)
    pc.pass_time(1)
    pc.write(FAN_OUT_S / 50)
    assert pc.write(FAN_OUT_S / 50) < 0.000_2


def test_a_pc_that_is_neither_idle_nor_full_changes_nothing() -> None:
    pc = _Pc(cores=8)
    pc.unused = 1.2
    pc.run(2)
    assert not pc.pace.is_short
    pc.unused = 0.0
    pc.run(1)
    pc.unused = 1.2
    pc.run(3)
    assert pc.pace.is_short


def test_spare_processor_has_to_last_before_it_is_used() -> None:
    pc = _Pc()
    pc.unused = 0.0
    pc.run(1)
    pc.unused = 4.0
    pc.run(LOOK_EVERY_S * (SPARE_LOOKS - 1))
    assert pc.pace.is_short
    pc.run(LOOK_EVERY_S * 2)
    assert not pc.pace.is_short


def test_a_storm_takes_its_share_of_an_idle_pc_and_no_more() -> None:
    pc = _Pc()
    began, written = pc.now, 0
    while pc.now < began + 1:
        pc.write()
        written += 1
    used = written * FAN_OUT_S / (pc.now - began)
    assert used == pytest.approx(GENEROUS_SHARE, abs=0.02)
    assert not pc.pace.is_short


def test_a_few_events_in_a_row_run_ahead_of_the_share() -> None:
    pc = _Pc()
    pc.write()
    for _ in range(int(BURST_S * GENEROUS_SHARE / FAN_OUT_S) - 1):
        assert pc.write() == 0.0


def test_one_long_interruption_is_no_debt() -> None:
    pc = _Pc()
    pc.write(took_s=5.0)
    assert pc.write() <= MAX_WAIT_S
    pc.pass_time(0.05)
    assert pc.write() == 0.0


def test_nobody_looks_while_nothing_happens_and_seldom_while_much_does() -> None:
    pc = _Pc()
    pc.run(1)
    looks = pc.looks
    pc.pass_time(3600)
    assert pc.looks == looks
    pc.run(5, per_s=2000)
    assert pc.looks - looks <= 5 / LOOK_EVERY_S + 1


def test_the_system_s_readings_grow() -> None:
    processor = SystemProcessor()
    idle_s, loop_s = processor.idle_s(), processor.loop_s()
    assert sum(range(3_000_000))
    assert processor.loop_s() > loop_s
    assert processor.idle_s() >= idle_s
    assert processor.cores >= 1
