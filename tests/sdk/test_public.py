"""What an author can import, and that it is documented."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import streamcore.sdk
from streamcore.protocol.events import EVENTS, Event
from streamcore.sdk import events

MODULES = [
    "streamcore.sdk",
    *(
        f"streamcore.sdk.{info.name}"
        for info in pkgutil.iter_modules(streamcore.sdk.__path__)
        if not info.name.startswith("_")
    ),
]


@pytest.mark.parametrize("name", MODULES)
def test_everything_under_all_is_there_and_documented(name: str) -> None:
    module = importlib.import_module(name)
    assert len(set(module.__all__)) == len(module.__all__)
    for public in module.__all__:
        value = getattr(module, public)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), f"{name}.{public} has no sentence"


def test_the_package_exports_every_event_and_error() -> None:
    names = set(streamcore.sdk.__all__)
    assert {cls.__name__ for cls in EVENTS.values()} <= names
    assert {"BaseModule", "on_event", "on_call", "command", "every"} <= names


def test_names_that_are_not_there_are_missing_as_in_any_module() -> None:
    with pytest.raises(ImportError):
        exec("from streamcore.sdk import Nonsense")  # noqa: S102 - the statement is the subject
    with pytest.raises(AttributeError):
        _ = events.Nonsense  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_an_event_class_is_its_namesake_of_the_protocol_with_once(name: str) -> None:
    cls, base = events.class_of(name), EVENTS[name]
    assert issubclass(cls, base)
    assert (cls.__name__, cls.__doc__) == (base.__name__, base.__doc__)
    assert cls.__struct_config__.tag == name
    assert callable(cls.once)  # type: ignore[attr-defined]
    assert isinstance(cls(), Event)


def test_the_types_for_checkers_name_every_event() -> None:
    stub = (Path(streamcore.sdk.__file__).parent / "events.pyi").read_text()
    classes = re.findall(r"^class (\w+)\(\s*_protocol\.\1, _Once,", stub, re.MULTILINE)
    exported = re.findall(r'^    "(\w+)",$', stub, re.MULTILINE)
    assert classes == exported == sorted(events.EVENT_NAMES)
