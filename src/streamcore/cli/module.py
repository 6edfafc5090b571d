"""Commands for module authors: new, check, pack, list, dev."""

from __future__ import annotations

import argparse
import re
import sys
import zipfile
from pathlib import Path

from streamcore.bundle import Bundle, Problem, read_bundle
from streamcore.cli.home import settings_from
from streamcore.cli.instance import CallError, call, running_instance
from streamcore.cli.scaffold import write_module
from streamcore.core.errors import StartError

__all__ = ["run_module_command"]

_ID = re.compile(r"[a-z][a-z0-9_]{2,49}\Z")
_NOT_PACKED = {"__pycache__", ".git", ".mypy_cache", ".ruff_cache", ".pytest_cache", "tests"}
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def run_module_command(flags: argparse.Namespace) -> int:
    """Run one `module` command and return its exit code."""
    try:
        match flags.module_command:
            case "new":
                return _new(flags)
            case "check":
                return _check(flags.folder)
            case "pack":
                return _pack(flags.folder, flags.out)
            case "list":
                return _list(flags)
            case _:
                from streamcore.cli.module_dev import develop

                return develop(flags.folder, running_instance(flags))
    except (StartError, CallError) as error:
        print(error, file=sys.stderr)
        return 2


def _new(flags: argparse.Namespace) -> int:
    if not _ID.match(flags.id):
        print(
            f"A module's id has 3 to 50 small letters, digits and _, and begins with a letter; "
            f"found '{flags.id}'.",
            file=sys.stderr,
        )
        return 2
    settings = settings_from(flags)
    settings.home.prepare()
    folder = settings.home.modules / flags.id
    if folder.exists():
        print(f"{folder} exists already. Choose another id.", file=sys.stderr)
        return 2
    write_module(folder, flags.id, flags.name or flags.id.replace("_", " ").capitalize())
    print(f"Your module is in {folder}")
    print("Allow it on the Modules page of the dashboard, then write !hello in the chat.")
    return 0


def _check(folder: Path) -> int:
    bundle = _read(folder)
    for problem in bundle.problems:
        print(f"✗ {_sentence(problem)}")
    for warning in bundle.warnings:
        print(f"! {_sentence(warning)}")
    if bundle.problems:
        return 2
    print(f"✓ {bundle.id} is in order ({bundle.digest})")
    return 0


def _pack(folder: Path, out: Path | None) -> int:
    bundle = _read(folder)
    manifest = bundle.manifest
    if bundle.problems or manifest is None:
        return _check(folder)
    target = out or Path(f"{manifest.id}-{manifest.version}.zip")
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not _NOT_PACKED & set(path.relative_to(folder).parts)
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            # Names and contents alone make the zip: packing twice gives the same bytes.
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _ZIP_EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    print(f"{target}: {len(files)} files, {target.stat().st_size:,} bytes")
    return 0


def _list(flags: argparse.Namespace) -> int:
    records = call(running_instance(flags), "GET", "/api/modules")["items"]
    for record in records:
        manifest = record["manifest"]
        version = manifest["version"] if manifest else "-"
        print(f"{record['id']:<24} {version:<10} {record['state']:<18} {record['source']}")
    if not records:
        print("No modules. Make one: main.py module new my_bot")
    return 0


def _read(folder: Path) -> Bundle:
    if not folder.is_dir():
        raise StartError(f"expected a module's folder; {folder} is none.")
    return read_bundle(folder.resolve())


def _sentence(problem: Problem) -> str:
    return f"{problem.file} {problem.path}: expected {problem.expected}; found {problem.found}"
