"""Reading a payload: at once when it is as documented, field by field when it is not."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import inspect as msi

__all__ = [
    "MAX_BYTES",
    "MAX_COUNT",
    "MAX_TEXT",
    "Count",
    "Items",
    "Text",
    "Time",
    "UnreadablePayloadError",
    "reader",
]

W = TypeVar("W", bound=msgspec.Struct)
X = TypeVar("X")

MAX_TEXT = 16 * 1024
"""What is longer is cut."""
MAX_BYTES = 256 * 1024
"""What is larger is not read at all."""
MAX_COUNT = 2**53 - 1
"""The largest number that a module in any language can hold."""
_MAX_ITEMS = 1000

Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
Items = Annotated[tuple[X, ...], msgspec.Meta(max_length=_MAX_ITEMS)]
Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_COUNT)]
Time = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time that says its zone; `moment` makes it one of ours."""

_time = msgspec.json.Decoder(Time)
_WORDS = {"true": True, "false": False, "1": True, "0": False}


class _Nothing:
    """A value that does not fit: the field keeps its default."""


_NOTHING: Final = _Nothing()


class UnreadablePayloadError(Exception):
    """A payload that says nothing that we could tell; `name` is the kind of trouble."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def reader(shape: type[W]) -> Callable[[msgspec.Raw], W]:
    """Return what reads payloads of a shape; it raises nothing but `UnreadablePayloadError`."""
    decode = msgspec.json.Decoder(shape, strict=False).decode

    def read(raw: msgspec.Raw) -> W:
        if memoryview(raw).nbytes > MAX_BYTES:
            raise UnreadablePayloadError("too_large")
        try:
            return decode(raw)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return _leniently(shape, raw)

    return read


def _leniently(shape: type[W], raw: msgspec.Raw) -> W:
    """Read what fits: a field of a wrong kind keeps its default, and what is too long is cut."""
    try:
        fitted = _fit_struct(_described(shape), _parsed(raw))
    except (ValueError, RecursionError) as error:
        raise UnreadablePayloadError("unreadable") from error
    if not isinstance(fitted, shape):
        raise UnreadablePayloadError("unreadable")
    return fitted


def _parsed(raw: msgspec.Raw) -> object:
    value: object = json.loads(bytes(raw).decode("utf-8", "replace"))
    # Half characters, which only an escape can bring in, would not leave as JSON again.
    whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return json.loads(whole)


@functools.cache
def _described(shape: type[msgspec.Struct]) -> msi.StructType:
    described = msi.type_info(shape)
    assert isinstance(described, msi.StructType)  # noqa: S101 - a struct is described as one
    return described


def _fit(wanted: msi.Type, value: object) -> object:
    match wanted:
        case msi.UnionType():  # always something or None
            options = [_fit(option, value) for option in wanted.types]
            return next((fitted for fitted in options if fitted is not _NOTHING), None)
        case msi.StructType():
            try:
                return msgspec.convert(value, wanted.cls, strict=False)
            except msgspec.ValidationError:  # something in it: the rest is worth keeping
                return _fit_struct(wanted, value)
        case msi.VarTupleType() if isinstance(value, list):
            items = (_fit(wanted.item_type, item) for item in value[:_MAX_ITEMS])
            return tuple(item for item in items if item is not _NOTHING)
        case msi.StrType():
            return _fit_text(value)
        case msi.IntType():
            return _fit_number(value, wanted.le if wanted.le is not None else MAX_COUNT)
        case msi.BoolType():
            return _WORDS.get(str(value).lower(), _NOTHING)
        case msi.DateTimeType() if isinstance(value, str):
            return _fit_time(value)
        case msi.NoneType() if value is None:
            return None
        case _:
            return _NOTHING


def _fit_struct(wanted: msi.StructType, value: object) -> object:
    if not isinstance(value, dict):
        return _NOTHING
    fields: dict[str, object] = {}
    for field in wanted.fields:
        fitted = (
            _fit(field.type, value[field.encode_name]) if field.encode_name in value else _NOTHING
        )
        if fitted is not _NOTHING:
            fields[field.name] = fitted
        elif field.required:
            return _NOTHING
    return wanted.cls(**fields)


def _fit_text(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return _NOTHING
    return str(value)[:MAX_TEXT]


def _fit_number(value: object, most: float) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return _NOTHING
    if isinstance(value, float) and not math.isfinite(value):
        return _NOTHING
    try:
        number = int(value)
    except ValueError:
        return _NOTHING
    return number if 0 <= number <= most else _NOTHING


def _fit_time(value: str) -> object:
    try:
        return _time.decode(json.dumps(value))
    except (msgspec.DecodeError, UnicodeError):
        return _NOTHING
