"""Reads a module folder: its manifest, its files, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from streamcore.bundle.digest import digest
from streamcore.bundle.facts import MANIFEST, Facts
from streamcore.bundle.problems import Problem, Severity, show
from streamcore.bundle.rules import FOLDER_RULES, MANIFEST_RULES
from streamcore.bundle.strict_json import Fault, parse
from streamcore.bundle.tree import Kind, Tree, read_tree
from streamcore.protocol.limits import MAX_MANIFEST_BYTES
from streamcore.protocol.manifest import Manifest

__all__ = ["Bundle", "read_bundle"]

_DIST = "dist/"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A module folder as it was found; a broken one is a value too.

    `manifest` is there exactly when there are no `problems`. `files` maps the address of each
    file of `dist/` to the file itself, so that nothing is ever looked up by joining paths.
    """

    id: str
    folder: Path
    manifest: Manifest | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    digest: str
    files: Mapping[str, Path] = field(repr=False)


def read_bundle(folder: Path) -> Bundle:
    """Read and check a folder; blocks, and reports what it cannot read instead of raising."""
    tree = read_tree(folder)
    facts = Facts(folder.name, tree, {})
    found = [problem for rule in FOLDER_RULES for problem in rule(facts)]
    raw, problems = _read_manifest(tree)
    found += problems
    if raw is not None:
        facts = Facts(folder.name, tree, raw)
        found += [problem for rule in MANIFEST_RULES for problem in rule(facts)]
    content, problems = _digest(tree) if not _is_broken(found, tree) else ("", [])
    found = list(dict.fromkeys(found + problems))
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    manifest = None
    if raw is not None and not errors:
        manifest, errors = _convert(raw)
    return Bundle(
        id=folder.name,
        folder=tree.root,
        manifest=manifest,
        problems=tuple(errors),
        warnings=tuple(p for p in found if p.severity is Severity.WARNING),
        digest=content,
        files=dict(_served(tree)),
    )


def _read_manifest(tree: Tree) -> tuple[dict[str, object] | None, list[Problem]]:
    path = tree.inside(MANIFEST)
    if path is None:
        hint = f"every module has a {MANIFEST} in its folder"
        return None, [_manifest_problem("a file inside the folder", "none", hint=hint)]
    try:
        with path.open("rb") as file:
            data = file.read(MAX_MANIFEST_BYTES + 1)
    except OSError as error:
        return None, [_manifest_problem("a file that can be read", error.strerror or str(error))]
    if len(data) > MAX_MANIFEST_BYTES:
        limit = f"at most {MAX_MANIFEST_BYTES // 1024} KiB"
        return None, [_manifest_problem(limit, "a larger file")]
    try:
        value, faults = parse(data)
    except Fault as fault:
        return None, [_fault_problem(fault)]
    if not isinstance(value, dict):
        return None, [_manifest_problem("a JSON object", show(value), path="$")]
    return value, [_fault_problem(fault) for fault in faults]


def _manifest_problem(expected: str, found: str, *, path: str = "", hint: str = "") -> Problem:
    return Problem(file=MANIFEST, path=path, expected=expected, found=found, hint=hint)


def _fault_problem(fault: Fault) -> Problem:
    return _manifest_problem(fault.expected, fault.found, path=fault.path, hint=fault.hint)


def _is_broken(problems: list[Problem], tree: Tree) -> bool:
    """Tell whether the folder is one that must not be read as a whole (too large, unreadable)."""
    return tree.truncated or any(
        problem.file != MANIFEST and problem.severity is Severity.ERROR for problem in problems
    )


def _digest(tree: Tree) -> tuple[str, list[Problem]]:
    try:
        return digest(tree), []
    except OSError as error:
        file = Path(error.filename or tree.root).name
        reason = error.strerror or str(error)
        return "", [Problem(file=file, path="", expected="a file that can be read", found=reason)]


def _convert(raw: dict[str, object]) -> tuple[Manifest | None, list[Problem]]:
    try:
        return msgspec.convert(raw, Manifest), []
    except msgspec.ValidationError as error:  # the types know more than the rules
        return None, [_manifest_problem("a valid manifest", str(error), path="$")]


def _served(tree: Tree) -> Iterator[tuple[str, Path]]:
    for entry in tree.entries:
        if not entry.path.startswith(_DIST) or entry.kind not in (Kind.FILE, Kind.LINK):
            continue
        if (path := tree.inside(entry.path)) is not None:
            yield entry.path.removeprefix(_DIST), path
