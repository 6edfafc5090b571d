"""Limits: one warning, then the end when it goes on."""

from __future__ import annotations

import pytest

from streamcore.core.limit_watch import Breach, LimitWatch
from streamcore.protocol.manifest import Limits


@pytest.fixture
def watch() -> LimitWatch:
    return LimitWatch(Limits(memory_mb=100, cpu_percent=50))


def test_what_is_allowed_is_no_breach(watch: LimitWatch) -> None:
    assert all(watch.check(50, 100, now) is None for now in range(0, 1000, 5))


def test_too_much_memory_is_warned_of_and_then_final(watch: LimitWatch) -> None:
    answers = [watch.check(0, 101, now) for now in (0, 5, 10)]
    text = "uses 101 MB of memory, 100 MB are allowed"
    assert answers == [Breach(text, final=False), None, Breach(text, final=True)]


def test_coming_back_in_time_is_enough(watch: LimitWatch) -> None:
    assert watch.check(0, 101, 0) is not None
    assert watch.check(0, 99, 5) is None
    assert watch.check(0, 101, 20) is None
    assert watch.check(0, 101, 25) is None
    assert watch.check(0, 101, 30) == Breach(
        "uses 101 MB of memory, 100 MB are allowed", final=True
    )


def test_processor_time_is_forgiven_for_five_minutes(watch: LimitWatch) -> None:
    answers = [watch.check(90, 50, now) for now in range(0, 305, 5)]
    assert [answer.final for answer in answers if answer] == [False, True]
    assert answers[-1] == Breach("uses 90 % of a processor core, 50 % are allowed", final=True)
