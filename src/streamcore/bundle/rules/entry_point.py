"""Entry point: a Python file of the module itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PureWindowsPath

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, nearest, show
from streamcore.bundle.tree import Kind

__all__ = ["check_entry_point"]

_PATH = "$.entry_point"


def check_entry_point(facts: Facts) -> Iterator[Problem]:
    """Relative, inside the folder after resolving links, and ending in `.py`."""
    if "entry_point" not in facts.manifest:
        return
    found = facts.manifest["entry_point"]
    if not isinstance(found, str) or not found:
        yield facts.error(_PATH, "the name of a Python file", show(found))
        return
    if _is_strange(found):
        hint = "no drive, no leading slash, no .. and no backslash"
        yield facts.error(_PATH, "a relative path with / between its parts", show(found), hint)
        return
    if not found.endswith(".py"):
        yield facts.error(_PATH, "a file that ends in .py", show(found))
        return
    target = facts.tree.inside(found)
    if target is None:
        files = [e.path for e in facts.tree.entries if e.kind is Kind.FILE]
        hint = nearest(found, [path for path in files if path.endswith(".py")])
        yield facts.error(_PATH, "a file inside the module's folder", show(found), hint)
    elif target.suffix != ".py":
        yield facts.error(_PATH, "a link to a file that ends in .py", show(target.name))


def _is_strange(path: str) -> bool:
    windows = PureWindowsPath(path)
    return (
        "\\" in path
        or ":" in path
        or bool(windows.drive or windows.root)
        or not path.isprintable()
        or any(part in ("", ".", "..") for part in path.split("/"))
    )
