"""TypeScript from the protocol's types: one file that the dashboard and the page SDK import."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import Enum

from msgspec import inspect as msi

from streamcore.protocol import PROTOCOL_VERSION, limits
from streamcore.protocol.commands import COMMANDS, TARGET_ALL, Command
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import EVENTS, Event
from streamcore.protocol.permissions import PERMISSIONS
from tools.emit.shapes import GENERATED, Shapes, is_optional_when_sent, paragraphs, struct_of

__all__ = ["type_text", "typescript"]

_WIDTH = 100


def typescript(shapes: Shapes) -> str:
    """Return the whole of `schema.gen.ts`."""
    blocks = [
        f"// {GENERATED}",
        *_constants(),
        *(_enum(enum) for enum in shapes.enums),
        *(_interface(part) for part in shapes.parts),
        "/** A time of the wire: UTC, RFC 3339. */\nexport type Timestamp = string;",
        _base("EventBase", struct_of(Event), tag="type: EventType"),
        *(_interface(event, base="EventBase", hidden=_names(Event)) for event in shapes.events),
        _union("AnyEvent", "Every event, told apart by `type`.", shapes.events),
        _enumeration("EventType", EVENTS),
        "/** The event with this `type`. */\n"
        "export type EventOf<T extends EventType> = Extract<AnyEvent, { type: T }>;",
        *_event_table(),
        _base("CommandBase", struct_of(Command), tag="cmd: CommandName"),
        *(
            _interface(command, base="CommandBase", hidden=_names(Command))
            for command in shapes.commands
        ),
        _union("AnyCommand", "Every command, told apart by `cmd`.", shapes.commands),
        _enumeration("CommandName", COMMANDS),
        "/** The command with this `cmd`. */\n"
        "export type CommandOf<T extends CommandName> = Extract<AnyCommand, { cmd: T }>;",
        *_command_table(),
        *(_interface(frame) for frame in shapes.frames),
        _interface(shapes.manifest),
        *_permission_table(),
        f"export const ERROR_CODES = {_array(code.value for code in ErrorCode)} as const;",
        *_answers(shapes),
    ]
    return "\n\n".join(blocks) + "\n"


def type_text(found: msi.Type) -> str:
    """Return the TypeScript of one type."""
    match found:
        case msi.StrType():
            return "string"
        case msi.IntType() | msi.FloatType():
            return "number"
        case msi.BoolType():
            return "boolean"
        case msi.NoneType():
            return "null"
        case msi.DateTimeType():
            return "Timestamp"
        case msi.AnyType():
            return "unknown"
        case msi.CustomType() if found.cls is object:
            return "unknown"
        case msi.StructType() | msi.EnumType():
            return found.cls.__name__
        case msi.LiteralType():
            return " | ".join(_quote(value) for value in found.values)
        case msi.UnionType() if _is_any_event(found):
            return "AnyEvent"
        case msi.UnionType():
            return " | ".join(type_text(option) for option in found.types)
        case msi.VarTupleType() | msi.ListType() | msi.FrozenSetType():
            item = type_text(found.item_type)
            return f"readonly ({item})[]" if " " in item else f"readonly {item}[]"
        case msi.DictType():
            return f"Readonly<Record<{type_text(found.key_type)}, {type_text(found.value_type)}>>"
        case _:
            raise TypeError(f"the TypeScript generator does not know {found}")


def _answers(shapes: Shapes) -> list[str]:
    """What `/api` answers with, when the caller wants that too."""
    if not shapes.answers:
        return []
    return [
        "/** A part of a list; `next` is the cursor of what follows, null at its end. */\n"
        "export interface Page<T> {\n  items: readonly T[];\n  next: string | null;\n}",
        *(_enum(enum) for enum in shapes.answer_enums),
        *(_interface(answer) for answer in shapes.answers),
    ]


def _constants() -> list[str]:
    numbers = {name: getattr(limits, name) for name in limits.__all__}
    return [
        f"export const PROTOCOL_VERSION = {PROTOCOL_VERSION};",
        "/** The `target` of a command that means every connected platform. */\n"
        f"export const TARGET_ALL = {_quote(TARGET_ALL)};",
        "/** The numbers that both sides of a connection must respect. */\n"
        "export const LIMITS = {\n"
        + "".join(f"  {name}: {value},\n" for name, value in numbers.items())
        + "} as const;",
    ]


def _enum(enum: type[Enum]) -> str:
    values = [str(member.value) for member in enum]
    return _comment(paragraphs(enum.__doc__)) + _enumeration(enum.__name__, values)


def _enumeration(name: str, values: Iterable[str]) -> str:
    quoted = [_quote(value) for value in values]
    joined = " | ".join(quoted)
    for start in (f"export type {name} = ", f"export type {name} =\n  "):
        if len((start + joined + ";").splitlines()[-1]) <= _WIDTH:
            return f"{start}{joined};"
    return f"export type {name} =\n  | " + "\n  | ".join(quoted) + ";"


def _is_any_event(union: msi.UnionType) -> bool:
    options = {option.cls for option in union.types if isinstance(option, msi.StructType)}
    return options == set(EVENTS.values())


def _base(name: str, found: msi.StructType, *, tag: str) -> str:
    fields = "".join(f"  {line}\n" for line in [f"{tag};", *_fields(found)])
    return _comment(paragraphs(found.cls.__doc__)) + f"export interface {name} {{\n{fields}}}"


def _interface(
    struct: msi.StructType, *, base: str | None = None, hidden: frozenset[str] = frozenset()
) -> str:
    lines = [line for line in _fields(struct, hidden)]
    if struct.tag_field is not None:
        lines.insert(0, f"{struct.tag_field}: {_quote(struct.tag)};")
    extends = f" extends {base}" if base else ""
    body = "".join(f"  {line}\n" for line in lines)
    return (
        _comment(paragraphs(struct.cls.__doc__))
        + f"export interface {struct.cls.__name__}{extends} {{\n{body}}}"
    )


def _fields(struct: msi.StructType, hidden: frozenset[str] = frozenset()) -> list[str]:
    return [
        f"{field.encode_name}{'?' if is_optional_when_sent(struct, field) else ''}: "
        f"{type_text(field.type)};"
        for field in struct.fields
        if field.encode_name not in hidden
    ]


def _names(cls: type) -> frozenset[str]:
    return frozenset(field.encode_name for field in struct_of(cls).fields)


def _union(name: str, text: str, structs: Iterable[msi.StructType]) -> str:
    return (
        f"/** {text} */\nexport type {name} =\n"
        + "\n".join(f"  | {struct.cls.__name__}" for struct in structs)
        + ";"
    )


def _event_table() -> list[str]:
    rows = {
        name: f"{{ permission: {_quote(cls.permission)}, durable: {_quote(cls.durable)} }}"
        for name, cls in EVENTS.items()
    }
    return [
        "/** What a reader of an event needs (null: everybody may), and whether it is logged. */\n"
        "export interface EventInfo {\n  permission: Permission | null;\n  durable: boolean;\n}",
        _table("EVENTS", "EventType", "EventInfo", rows),
    ]


def _command_table() -> list[str]:
    rows = {name: _quote(cls.permission) for name, cls in COMMANDS.items()}
    return [
        "/** What the sender of a command needs; null is for commands on its own data. */\n"
        + _table("COMMANDS", "CommandName", "Permission | null", rows)
    ]


def _permission_table() -> list[str]:
    rows = {
        permission.value: (
            f"{{\n    risk: {_quote(info.risk)},\n"
            f"    en: {_quote(info.en)},\n    ru: {_quote(info.ru)},\n  }}"
        )
        for permission, info in PERMISSIONS.items()
    }
    return [
        "/** What a streamer is told about a permission on the consent page. */\n"
        "export interface PermissionInfo {\n  risk: Risk;\n  en: string;\n  ru: string;\n}",
        _table("PERMISSIONS", "Permission", "PermissionInfo", rows),
    ]


def _table(name: str, key: str, value: str, rows: Mapping[str, str]) -> str:
    body = "".join(f"  {row}: {text},\n" for row, text in rows.items())
    return f"export const {name}: Readonly<Record<{key}, {value}>> = {{\n{body}}};"


def _array(values: Iterable[str]) -> str:
    return "[\n" + "".join(f"  {_quote(value)},\n" for value in values) + "]"


def _quote(value: object) -> str:
    """Write a literal the way the front end's formatter would."""
    if value is None:
        return "null"
    if isinstance(value, bool | int | float) or value is None:
        return json.dumps(value)
    text = str(value)
    if "'" in text and '"' not in text:
        return json.dumps(text, ensure_ascii=False)
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"


def _comment(texts: list[str]) -> str:
    if texts == [""]:
        return ""
    one_line = f"/** {texts[0]} */\n"
    if len(texts) == 1 and len(one_line) <= _WIDTH:
        return one_line
    lines: list[str] = []
    for part in texts:
        lines += ["", *_wrapped(part)] if lines else _wrapped(part)
    return "/**\n" + "".join(f" * {line}".rstrip() + "\n" for line in lines) + " */\n"


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _WIDTH - 3:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
