"""What is made of repeated measurements: median, spread, percentiles, growth."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

__all__ = ["median", "percentile", "spread", "worst_doubling"]


def median(samples: Sequence[float]) -> float:
    """Return the middle of the samples."""
    return statistics.median(samples)


def spread(samples: Sequence[float]) -> tuple[float, float]:
    """Return the least and the greatest: with few runs nothing else is honest."""
    return min(samples), max(samples)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least `percent` of all do not exceed."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def worst_doubling(cost_by_size: Mapping[int, float]) -> float:
    """Return the greatest factor by which the cost grows from one size to twice that size."""
    factors = [
        cost_by_size[size * 2] / cost
        for size, cost in cost_by_size.items()
        if size * 2 in cost_by_size
    ]
    if not factors:
        raise ValueError("expected a size and its double")
    return max(factors)
