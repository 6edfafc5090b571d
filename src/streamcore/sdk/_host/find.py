"""Finds the one module class in an author's file."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from streamcore.sdk.base import BaseModule

__all__ = ["WrongModule", "load_module_class"]


class WrongModule(Exception):
    """The file is there but does not hold exactly one module; the sentence says what to do."""


def load_module_class(folder: Path, entry_point: str, module_id: str) -> type[BaseModule]:
    """Import the file under a name of its own and return its one subclass of `BaseModule`."""
    path = (folder / entry_point).resolve()
    if not path.is_file():
        raise WrongModule(f"'{entry_point}' is not there; the manifest names it as 'entry_point'.")
    _make_importable(folder.resolve(), path.parent)
    name = f"streamcore_module_{module_id}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise WrongModule(f"'{entry_point}' is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickle look their classes up by name
    spec.loader.exec_module(module)
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseModule) and value.__module__ == name
    ]
    if len(found) != 1:
        raise WrongModule(_how_many(entry_point, found))
    return found[0]


def _make_importable(*folders: Path) -> None:
    """Put the author's folders behind the standard library and before installed packages.

    So the author's own files can be imported, and none of them can stand in for a module of the
    standard library that the SDK loads later.
    """
    library = Path(os.__file__).parent
    places = [Path(entry) for entry in sys.path]
    standard = [i for i, place in enumerate(places) if library in (place, place.parent)]
    after = standard[-1] + 1 if standard else 0
    for folder in dict.fromkeys(folders):
        if folder not in places:
            sys.path.insert(after, str(folder))


def _how_many(entry_point: str, found: list[type[BaseModule]]) -> str:
    if not found:
        return (
            f"'{entry_point}' defines no subclass of BaseModule. Write one: "
            "`from streamcore.sdk import BaseModule` and `class Bot(BaseModule): …`."
        )
    names = ", ".join(cls.__name__ for cls in found)
    return (
        f"'{entry_point}' defines {len(found)} subclasses of BaseModule ({names}). Keep one: a "
        "module is one class."
    )
