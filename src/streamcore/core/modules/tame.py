"""Refuses settings schemas that could keep the core busy for ever.

A schema is a module author's. Its regular expressions run in a matcher that tries every way a text
can be cut, and its references can multiply each other. So what is checked at all is bounded first.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from streamcore.core.errors import InvalidInputError

__all__ = ["LONGEST_MATCHED_TEXT", "has_long_text", "is_tame", "patterns_of"]

LONGEST_MATCHED_TEXT = 4000
MAX_PATTERN = 500
MAX_STEPS = 10_000
# The matcher may start anywhere in the text, which counts as one more repeat unless it is anchored.
MAX_OPEN_REPEATS = 2
_FEW = 16
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_WILD = ("GROUPREF", "GROUPREF_EXISTS", "ASSERT", "ASSERT_NOT")
_ENDLESS = float("inf")


def patterns_of(schema: Mapping[str, Any]) -> set[str]:
    """Return every pattern of a schema; raises InvalidInputError when it is not tame."""
    patterns = set(_walk(schema))
    for pattern in patterns:
        if not is_tame(pattern):
            raise InvalidInputError(
                f"The module's settings schema has the pattern {pattern[:80]!r}, which could take "
                "for ever to match. Ask its author for one without repeats inside repeats."
            )
    return patterns


def has_long_text(value: object) -> bool:
    """Tell whether a text or a name in the value is too long to be matched with a pattern."""
    if isinstance(value, str):
        return len(value) > LONGEST_MATCHED_TEXT
    if isinstance(value, Mapping):
        return any(has_long_text(name) or has_long_text(part) for name, part in value.items())
    return isinstance(value, list) and any(has_long_text(part) for part in value)


def is_tame(pattern: str) -> bool:
    """Tell whether matching takes at most about the square of the text's length."""
    if len(pattern) > MAX_PATTERN:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _parser.parse(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    is_anchored = pattern.startswith(("^", r"\A")) and "|" not in pattern
    return _open_repeats(parsed) + (0 if is_anchored else 1) <= MAX_OPEN_REPEATS


def _open_repeats(parsed: Any) -> float:
    """Count the repeats without a small end; endless when one stands inside another."""
    count: float = 0
    for operation, argument in parsed:
        name = str(operation)
        if name in _WILD:
            return _ENDLESS
        inner = sum(_open_repeats(part) for part in _parts(argument))
        if name in _REPEATS and argument[1] > 1:
            if inner or _has_choice(argument[2]):
                return _ENDLESS
            is_open = argument[1] is _constants.MAXREPEAT or argument[1] > _FEW
            is_exact = argument[0] == argument[1]
            inner = 1 if is_open and not is_exact else 0
        count += inner
    return count


def _has_choice(parsed: Any) -> bool:
    """Tell whether a part can match in more than one way."""
    return any(
        str(operation) in ("BRANCH", *_REPEATS) or any(map(_has_choice, _parts(argument)))
        for operation, argument in parsed
    )


def _parts(argument: Any) -> Iterator[Any]:
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for part in argument:
            yield from _parts(part)


def _walk(root: Mapping[str, Any]) -> Iterator[str]:
    """Walk a schema as a validator would, following references, for a bounded number of steps."""
    waiting: list[Any] = [root]
    steps = 0
    while waiting:
        part = waiting.pop()
        steps += 1
        if steps > MAX_STEPS:
            raise InvalidInputError(
                "The module's settings schema is too large, or refers to itself. "
                "Ask its author for a simpler one."
            )
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, Mapping):
            pattern, by_pattern = part.get("pattern"), part.get("patternProperties")
            if isinstance(pattern, str):
                yield pattern
            if isinstance(by_pattern, Mapping):
                yield from by_pattern
            waiting.extend(part.values())
            if "$ref" in part or "$dynamicRef" in part:
                waiting.append(_target(root, part.get("$ref")))


def _target(root: Mapping[str, Any], reference: object) -> Any:
    """Return what a reference inside the schema stands for; nothing else may be referred to."""
    place: Any = root
    if not isinstance(reference, str) or not (reference == "#" or reference.startswith("#/")):
        raise InvalidInputError(
            "The module's settings schema refers to something outside itself. "
            "Ask its author to keep everything under '$defs'."
        )
    for name in reference.split("/")[1:]:
        name = name.replace("~1", "/").replace("~0", "~")
        place = place.get(name) if isinstance(place, Mapping) else None
    return place
