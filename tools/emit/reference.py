"""The reference for module authors: every event, command, permission and frame in one page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from enum import Enum

from msgspec import inspect as msi

from streamcore.protocol import PROTOCOL_VERSION
from streamcore.protocol.commands import COMMANDS, Command
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import EVENTS, Event
from streamcore.protocol.permissions import PERMISSIONS, Permission
from tools.emit.shapes import GENERATED, Shapes, default_of, paragraphs, sentence, struct_of

__all__ = ["reference"]

_ALWAYS = "Always allowed"


def reference(shapes: Shapes) -> str:
    """Return the whole of `docs/protocol.md`."""
    parts = [
        f"<!-- {GENERATED} -->",
        "# Protocol reference",
        f"Protocol version {PROTOCOL_VERSION}. Times are UTC in RFC 3339, ids are text, unknown "
        "fields are ignored by readers. The same words as JSON Schema: "
        "[`schemas/protocol.schema.json`](../schemas/protocol.schema.json) and "
        "[`schemas/manifest.schema.json`](../schemas/manifest.schema.json).",
        "## Permissions",
        _permissions(),
        "## Events",
        "An event is flat JSON; `type` says which it is. Every event has these fields:",
        _fields(struct_of(Event)),
        *_grouped(shapes.events, {name: cls.permission for name, cls in EVENTS.items()}, Event),
        "## Commands",
        "A command is flat JSON; `cmd` says which it is. Every command may carry:",
        _fields(struct_of(Command)),
        *_grouped(
            shapes.commands, {name: cls.permission for name, cls in COMMANDS.items()}, Command
        ),
        "### Error codes",
        "A refused or failed command is answered with one of: "
        + ", ".join(f"`{code.value}`" for code in ErrorCode)
        + ".",
        "## Frames",
        "What travels besides events and commands on `/module`, `/view` and `/dashboard`.",
        *(_entry(frame.cls.__name__, frame, frozenset()) for frame in shapes.frames),
        "## Manifest",
        *paragraphs(shapes.manifest.cls.__doc__),
        _fields(shapes.manifest),
        "## Shared objects",
        *(_entry(part.cls.__name__, part, frozenset()) for part in shapes.parts),
        "## Closed lists",
        *(_enum(enum) for enum in shapes.enums),
    ]
    return "\n\n".join(parts) + "\n"


def _permissions() -> str:
    rows = [
        (f"`{permission.value}`", info.risk.value, info.en, info.ru)
        for permission, info in PERMISSIONS.items()
    ]
    return _table(("permission", "risk", "what the streamer reads", "по-русски"), rows)


def _grouped(
    structs: Sequence[msi.StructType], permissions: dict[str, Permission | None], base: type
) -> list[str]:
    """One heading for each permission, below it what the permission opens."""
    hidden = frozenset(field.encode_name for field in struct_of(base).fields)
    lines: list[str] = []
    for permission in (*Permission, None):
        members = [struct for struct in structs if permissions[str(struct.tag)] == permission]
        if members:
            lines.append(f"### With `{permission.value}`" if permission else f"### {_ALWAYS}")
            lines += [_entry(str(struct.tag), struct, hidden) for struct in members]
    return lines


def _entry(title: str, struct: msi.StructType, hidden: frozenset[str]) -> str:
    shown = _fields(struct, hidden)
    return "\n\n".join(
        [f"#### `{title}`", *paragraphs(struct.cls.__doc__), *([shown] if shown else [])]
    )


def _fields(struct: msi.StructType, hidden: frozenset[str] = frozenset()) -> str:
    rows = [
        (f"`{field.encode_name}`", _type(field.type), _default(field))
        for field in struct.fields
        if field.encode_name not in hidden
    ]
    return _table(("field", "type", "when left out"), rows) if rows else ""


def _default(field: msi.Field) -> str:
    if field.required:
        return "required"
    return f"`{json.dumps(default_of(field), ensure_ascii=False)}`"


def _type(found: msi.Type) -> str:
    match found:
        case msi.StrType():
            return "text"
        case msi.IntType():
            return "integer"
        case msi.FloatType():
            return "number"
        case msi.BoolType():
            return "true or false"
        case msi.NoneType():
            return "null"
        case msi.DateTimeType():
            return "time"
        case msi.AnyType() | msi.CustomType():
            return "any JSON"
        case msi.StructType() | msi.EnumType():
            return f"[{found.cls.__name__}](#{found.cls.__name__.lower()})"
        case msi.UnionType():
            return " or ".join(_type(option) for option in found.types)
        case msi.VarTupleType() | msi.ListType():
            return f"list of {_type(found.item_type)}"
        case msi.DictType():
            return f"object of {_type(found.value_type)}"
        case _:
            raise TypeError(f"the reference generator does not know {found}")


def _enum(enum: type[Enum]) -> str:
    values = ", ".join(f"`{member.value}`" for member in enum)
    return f"#### `{enum.__name__}`\n\n{sentence(enum)}\n\n{values}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines
    )
