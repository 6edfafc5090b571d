"""About: who made the module and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, join, show
from streamcore.bundle.rules._lists import list_problems, texts
from streamcore.bundle.rules._text import localised_problems, text_problems

__all__ = ["check_about"]

_MAX_CHARS = {"author": 100, "license": 100, "icon": 200, "homepage": 500}
_MAX_DESCRIPTION_CHARS = 2_000
_MAX_TAG_CHARS = 30
_HOMEPAGE = re.compile(r"https?://[^\s/]+(/\S*)?")


def check_about(facts: Facts) -> Iterator[Problem]:
    """None of these is required; what is there must be showable, and the address a web address."""
    manifest = facts.manifest
    for key, max_chars in _MAX_CHARS.items():
        if key in manifest:
            yield from text_problems(
                facts, join("$", key), manifest[key], max_chars=max_chars, may_be_empty=True
            )
    if "description" in manifest:
        # Line breaks are welcome in a description.
        yield from localised_problems(
            facts,
            "$.description",
            _without_line_breaks(manifest["description"]),
            max_chars=_MAX_DESCRIPTION_CHARS,
            may_be_empty=True,
        )
    homepage = manifest.get("homepage")
    if isinstance(homepage, str) and homepage and not _HOMEPAGE.fullmatch(homepage):
        yield facts.error("$.homepage", "an address that begins with https://", show(homepage))
    yield from list_problems(facts, "tags", "words")
    for path, tag in texts(facts, "tags"):
        yield from text_problems(facts, path, tag, max_chars=_MAX_TAG_CHARS)


def _without_line_breaks(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\n", " ").replace("\t", " ")
    if isinstance(value, dict):
        return {language: _without_line_breaks(text) for language, text in value.items()}
    return value
