"""Medians, percentiles and growth are what they say."""

from __future__ import annotations

import pytest

from benchmarks.samples import median, percentile, spread, worst_doubling


def test_the_median_of_an_even_number_lies_between_the_middle_two() -> None:
    assert median([4, 1, 3, 2]) == 2.5


def test_the_spread_is_the_least_and_the_greatest() -> None:
    assert spread([3, 1, 2]) == (1, 3)


@pytest.mark.parametrize(
    ("percent", "expected"), [(0, 1), (1, 1), (50, 50), (99, 99), (99.5, 100), (100, 100)]
)
def test_a_percentile_is_a_value_that_was_measured(percent: float, expected: float) -> None:
    assert percentile(list(range(100, 0, -1)), percent) == expected


def test_a_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_growth_looks_at_each_doubling_and_names_the_worst() -> None:
    assert worst_doubling({8: 1.0, 16: 1.5, 32: 3.6}) == pytest.approx(2.4)


def test_growth_needs_a_size_and_its_double() -> None:
    with pytest.raises(ValueError, match="double"):
        worst_doubling({8: 1.0, 12: 2.0})
