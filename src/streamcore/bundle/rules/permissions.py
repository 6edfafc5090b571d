"""Permissions: names from the closed list, nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, nearest, show
from streamcore.bundle.rules._lists import list_problems, texts
from streamcore.protocol.permissions import Permission

__all__ = ["check_permissions"]

_KNOWN = frozenset(permission.value for permission in Permission)


def check_permissions(facts: Facts) -> Iterator[Problem]:
    """An unknown name is refused now, so that it cannot be granted by a later version."""
    yield from list_problems(facts, "permissions", "permission names")
    for path, name in texts(facts, "permissions"):
        if name not in _KNOWN:
            yield facts.error(path, "a known permission", show(name), nearest(name, _KNOWN))
