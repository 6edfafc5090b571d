"""Commands for module authors: new, check, pack, install, list, dev."""

from __future__ import annotations

import argparse

from streamcore.cli.client import call, running_instance
from streamcore.cli.home import settings_from

__all__ = ["run_module_command"]


def run_module_command(flags: argparse.Namespace) -> int:
    """Run one `module` command and return its exit code."""
    match flags.module_command:
        case "new":
            from streamcore.cli.scaffold import new_module

            return new_module(settings_from(flags).home, flags.id, flags.name)
        case "check":
            from streamcore.cli.check import check

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


def _list(flags: argparse.Namespace) -> int:
    records = call(running_instance(flags), "GET", "/api/modules")["items"]
    for record in records:
        manifest = record["manifest"]
        version = manifest["version"] if manifest else "-"
        print(f"{record['id']:<24} {version:<10} {record['state']:<18} {record['source']}")
    if not records:
        print("No modules. Make one: main.py module new my_bot")
    return 0
