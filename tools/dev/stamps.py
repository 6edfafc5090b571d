"""Stamps: how a second start knows that there is nothing to do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

__all__ = ["digest", "digest_of_tree", "is_current", "stamp"]


def digest(files: Iterable[Path], *facts: str) -> str:
    """Return the digest of some files' contents together with facts that matter as much."""
    total = hashlib.sha256()
    for fact in facts:
        total.update(fact.encode() + b"\0")
    for file in files:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def digest_of_tree(folder: Path, *, without: frozenset[str]) -> str:
    """Return the digest of every file below a folder, names included.

    `without` names folders and file-name endings that do not matter to the result.
    """
    total = hashlib.sha256()
    for path in sorted(_files(folder, without)):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_current(file: Path, wanted: str) -> bool:
    """Say whether a stamp holds the wanted digest."""
    try:
        return file.read_text(encoding="utf-8").strip() == wanted
    except OSError:
        return False


def stamp(file: Path, made_from: str) -> None:
    """Note what something was made from."""
    file.write_text(made_from + "\n", encoding="utf-8")


def _files(folder: Path, without: frozenset[str]) -> Iterable[Path]:
    endings = tuple(name for name in without if name.startswith("."))
    for path in folder.iterdir():
        if path.name in without or path.name.endswith(endings):
            continue
        if path.is_dir():
            yield from _files(path, without)
        else:
            yield path
