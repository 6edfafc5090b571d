"""Name: text that the streamer can read and that looks like no other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, show
from streamcore.bundle.rules._text import localised_problems, texts_of

__all__ = ["check_name", "check_name_scripts"]

_WORD = re.compile(r"\w+")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")


def check_name(facts: Facts) -> Iterator[Problem]:
    """Up to 60 characters, per language if the author likes."""
    if "name" in facts.manifest:
        yield from localised_problems(facts, "$.name", facts.manifest["name"], max_chars=60)


def check_name_scripts(facts: Facts) -> Iterator[Problem]:
    """A word of letters from two alphabets is how one name is made to look like another."""
    for text in texts_of(facts.manifest.get("name")):
        for word in _WORD.findall(text):
            if len({script for c in word if (script := _script(c))}) > 1:
                yield facts.warning("$.name", "words of one alphabet", show(word))


def _script(character: str) -> str | None:
    name = unicodedata.name(character, "")
    return next((script for script in _SCRIPTS if name.startswith(script)), None)
