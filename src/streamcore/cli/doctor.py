"""`doctor`: looks at what StreamCore stands on and says what needs a hand."""

from __future__ import annotations

import argparse
import contextlib
import platform
import sqlite3
from pathlib import Path
from typing import NamedTuple

from streamcore import __version__
from streamcore.cli.client import CallError, call
from streamcore.cli.home import settings_from
from streamcore.core.config import Home
from streamcore.core.errors import StartError
from streamcore.core.migrations import SCHEMA_VERSION
from streamcore.core.run_file import read_run_file

__all__ = ["doctor"]

BUSY_TIMEOUT_S = 5.0


class Finding(NamedTuple):
    """One thing that was looked at."""

    is_well: bool
    text: str


def doctor(flags: argparse.Namespace) -> int:
    """Print every finding; exit code 2 when something needs a hand."""
    print(f"StreamCore {__version__}, Python {platform.python_version()}, {platform.platform()}")
    try:
        settings = settings_from(flags)
        settings.home.prepare()
    except StartError as error:
        print(f"✗ {error}")
        return 2
    findings = [
        Finding(True, f"The home folder {settings.home.root} can be written."),
        _dashboard(settings.static_dir),
        _database(settings.home.database),
        _instance(settings.home),
    ]
    for finding in findings:
        print(f"{'✓' if finding.is_well else '✗'} {finding.text}")
    return 0 if all(finding.is_well for finding in findings) else 2


def _dashboard(static_dir: Path) -> Finding:
    if (static_dir / "index.html").is_file():
        return Finding(True, "The dashboard is built.")
    return Finding(False, f"The dashboard is not in {static_dir}. Build it: python dev.py run")


def _database(database: Path) -> Finding:
    if not database.exists():
        return Finding(True, "There is no database yet; the first start makes it.")
    address = f"{database.as_uri()}?mode=ro"
    try:
        with contextlib.closing(
            sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_S)
        ) as connection:
            (schema,) = connection.execute("PRAGMA user_version").fetchone()
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        verdict, schema = str(error), 0
    if verdict != "ok":
        return Finding(
            False,
            f"The database {database} is damaged ({verdict}). StreamCore saves what it can at its "
            "next start. A backup is put in its place by: main.py restore FILE",
        )
    if schema > SCHEMA_VERSION:
        return Finding(
            False,
            f"The database {database} is of a newer StreamCore (its schema is {schema}, this one "
            f"knows {SCHEMA_VERSION}). Install the newer version again.",
        )
    return Finding(True, f"The database is sound (schema {schema}).")


def _instance(home: Home) -> Finding:
    run = read_run_file(home.run_file)
    if run is None:
        return Finding(True, "StreamCore is not running.")
    try:
        system = call(run, "GET", "/api/system")
    except CallError as error:
        return Finding(False, f"{error} End process {run.pid} and start StreamCore again.")
    return Finding(True, f"StreamCore {system['version']} runs at {run.url} (process {run.pid}).")
