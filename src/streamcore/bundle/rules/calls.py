"""Calls: the other modules that a module may call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, show
from streamcore.bundle.rules._lists import list_problems, texts
from streamcore.protocol.permissions import Permission

__all__ = ["check_calls"]

_ID = re.compile(r"[a-z][a-z0-9_]{2,49}")


def check_calls(facts: Facts) -> Iterator[Problem]:
    """Ids of other modules, whether they are installed or not."""
    yield from list_problems(facts, "calls", "module ids")
    found = texts(facts, "calls")
    for path, module_id in found:
        if not _ID.fullmatch(module_id):
            yield facts.error(path, "a module's id", show(module_id))
        elif module_id == facts.manifest.get("id"):
            yield facts.error(path, "another module's id", "its own")
    asked = Permission.MODULES_CALL.value in (name for _, name in texts(facts, "permissions"))
    if found and not asked:
        yield facts.warning(
            "$.calls", 'the permission "modules_call" with this list', "the list alone"
        )
    if asked and not facts.manifest.get("calls"):
        yield facts.warning(
            "$.permissions", "a list under calls", 'the permission "modules_call" alone'
        )
