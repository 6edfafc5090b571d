"""Commands for module authors: new, check, pack, install, list, dev."""

from __future__ import annotations

import argparse
from pathlib import Path

from streamcore.bundle import Problem, read_bundle
from streamcore.cli.client import call, running_instance
from streamcore.cli.home import settings_from
from streamcore.core.errors import StartError

__all__ = ["run_module_command", "sentence"]


def run_module_command(flags: argparse.Namespace) -> int:
    """Run one `module` command and return its exit code."""
    match flags.module_command:
        case "new":
            from streamcore.cli.scaffold import new_module

            return new_module(settings_from(flags).home, flags.id, flags.name)
        case "check":
            return check(flags.folder)
        case "pack":
            from streamcore.cli.pack import pack

            return pack(flags.folder, flags.out)
        case "install":
            from streamcore.cli.install import install

            return install(settings_from(flags).home, flags.file)
        case "list":
            return _list(flags)
        case _:
            from streamcore.cli.module_dev import develop

            return develop(flags.folder, running_instance(flags))


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


def _list(flags: argparse.Namespace) -> int:
    records = call(running_instance(flags), "GET", "/api/modules")["items"]
    for record in records:
        manifest = record["manifest"]
        version = manifest["version"] if manifest else "-"
        print(f"{record['id']:<24} {version:<10} {record['state']:<18} {record['source']}")
    if not records:
        print("No modules. Make one: main.py module new my_bot")
    return 0
