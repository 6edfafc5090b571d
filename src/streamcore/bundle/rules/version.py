"""Versions: the module's own, and the range of cores that it works with."""

from __future__ import annotations

import re
from collections.abc import Iterator

import streamcore
from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, show

__all__ = ["check_streamcore", "check_version"]

_NUMBER = r"(?:0|[1-9]\d{0,8})"
_PART = r"(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
_SEMANTIC = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}"
    rf"(?:-{_PART}(?:\.{_PART})*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
    re.ASCII,
)
_SHORT = re.compile(rf"v?({_NUMBER})(?:\.({_NUMBER}))?(?:\.({_NUMBER}))?", re.ASCII)
_MAX_CHARS = 50


def check_version(facts: Facts) -> Iterator[Problem]:
    """A semantic version: two of them can be put in order."""
    if "version" not in facts.manifest:
        return
    found = facts.manifest["version"]
    if isinstance(found, str) and len(found) <= _MAX_CHARS and _SEMANTIC.fullmatch(found):
        return
    hint = ""
    if isinstance(found, str | float | int) and (match := _SHORT.fullmatch(str(found))):
        hint = f'such as "{".".join(part or "0" for part in match.groups())}"'
    yield facts.error("$.version", "a semantic version such as 1.0.0", show(found), hint)


def check_streamcore(facts: Facts) -> Iterator[Problem]:
    """The range must hold the version that reads it."""
    if "streamcore" not in facts.manifest:
        return
    # Here, because most modules work with every version and need not wait for its import.
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    wanted = facts.manifest["streamcore"]
    expected = "a version range such as >=0.1,<2"
    if not isinstance(wanted, str):
        yield facts.error("$.streamcore", expected, show(wanted))
        return
    try:
        versions = SpecifierSet(wanted)
    except InvalidSpecifier:
        yield facts.error("$.streamcore", expected, show(wanted))
        return
    if not versions.contains(streamcore.__version__, prereleases=True):
        yield facts.error(
            "$.streamcore",
            f"a range that holds this version, {streamcore.__version__}",
            show(wanted),
            "update StreamCore, or look for another version of the module",
        )
