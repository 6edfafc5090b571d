"""The TypeScript says what really travels, field for field."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Generic, TypeVar, Union

import msgspec
import pytest
from msgspec import inspect as msi

from streamcore.protocol.commands import COMMANDS
from streamcore.protocol.events import EVENTS
from streamcore.protocol.permissions import PERMISSIONS
from tools.emit.shapes import collect
from tools.emit.typescript import type_text, typescript

Item = TypeVar("Item")


class Colour(StrEnum):
    RED = "red"


class Box(msgspec.Struct):
    size: int


@pytest.fixture(scope="module")
def source() -> str:
    return typescript(collect())


def _body(source: str, name: str) -> str:
    found = re.search(rf"export interface {name}(?: extends \w+)? {{\n(.*?)}}", source, re.DOTALL)
    assert found is not None, name
    return found[1]


@pytest.mark.parametrize(
    ("python", "expected"),
    [
        (str, "string"),
        (int, "number"),
        (float, "number"),
        (bool, "boolean"),
        (object, "unknown"),
        (str | None, "string | null"),
        (tuple[str, ...], "readonly string[]"),
        (tuple[str | None, ...], "readonly (string | null)[]"),
        (dict[str, object], "Readonly<Record<string, unknown>>"),
        (Colour, "Colour"),
        (Box, "Box"),
        (tuple[Box, ...] | None, "readonly Box[] | null"),
    ],
    ids=str,
)
def test_type_has_its_typescript(python: type, expected: str) -> None:
    assert type_text(msi.type_info(python)) == expected


def test_a_type_that_cannot_travel_is_refused() -> None:
    with pytest.raises(TypeError, match="does not know"):
        type_text(msi.type_info(bytes))


@pytest.mark.parametrize("name", EVENTS, ids=str)
def test_every_event_is_an_interface_with_its_tag(source: str, name: str) -> None:
    assert f"type: '{name}';" in _body(source, EVENTS[name].__name__)
    assert f"  | {EVENTS[name].__name__}" in source


@pytest.mark.parametrize("name", COMMANDS, ids=str)
def test_every_command_is_an_interface_with_its_tag(source: str, name: str) -> None:
    assert f"cmd: '{name}';" in _body(source, COMMANDS[name].__name__)
    assert f"  | {COMMANDS[name].__name__}" in source


def test_fields_of_an_event_are_always_there(source: str) -> None:
    assert "reply_to: Reply | null;" in _body(source, "ChatMessage")
    assert "user: User | null;" in _body(source, "EventBase")


def test_a_command_may_leave_out_what_has_a_default(source: str) -> None:
    body = _body(source, "SendChat")
    assert "msg: string;" in body
    assert "reply_to?: string | null;" in body


def test_a_frame_that_leaves_defaults_out_says_so(source: str) -> None:
    body = _body(source, "CommandAnswer")
    assert "ok: boolean;" in body
    assert "error?: ErrorBody | null;" in body


def test_a_renamed_field_has_the_name_of_the_wire(source: str) -> None:
    assert "  from: User | null;" in _body(source, "Raid")


def test_each_permission_has_both_sentences(source: str) -> None:
    for permission, info in PERMISSIONS.items():
        assert f"  {permission.value}: {{" in source
        assert info.en.replace("'", "\\'") in source
        assert info.ru in source


def test_line_one_says_that_the_file_is_generated(source: str) -> None:
    assert source.splitlines()[0] == "// Made by `python dev.py generate`; do not edit."


class Level(StrEnum):
    """How high."""

    LOW = "low"


class Row(msgspec.Struct):
    """One row of a table."""

    level: Level
    words: frozenset[str]


class Sheet(msgspec.Struct, Generic[Item]):
    """Some rows."""

    items: list[Item]


class Story(msgspec.Struct):
    """What happened."""

    events: list[Union[tuple(EVENTS.values())]]  # type: ignore[valid-type]  # noqa: UP007 - from a list


def test_answers_bring_what_they_are_made_of() -> None:
    source = typescript(collect([Sheet[Row]]))
    assert "export type Level = 'low';" in source
    assert _body(source, "Row") == "  level: Level;\n  words: readonly string[];\n"
    assert "interface Page<T> {" in source
    assert "Sheet" not in source


def test_a_list_of_any_event_is_called_so() -> None:
    assert "events: readonly AnyEvent[];" in _body(typescript(collect([Story])), "Story")


def test_two_types_with_one_name_are_refused() -> None:
    impostor = msgspec.defstruct("User", [("id", str)])
    with pytest.raises(ValueError, match="two types are called User"):
        collect([impostor])


def test_without_answers_there_is_no_page(source: str) -> None:
    assert "interface Page<T>" not in source
