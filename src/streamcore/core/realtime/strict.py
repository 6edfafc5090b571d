"""Strict JSON: no NaN, no infinity, no lone surrogate, no bad UTF-8, no deep nesting."""

from __future__ import annotations

import re

import msgspec

__all__ = ["MalformedError", "strict_args", "strict_object"]

_ANY = msgspec.json.Decoder()
_ARGS = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, object])
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_AS_SQUARE = bytes.maketrans(b"{}", b"[]")
_NO_BRACKET = bytes(byte for byte in range(256) if byte not in b"[]{}")


class MalformedError(ValueError):
    """The text is not what we accept as JSON."""


def strict_args(text: bytes, depth: int) -> tuple[object, list[msgspec.Raw]]:
    """Return the first item of a JSON array, and all items still encoded, after checking them."""
    try:
        # The raw decoder skips over values; the full one is what looks into them.
        checked = _ANY.decode(text)
        args = _ARGS.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedError(str(error)) from None
    _check_depth(text, depth)
    return (checked[0] if args else None), args


def strict_object(text: bytes, depth: int) -> dict[str, object]:
    """Return a checked JSON object."""
    try:
        found = _OBJECT.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedError(str(error)) from None
    _check_depth(text, depth)
    return found


def _check_depth(text: bytes, depth: int) -> None:
    """Peel valid JSON from the inside: each pass removes what holds no other container."""
    if text.count(b"[") + text.count(b"{") <= depth:
        return
    brackets = _STRING.sub(b"", text).translate(_AS_SQUARE, _NO_BRACKET)
    for _ in range(depth):
        brackets = brackets.replace(b"[]", b"")
        if not brackets:
            return
    raise MalformedError(f"nested deeper than {depth}")
