"""A mark is missed when its value passes the limit, and only timings may be missed in passing."""

from __future__ import annotations

import pytest

from tests.chaos.marks import Report, percentile


def test_a_missed_mark_is_told_and_a_missed_timing_breaks_nothing() -> None:
    report = Report("experiment")
    report.none("lost", 1)
    report.timing("back", 1501, 1500)
    report.tell("kills", 20)
    assert [mark.text for mark in report.broken()] == ["lost"]
    assert [mark.text for mark in report.missed()] == ["lost", "back"]
    assert report.table().count("MISSED") == 2


def test_durations_that_nobody_measured_are_a_missed_mark() -> None:
    report = Report("experiment")
    report.timings("back", [], at=95, limit_ms=1500)
    assert [mark.text for mark in report.broken()] == ["back: not measured"]


@pytest.mark.parametrize(("share", "value"), [(50, 50), (95, 95), (99, 99), (100, 100)])
def test_percentiles(share: int, value: int) -> None:
    assert percentile(range(1, 101), share) == value
