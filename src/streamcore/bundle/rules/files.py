"""Files: plain ones and links that stay inside; all of them readable."""

from __future__ import annotations

from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem
from streamcore.bundle.tree import Entry, Kind

__all__ = ["check_files"]


def check_files(facts: Facts) -> Iterator[Problem]:
    """A link out would run or show what the streamer never approved."""
    for entry in facts.tree.entries:
        if entry.kind is Kind.UNREADABLE:
            yield _problem(entry, "a file or folder that can be read", entry.detail)
        elif entry.kind is Kind.SPECIAL:
            yield _problem(entry, "a regular file", "a device, socket or named pipe")
        elif entry.kind is Kind.LINK and facts.tree.inside(entry.path) is None:
            yield _problem(
                entry,
                "a link to a file inside the module's folder",
                f"a link to {entry.detail}",
                "put the file itself there",
            )
        elif not entry.path.isprintable():
            yield _problem(entry, "a file name in UTF-8 without control characters", "others")


def _problem(entry: Entry, expected: str, found: str, hint: str = "") -> Problem:
    name = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in entry.path)
    return Problem(file=name or ".", path="", expected=expected, found=found, hint=hint)
