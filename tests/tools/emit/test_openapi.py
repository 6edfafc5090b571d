"""The description of the HTTP interface is whole: every reference leads somewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tools.emit.answers import answer_types
from tools.emit.openapi import openapi_document
from tools.emit.shapes import collect


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document()


def _values(node: Any, key: str) -> Iterator[Any]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from _values(value, key)
    elif isinstance(node, list):
        for item in node:
            yield from _values(item, key)


def test_every_reference_leads_to_a_schema(document: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(_values(document["paths"], "$ref")) <= known
    assert set(_values(document["components"], "$ref")) <= known


def test_every_call_but_the_sign_in_asks_for_a_session(document: dict[str, Any]) -> None:
    open_calls = {
        (method, path)
        for path, methods in document["paths"].items()
        for method, call in methods.items()
        if "security" not in call
    }
    assert open_calls == {("post", "/api/session")}


def test_it_does_not_depend_on_how_docstrings_are_indented(document: dict[str, Any]) -> None:
    texts = [text for text in _values(document, "description") if isinstance(text, str)]
    assert texts
    assert not [text for text in texts if "\n " in text]
    json.dumps(document)


def test_answers_of_the_interface_reach_the_front_end() -> None:
    names = {answer.cls.__name__ for answer in collect(answer_types()).answers}
    assert {"ModuleRecord", "PlatformRecord", "AuditRow", "LogLine", "SystemInfo"} <= names
