"""Size: a folder that can be looked through every second and hashed in a moment."""

from __future__ import annotations

from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem
from streamcore.bundle.tree import MAX_BYTES, MAX_ENTRIES

__all__ = ["check_folder_size"]

_HINT = "keep sources, packages and media that the module does not need elsewhere"


def check_folder_size(facts: Facts) -> Iterator[Problem]:
    """Both the number of files and their sum are limited."""
    if facts.tree.truncated:
        yield _problem(f"at most {MAX_ENTRIES} files", "more")
    elif facts.tree.size > MAX_BYTES:
        megabytes = facts.tree.size / 2**20
        yield _problem(f"at most {MAX_BYTES // 2**20} MiB in all", f"{megabytes:.0f} MiB")


def _problem(expected: str, found: str) -> Problem:
    return Problem(file=".", path="", expected=expected, found=found, hint=_HINT)
