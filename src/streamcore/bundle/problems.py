"""What is wrong with a module folder, in words that its author can act on."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from enum import StrEnum

import msgspec

__all__ = ["Problem", "Severity", "join", "nearest", "show"]

_SHOWN_CHARS = 80


class Severity(StrEnum):
    """An error keeps the module from running, a warning is only shown."""

    ERROR = "error"
    WARNING = "warning"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to mend: where it is, what was expected there, what was found, what to do.

    `path` is a JSON path (`$.permissions[1]`) inside `file`, or empty when the file as a
    whole is meant.
    """

    file: str
    path: str
    expected: str
    found: str
    severity: Severity = Severity.ERROR
    hint: str = ""


def show(value: object) -> str:
    """Return a value as JSON on one line, short and without invisible characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"


def join(path: str, key: str | int) -> str:
    """Return the JSON path of `key` below `path`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if key.isidentifier() else f"{path}[{show(key)}]"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the known word most like `word`, or nothing."""
    best = difflib.get_close_matches(word, list(known), n=1, cutoff=0.7)
    return f"did you mean {show(best[0])}?" if best else ""
