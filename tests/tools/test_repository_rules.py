"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

_PLATFORM_WORD = re.compile(r"twitch|youtube|donationalerts|kick\.com", re.IGNORECASE)
_LONGEST_FILE = 400


def _tracked(root: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [root / name for name in listed.stdout.split("\0") if name and (root / name).is_file()]


def _python(root: Path, below: str) -> list[Path]:
    return [
        file
        for file in _tracked(root)
        if file.suffix == ".py" and file.is_relative_to(root / below)
    ]


def _words_of_code(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name and every text that is not documentation, with its line."""
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str() as text) if id(node) not in documentation:
                yield node.lineno, text
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.ClassDef(name=name):
                yield node.lineno, name


def test_no_platform_is_named_outside_the_integrations(checkout_root: Path) -> None:
    allowed = checkout_root / "src" / "streamcore" / "core" / "integrations"
    found = [
        f"{file.relative_to(checkout_root)}:{line}: {word}"
        for file in _python(checkout_root, "src/streamcore")
        if not file.is_relative_to(allowed)
        for line, word in _words_of_code(ast.parse(file.read_text(encoding="utf-8")))
        if _PLATFORM_WORD.search(word)
    ]
    assert found == []


def test_every_python_file_opens_with_a_sentence(checkout_root: Path) -> None:
    silent = [
        str(file.relative_to(checkout_root))
        for file in _python(checkout_root, ".")
        if (source := file.read_text(encoding="utf-8").strip())
        and not ast.get_docstring(ast.parse(source))
    ]
    assert silent == []


def test_no_python_file_holds_a_second_concept(checkout_root: Path) -> None:
    long = [
        str(file.relative_to(checkout_root))
        for file in _python(checkout_root, ".")
        if len(file.read_text(encoding="utf-8").splitlines()) > _LONGEST_FILE
    ]
    assert long == []


def test_the_words_of_code_leave_documentation_out() -> None:
    source = 'def f(youtube):\n    """About twitch."""\n    return {"twitch": youtube}\n'
    words = {word for _, word in _words_of_code(ast.parse(source))}
    assert words == {"f", "youtube", "twitch"}
    assert "About twitch." not in words
