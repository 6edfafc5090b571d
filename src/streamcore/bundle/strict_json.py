"""Reads JSON as the standard has it, and says in plain words what is not."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator

from streamcore.bundle.problems import join, show

__all__ = ["Fault", "parse"]

MAX_DEPTH = 32
_MAX_DIGITS = 300

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BOMS = {
    b"\xef\xbb\xbf": "a byte order mark",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_SAVE_AS = 'save the file as "UTF-8" (without BOM)'


class Fault(Exception):
    """One reason why a text is not acceptable JSON."""

    def __init__(self, expected: str, found: str, *, path: str = "$", hint: str = "") -> None:
        super().__init__(f"{path}: expected {expected}, found {found}")
        self.path = path
        self.expected = expected
        self.found = found
        self.hint = hint


class _Object(dict[str, object]):
    """An object that remembers the keys which came more than once."""

    repeated: tuple[str, ...] = ()


def parse(data: bytes) -> tuple[object, list[Fault]]:
    """Return the value and every fault in it; a text that cannot be read at all raises one."""
    value = _load(_decode(data))
    return _plain(value), list(_faults(value, "$"))


def _decode(data: bytes) -> str:
    for mark, name in _BOMS.items():
        if data.startswith(mark):
            raise Fault("UTF-8 without a byte order mark", name, hint=_SAVE_AS)
    if b"\0" in data[:4]:
        raise Fault("UTF-8", "zero bytes, as UTF-16 has them", hint=_SAVE_AS)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"byte 0x{data[error.start]:02x} at position {error.start}"
        raise Fault("UTF-8", found, hint=_SAVE_AS) from None


def _load(text: str) -> object:
    if not text.strip():
        raise Fault("a JSON object", "an empty file")
    if (depth := _depth(text)) > MAX_DEPTH:
        raise Fault(f"at most {MAX_DEPTH} levels of nesting", f"{depth} levels")
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        found = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise Fault("valid JSON", found, hint=_hint(text, error.pos)) from None


def _depth(text: str) -> int:
    deepest = depth = 0
    for character in _STRINGS.sub("", text):
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, object]]) -> _Object:
    made = _Object(pairs)
    if len(made) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        made.repeated = tuple(key for key, count in counts.items() if count > 1)
    return made


def _refuse_constant(name: str) -> object:
    raise Fault("a number", name, hint="JSON has no NaN and no Infinity")


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise Fault("a number", f"{len(digits)} digits")
    return int(digits)


def _hint(text: str, position: int) -> str:
    before = text[:position].rstrip()
    if text[position : position + 1] in "]}" and before.endswith(","):
        return "remove the comma after the last item"
    if before.endswith(",") and text[position : position + 1] in ("'", "/", "#"):
        return "JSON has double quotes only, and no comments"
    if text[position : position + 1] in ("'", "/", "#"):
        return "JSON has double quotes only, and no comments"
    return ""


def _faults(value: object, path: str) -> Iterator[Fault]:
    if isinstance(value, _Object):
        for key in value.repeated:
            yield Fault("each key once", f"{show(key)} more than once", path=join(path, key))
        for key, item in value.items():
            yield from _text_faults(key, path)
            yield from _faults(item, join(path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, join(path, index))
    elif isinstance(value, str):
        yield from _text_faults(value, path)
    elif isinstance(value, float) and not math.isfinite(value):
        yield Fault("a number that fits 64 bits", "a larger one", path=path)


def _text_faults(text: str, path: str) -> Iterator[Fault]:
    if any("\ud800" <= c <= "\udfff" for c in text):
        yield Fault("text", "half of a surrogate pair", path=path)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
