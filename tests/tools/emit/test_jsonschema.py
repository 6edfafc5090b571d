"""The schemas accept what the types accept, and refuse what an author gets wrong."""

from __future__ import annotations

from typing import Any

import jsonschema
import msgspec
import pytest

from streamcore.protocol.commands import COMMANDS
from streamcore.protocol.events import EVENTS
from tools.emit.jsonschema import as_text, manifest_schema, protocol_schema
from tools.emit.shapes import collect

SPEC_EXAMPLE: dict[str, Any] = {
    "id": "my_super_bot",
    "name": "Super Bot",
    "version": "1.0.0",
    "entry_point": "backend.py",
    "requirements": ["twitch"],
    "permissions": ["chat_read", "chat_send"],
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return protocol_schema(collect())


@pytest.fixture(scope="module")
def protocol(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture(scope="module")
def manifest() -> jsonschema.Draft202012Validator:
    schema = manifest_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("name", EVENTS, ids=str)
def test_an_encoded_event_is_valid(protocol: jsonschema.Draft202012Validator, name: str) -> None:
    protocol.validate(msgspec.json.decode(msgspec.json.encode(EVENTS[name]())))


def test_an_unknown_event_is_refused(protocol: jsonschema.Draft202012Validator) -> None:
    assert not protocol.is_valid({"type": "chat_massage"})


def test_the_packet_of_the_spec_is_valid(protocol: jsonschema.Draft202012Validator) -> None:
    protocol.validate({"cmd": "send_chat", "msg": "Привет", "target": "twitch"})


@pytest.mark.parametrize(
    "packet",
    [
        {"cmd": "send_chat", "target": "twitch"},
        {"cmd": "send_chat", "msg": 5, "target": "twitch"},
        {"cmd": "send_chat", "msg": "x", "target": "twitch", "also": 1},
        {"cmd": "format_disk"},
    ],
    ids=["a field is missing", "a wrong type", "an unknown field", "an unknown command"],
)
def test_a_wrong_command_is_refused(
    protocol: jsonschema.Draft202012Validator, packet: dict[str, object]
) -> None:
    assert not protocol.is_valid(packet)


def test_every_command_and_event_is_listed_once(schema: dict[str, Any]) -> None:
    definitions = schema["$defs"]
    assert list(definitions["AnyEvent"]["discriminator"]["mapping"]) == list(EVENTS)
    assert list(definitions["AnyCommand"]["discriminator"]["mapping"]) == list(COMMANDS)


def test_times_are_marked(schema: dict[str, Any]) -> None:
    definitions = schema["$defs"]
    assert definitions["Follow"]["properties"]["at"]["format"] == "date-time"
    ends = definitions["UserBanned"]["properties"]["ends_at"]
    assert {"type": "string", "format": "date-time"} in ends["anyOf"]


def test_the_manifest_of_the_spec_is_valid(manifest: jsonschema.Draft202012Validator) -> None:
    manifest.validate(SPEC_EXAMPLE)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "My-Bot"},
        {"version": "1.0"},
        {"entry_point": "backend.sh"},
        {"permissions": ["chat_shout"]},
        {"permissions": ["chat_read", "chat_read"]},
        {"settings": {"type": "objekt"}},
        {"views": [{"id": "overlay"}]},
    ],
    ids=lambda change: "_".join(change),
)
def test_a_wrong_manifest_is_refused(
    manifest: jsonschema.Draft202012Validator, change: dict[str, object]
) -> None:
    assert not manifest.is_valid({**SPEC_EXAMPLE, **change})


def test_a_module_needs_code_or_pages(manifest: jsonschema.Draft202012Validator) -> None:
    without = {key: value for key, value in SPEC_EXAMPLE.items() if key != "entry_point"}
    assert not manifest.is_valid(without)
    manifest.validate({**without, "views": [{"id": "overlay", "path": "overlay.html"}]})


def test_line_one_says_that_the_file_is_generated() -> None:
    first = as_text(manifest_schema()).splitlines()[0]
    assert "Made by `python dev.py generate`" in first
