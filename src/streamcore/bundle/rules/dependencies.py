"""Python dependencies: exact versions, so that what was approved is what runs."""

from __future__ import annotations

from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, show
from streamcore.bundle.rules._lists import list_problems, texts

__all__ = ["check_dependencies"]


def check_dependencies(facts: Facts) -> Iterator[Problem]:
    """`name==version`, no addresses and no ranges."""
    yield from list_problems(facts, "python_dependencies", "pinned requirements")
    for path, text in texts(facts, "python_dependencies"):
        if not _is_pinned(text):
            expected = "a pinned requirement such as example==1.2.3"
            yield facts.error(path, expected, show(text))


def _is_pinned(text: str) -> bool:
    # Most modules stand on nothing else, and need not wait for its import.
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return False
    versions = list(requirement.specifier)
    return (
        requirement.url is None
        and len(versions) == 1
        and versions[0].operator == "=="
        and not versions[0].version.endswith("*")
    )
