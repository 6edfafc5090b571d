"""Reading a folder as a whole: what comes back, and that every problem does."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from streamcore.bundle import Severity, read_bundle
from streamcore.protocol.manifest import Manifest
from streamcore.protocol.permissions import Permission
from tests.bundle.folders import MANIFEST, make_folder, one, read_with, write_manifest


def test_the_example_of_the_specification_is_sound(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    bundle = read_bundle(folder)
    assert bundle.problems == ()
    assert bundle.warnings == ()
    assert bundle.id == "my_super_bot"
    assert bundle.folder == folder.resolve()
    assert bundle.manifest == Manifest(
        id="my_super_bot",
        name="Super Bot",
        version="1.0.0",
        entry_point="backend.py",
        requirements=("twitch",),
        permissions=(Permission.CHAT_READ, Permission.CHAT_SEND),
    )
    assert bundle.digest.startswith("sha256:")
    assert bundle.files == {"overlay.html": folder.resolve() / "dist" / "overlay.html"}


def test_every_key_of_the_protocol_is_taken_over(tmp_path: Path) -> None:
    bundle = read_with(
        tmp_path,
        name={"en": "Super Bot", "ru": "Супербот"},
        description={"en": "Greets.\nAlways.", "ru": "Здоровается."},
        author="Анна",
        homepage="https://example.com/bot",
        license="MIT",
        icon="bot",
        tags=["chat", "fun"],
        streamcore=">=0.1,<2",
        permissions=["chat_read", "network", "modules_call"],
        views=[{"id": "overlay", "title": {"ru": "Окно"}, "path": "overlay.html", "kind": "panel"}],
        settings={
            "type": "object",
            "properties": {
                "greeting": {"type": "string", "default": "hi"},
                "key": {"type": "string", "format": "secret"},
            },
        },
        state={"score": {"type": "integer"}},
        network=["api.example.com"],
        calls=["goals"],
        catch_up=["chat_message"],
        python_dependencies=["example==1.2.3"],
        limits={"memory_mb": 512},
    )
    assert bundle.problems == ()
    assert bundle.warnings == ()
    manifest = bundle.manifest
    assert manifest is not None
    assert manifest.views[0].path == "overlay.html"
    assert manifest.limits.memory_mb == 512
    assert manifest.limits.processes == 1
    assert manifest.settings["type"] == "object"


def test_every_problem_is_reported_at_once(tmp_path: Path) -> None:
    bundle = read_with(
        tmp_path,
        version="one",
        entry_point="../backend.py",
        permissions=["chat_sent", 5],
        limits={"processes": 0},
        settings={"type": "array"},
        name=...,
    )
    assert bundle.manifest is None
    assert [problem.path for problem in bundle.problems] == [
        "$.name",
        "$.version",
        "$.entry_point",
        "$.permissions[1]",
        "$.permissions[0]",
        "$.settings.type",
        "$.limits.processes",
    ]
    assert all(problem.file == "manifest.json" for problem in bundle.problems)
    assert all(problem.expected and problem.found for problem in bundle.problems)
    assert bundle.digest.startswith("sha256:")


def test_a_module_of_pages_alone_needs_no_code(tmp_path: Path) -> None:
    bundle = read_with(tmp_path, entry_point=..., views=[{"id": "overlay", "path": "overlay.html"}])
    assert bundle.problems == ()
    assert bundle.manifest is not None
    assert bundle.manifest.entry_point is None


def test_a_module_of_nothing_is_refused(tmp_path: Path) -> None:
    problem = one(read_with(tmp_path, entry_point=...).problems)
    assert problem.path == "$.entry_point"
    assert "views" in problem.hint


def test_an_unknown_key_is_a_warning_with_the_nearest_one(tmp_path: Path) -> None:
    bundle = read_with(tmp_path, permisions=[])
    assert bundle.manifest is not None
    warning = one(bundle.warnings)
    assert warning.severity is Severity.WARNING
    assert warning.path == "$.permisions"
    assert warning.hint == 'did you mean "permissions"?'


def test_a_folder_without_a_manifest_is_a_value(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    bundle = read_bundle(folder)
    assert bundle.id == "empty"
    assert bundle.manifest is None
    assert one(bundle.problems).file == "manifest.json"


def test_a_missing_folder_is_a_value(tmp_path: Path) -> None:
    bundle = read_bundle(tmp_path / "nowhere")
    assert bundle.manifest is None
    assert bundle.digest == ""
    assert {problem.file for problem in bundle.problems} == {".", "manifest.json"}


@pytest.mark.skipif(sys.platform == "win32", reason="modes do not forbid reading there")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_a_value(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    (folder / "backend.py").chmod(0)
    problem = one(read_bundle(folder).problems)
    assert problem.file == "backend.py"


@pytest.mark.parametrize(
    ("text", "expected", "found"),
    [
        pytest.param(b"", "a JSON object", "an empty file", id="empty"),
        pytest.param(b"[]", "a JSON object", "[]", id="a list"),
        pytest.param(b'"text"', "a JSON object", '"text"', id="a text"),
        pytest.param(b"null", "a JSON object", "null", id="null"),
        pytest.param(b"{", "valid JSON", "line 1, column 2", id="cut off"),
        pytest.param(b'{"id": 1,}', "valid JSON", "line 1, column 10", id="comma at the end"),
        pytest.param(b"{'id': 1}", "valid JSON", "line 1, column 2", id="single quotes"),
        pytest.param(b'{"id": 1} {}', "valid JSON", "line 1, column 11", id="two values"),
        pytest.param(b'\xef\xbb\xbf{"id": 1}', "without a byte order mark", "a byte", id="BOM"),
        pytest.param('{"id": 1}'.encode("utf-16"), "UTF-8", "UTF-16", id="UTF-16 with BOM"),
        pytest.param('{"id": 1}'.encode("utf-16-le"), "UTF-8", "UTF-16", id="UTF-16-LE"),
        pytest.param('{"id": 1}'.encode("utf-16-be"), "UTF-8", "UTF-16", id="UTF-16-BE"),
        pytest.param('{"имя": 1}'.encode("cp1251"), "UTF-8", "byte 0xe8", id="cp1251"),
        pytest.param(b'{"id": "\xff"}', "UTF-8", "byte 0xff", id="stray byte"),
        pytest.param(b'{"id": NaN}', "a number", "NaN", id="NaN"),
        pytest.param(b'{"id": -Infinity}', "a number", "-Infinity", id="Infinity"),
        pytest.param(b'{"id": ' + b"9" * 5000 + b"}", "a number", "5000 digits", id="digits"),
        pytest.param(b"[" * 60000, "32 levels", "60000 levels", id="depth, cut off"),
        pytest.param(
            b'{"a":' * 33 + b"1" + b"}" * 33, "32 levels", "33 levels", id="depth of objects"
        ),
    ],
)
def test_a_text_that_is_not_json_has_one_clear_problem(
    tmp_path: Path, text: bytes, expected: str, found: str
) -> None:
    folder = make_folder(tmp_path)
    write_manifest(folder, text)
    problem = one(read_bundle(folder).problems)
    assert expected in problem.expected
    assert found in problem.found


def test_a_manifest_over_the_limit_is_not_parsed(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    write_manifest(folder, json.dumps({**MANIFEST, "author": "a" * 65536}))
    problem = one(read_bundle(folder).problems)
    assert problem.expected == "at most 64 KiB"
    assert problem.path == ""


def test_a_manifest_at_the_limit_is_parsed(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    text = json.dumps(MANIFEST)
    write_manifest(folder, text + " " * (65536 - len(text)))
    assert read_bundle(folder).problems == ()


@pytest.mark.parametrize(
    ("text", "path", "found"),
    [
        pytest.param(
            '"permissions": [], "permissions": ["chat_read"]',
            "$.permissions",
            '"permissions" more than once',
            id="repeated key",
        ),
        pytest.param(
            '"limits": {"memory_mb": 64, "memory_mb": 65}',
            "$.limits.memory_mb",
            '"memory_mb" more than once',
            id="repeated key inside",
        ),
        pytest.param('"author": "\\ud83d"', "$.author", "surrogate", id="lone surrogate"),
        pytest.param('"x": 1e999', "$.x", "a larger one", id="1e999"),
    ],
)
def test_a_fault_inside_the_text_is_found_at_its_place(
    tmp_path: Path, text: str, path: str, found: str
) -> None:
    folder = make_folder(tmp_path)
    manifest = json.dumps(dict(MANIFEST))
    write_manifest(folder, f"{manifest[:-1]}, {text}}}")
    problems = [p for p in read_bundle(folder).problems if p.path == path]
    assert any(found in problem.found for problem in problems)
    assert read_bundle(folder).manifest is None


def test_hints_of_json_say_what_to_do(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    write_manifest(folder, '{"id": 1,\n}')
    assert "comma" in one(read_bundle(folder).problems).hint
    write_manifest(folder, '{// a comment\n"id": 1}')
    assert "comments" in one(read_bundle(folder).problems).hint
