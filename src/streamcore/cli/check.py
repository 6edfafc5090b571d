"""`module check`: every problem of a module's folder, one a line."""

from __future__ import annotations

from pathlib import Path

from streamcore.bundle import Problem, read_bundle
from streamcore.core.errors import StartError

__all__ = ["check", "sentence"]


def check(folder: Path) -> int:
    """Print every problem of a folder; exit code 2 when one keeps it from running."""
    if not folder.is_dir():
        raise StartError(f"{folder}: expected the folder of a module; there is none.")
    bundle = read_bundle(folder.resolve())
    for problem in bundle.problems:
        print(f"✗ {sentence(problem)}")
    for warning in bundle.warnings:
        print(f"! {sentence(warning)}")
    if bundle.problems:
        return 2
    print(f"✓ {bundle.id} is in order ({bundle.digest})")
    return 0


def sentence(problem: Problem) -> str:
    """Return where it is, what was expected, what was found and what to do, on one line."""
    where = f"{problem.file} {problem.path}".rstrip()
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{where}: expected {problem.expected}; found {problem.found}{hint}"
