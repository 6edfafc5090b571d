"""State: a schema for each key of what a module shares with its pages."""

from __future__ import annotations

from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, join, show
from streamcore.bundle.rules._json_schema import schema_problems

__all__ = ["check_state"]


def check_state(facts: Facts) -> Iterator[Problem]:
    """Every value is a valid schema."""
    state = facts.manifest.get("state", {})
    if not isinstance(state, dict):
        yield facts.error("$.state", "an object with a JSON Schema for each key", show(state))
        return
    for key, schema in state.items():
        yield from schema_problems(facts, join("$.state", key), schema)
