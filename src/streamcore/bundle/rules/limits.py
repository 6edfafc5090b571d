"""Limits: what a module may wish to use at most."""

from __future__ import annotations

from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, join, show

__all__ = ["CEILINGS", "check_limits"]

CEILINGS = {"memory_mb": (32, 2_048), "cpu_percent": (1, 400), "processes": (1, 16)}
"""The least and the most that can be wished; 100 % is one processor core."""


def check_limits(facts: Facts) -> Iterator[Problem]:
    """Whole numbers up to the core's ceilings."""
    limits = facts.manifest.get("limits", {})
    if not isinstance(limits, dict):
        yield facts.error("$.limits", "an object", show(limits))
        return
    for key, (least, most) in CEILINGS.items():
        value = limits.get(key, least)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            path = join("$.limits", key)
            yield facts.error(path, f"a whole number from {least} to {most}", show(value))
