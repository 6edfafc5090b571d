"""What the rules of lists have in common: a list of texts without repetitions."""

from __future__ import annotations

from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, join, show

__all__ = ["MAX_ITEMS", "list_problems", "texts"]

MAX_ITEMS = 100


def texts(facts: Facts, key: str) -> list[tuple[str, str]]:
    """Return the path and value of each text in a list; what is none is another rule's to say."""
    value = facts.manifest.get(key)
    if not isinstance(value, list):
        return []
    path = join("$", key)
    return [(join(path, index), item) for index, item in enumerate(value) if isinstance(item, str)]


def list_problems(facts: Facts, key: str, expected: str) -> Iterator[Problem]:
    """Say where a list is none, is too long, repeats itself or holds something but text."""
    if key not in facts.manifest:
        return
    value, path = facts.manifest[key], join("$", key)
    if not isinstance(value, list):
        yield facts.error(path, f"a list of {expected}", show(value))
        return
    if len(value) > MAX_ITEMS:
        yield facts.error(path, f"at most {MAX_ITEMS} items", f"{len(value)} items")
    seen: set[str] = set()
    for index, item in enumerate(value):
        if not isinstance(item, str):
            yield facts.error(join(path, index), expected, show(item))
        elif item in seen:
            yield facts.warning(join(path, index), "each item once", f"{show(item)} again")
        else:
            seen.add(item)
