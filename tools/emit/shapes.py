"""The protocol's types as plain data: what every generator walks over."""

from __future__ import annotations

import inspect
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import msgspec
from msgspec import inspect as msi

from streamcore.protocol import commands, errors, events, frames, manifest, objects, permissions

__all__ = [
    "GENERATED",
    "Shapes",
    "collect",
    "default_of",
    "is_optional_when_sent",
    "paragraphs",
    "sentence",
    "struct_of",
]

GENERATED = "Made by `python dev.py generate`; do not edit."
"""Line one of every generated file."""

_CLIENT_FRAMES = frozenset({"Ack", "DashboardAuth", "ModuleAuth", "Ready", "ViewAuth", "ViewCall"})
"""Frames that travel towards the core: their sender may leave a default out."""


@dataclass(frozen=True)
class Shapes:
    """Every struct and enum of the protocol, each kind in its order of declaration."""

    events: tuple[msi.StructType, ...]
    commands: tuple[msi.StructType, ...]
    frames: tuple[msi.StructType, ...]
    manifest: msi.StructType
    parts: tuple[msi.StructType, ...]
    """Structs that the others are made of."""
    enums: tuple[type[Enum], ...]
    answers: tuple[msi.StructType, ...] = ()
    """What the HTTP interface answers with, beside all of the above."""
    answer_enums: tuple[type[Enum], ...] = ()


def collect(answers: Iterable[object] = ()) -> Shapes:
    """Read the protocol's types, and refuse two different ones with the same name.

    `answers` are types of the core that travel too; what they are made of comes with them.
    """
    event_types = tuple(struct_of(cls) for cls in events.EVENTS.values())
    command_types = tuple(struct_of(cls) for cls in commands.COMMANDS.values())
    frame_types = tuple(struct_of(getattr(frames, name)) for name in frames.__all__)
    manifest_type = struct_of(manifest.Manifest)
    roots = (*event_types, *command_types, *frame_types, manifest_type)
    named = {root.cls for root in roots}

    parts, enums = _inside(roots, known=named)
    enums = {**dict.fromkeys(_public_enums()), **enums}
    known = {*named, *parts, *enums}
    answered, answer_enums = _inside([msi.type_info(answer) for answer in answers], known=known)
    _refuse_same_names([*known, *answered, *answer_enums])
    return Shapes(
        events=event_types,
        commands=command_types,
        frames=frame_types,
        manifest=manifest_type,
        parts=_by_name(parts),
        enums=tuple(sorted(enums, key=_name)),
        answers=_by_name(answered),
        answer_enums=tuple(sorted(answer_enums, key=_name)),
    )


def is_optional_when_sent(owner: msi.StructType, field: msi.Field) -> bool:
    """Say whether a field may be absent on the wire.

    The core writes every field unless the type leaves defaults out; a client may leave out
    whatever has a default.
    """
    if field.required:
        return False
    return owner.cls.__struct_config__.omit_defaults or owner.cls.__name__ in _CLIENT_FRAMES


def default_of(field: msi.Field) -> Any:
    """Return the value of a field that was left out, ready for JSON."""
    if field.default_factory is not msgspec.NODEFAULT:
        return msgspec.to_builtins(field.default_factory())
    return msgspec.to_builtins(field.default)


def sentence(documented: type) -> str:
    """Return the first paragraph of a docstring in one line."""
    return paragraphs(documented.__doc__)[0]


def paragraphs(docstring: str | None) -> list[str]:
    """Return a docstring's paragraphs, each joined to one line."""
    text = inspect.cleandoc(docstring or "")
    return [" ".join(part.split()) for part in text.split("\n\n")]


def struct_of(cls: type) -> msi.StructType:
    """Return the fields of a struct type."""
    found = msi.type_info(cls)
    assert isinstance(found, msi.StructType), cls  # noqa: S101 - narrows for the checker
    return found


def _public_enums() -> Iterator[type[Enum]]:
    for module in (errors, objects, permissions):
        for name in module.__all__:
            value = getattr(module, name)
            if isinstance(value, type) and issubclass(value, Enum):
                yield value


def _inside(
    roots: Iterable[msi.Type], *, known: Container[type]
) -> tuple[dict[type, msi.StructType], dict[type[Enum], None]]:
    """Return the structs and enums that the roots are or are made of, but for the known ones."""
    structs: dict[type, msi.StructType] = {}
    enums: dict[type[Enum], None] = {}
    for root in roots:
        for found in (root, *_walk(root)):
            match found:
                # A filled-in generic (`Page[AuditRow]`) is no class; each language has its own way.
                case msi.StructType(cls=type() as cls) if cls not in known:
                    structs.setdefault(cls, found)
                case msi.EnumType(cls=cls) if cls not in known:
                    enums.setdefault(cls)
    return structs, enums


def _by_name(structs: Mapping[type, msi.StructType]) -> tuple[msi.StructType, ...]:
    return tuple(structs[cls] for cls in sorted(structs, key=_name))


def _name(cls: type) -> str:
    return cls.__name__


def _walk(start: msi.Type) -> Iterator[msi.Type]:
    """Every type below `start`; the protocol's types do not recurse."""
    for inner in _children(start):
        yield inner
        yield from _walk(inner)


def _children(found: msi.Type) -> Iterable[msi.Type]:
    match found:
        case msi.StructType():
            return [field.type for field in found.fields]
        case msi.UnionType():
            return found.types
        case msi.VarTupleType() | msi.ListType() | msi.FrozenSetType():
            return [found.item_type]
        case msi.DictType():
            return [found.key_type, found.value_type]
        case _:
            return []


def _refuse_same_names(classes: Iterable[type]) -> None:
    seen: dict[str, type] = {}
    for cls in classes:
        other = seen.setdefault(cls.__name__, cls)
        if other is not cls:
            raise ValueError(f"two types are called {cls.__name__}: {other} and {cls}")
