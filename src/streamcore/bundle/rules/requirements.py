"""Requirements: the platforms whose events and commands a module may touch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, show
from streamcore.bundle.rules._lists import list_problems, texts
from streamcore.protocol.manifest import ANY_PLATFORM

__all__ = ["check_requirements"]

_PLATFORM = re.compile(r"[a-z][a-z0-9_]{1,29}")


def check_requirements(facts: Facts) -> Iterator[Problem]:
    """Names of platforms, or `*` alone; whether one is installed is seen when it is used."""
    yield from list_problems(facts, "requirements", "platform names")
    found = texts(facts, "requirements")
    for path, name in found:
        if name == ANY_PLATFORM:
            if len(found) > 1:
                yield facts.error(path, '"*" alone, it means every platform', "others beside it")
        elif not _PLATFORM.fullmatch(name):
            hint = f"such as {name.lower()}" if _PLATFORM.fullmatch(name.lower()) else ""
            yield facts.error(path, 'a platform\'s id in small letters, or "*"', show(name), hint)
