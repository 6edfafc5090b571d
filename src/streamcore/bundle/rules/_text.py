"""What the rules of texts have in common: length, invisible characters, languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, join, show

__all__ = ["localised_problems", "text_problems", "texts_of"]

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
# They turn the reading direction around and can make a name look like another one.
_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def text_problems(
    facts: Facts, path: str, value: object, *, max_chars: int, may_be_empty: bool = False
) -> Iterator[Problem]:
    """Say what keeps a value from being a text that can be shown to the streamer."""
    expected = f"text of up to {max_chars} characters"
    if not isinstance(value, str):
        yield facts.error(path, expected, show(value))
    elif not may_be_empty and not value.strip():
        yield facts.error(path, expected, "nothing")
    elif len(value) > max_chars:
        yield facts.error(path, expected, f"{len(value)} characters")
    elif any(c in _DIRECTION_MARKS or unicodedata.category(c) == "Cc" for c in value):
        yield facts.error(path, "text without invisible control characters", show(value))


def localised_problems(
    facts: Facts, path: str, value: object, *, max_chars: int, may_be_empty: bool = False
) -> Iterator[Problem]:
    """The same for a text that may be given per language."""
    if not isinstance(value, dict):
        yield from text_problems(facts, path, value, max_chars=max_chars, may_be_empty=may_be_empty)
        return
    if not value:
        yield facts.error(path, "at least one language", "none", 'such as {"en": "…"}')
    for language, text in value.items():
        if not _LANGUAGE.fullmatch(language):
            yield facts.error(
                join(path, language), "a language code such as en or ru", show(language)
            )
        yield from text_problems(
            facts, join(path, language), text, max_chars=max_chars, may_be_empty=may_be_empty
        )


def texts_of(value: object) -> list[str]:
    """Return every text of a localised value."""
    values = value.values() if isinstance(value, dict) else [value]
    return [text for text in values if isinstance(text, str)]
