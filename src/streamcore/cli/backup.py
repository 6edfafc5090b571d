"""`backup`: copies all data into one file; logins stay out of it."""

from __future__ import annotations

import argparse
import contextlib
import os
import sqlite3
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from streamcore.cli.home import settings_from
from streamcore.core.config import Home
from streamcore.core.errors import StartError

__all__ = ["DATABASE", "FOLDERS", "backup", "unused"]

DATABASE = "streamcore.db"
FOLDERS = ("modules", "module_data")
"""What else is in a backup, whole."""


def backup(flags: argparse.Namespace) -> int:
    """Write database, modules and their data into a zip; StreamCore may run meanwhile."""
    home = settings_from(flags).home
    if not home.database.exists():
        raise StartError(f"There is nothing to back up in {home.root} yet.")
    given: Path | None = flags.file
    if given is None:
        home.prepare()
    elif given.exists():
        raise StartError(f"{given} exists already. Name a new file.")
    target = given or unused(home.backups / f"streamcore-{datetime.now(UTC):%Y%m%d-%H%M%S}.zip")
    beside = target.with_name(target.name + ".partial")
    try:
        _write(home, beside)
        beside.replace(target)
    except sqlite3.Error as error:
        raise StartError(f"The database {home.database} could not be copied: {error}.") from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
    print(f"{target}: {target.stat().st_size:,} bytes. Logins are not in it.")
    return 0


def unused(path: Path) -> Path:
    """Return the path, with a number when its name is taken."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def _write(home: Home, file: Path) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    with (
        os.fdopen(os.open(file, flags, 0o600), "wb") as out,
        # Times before 1980 exist on disks, but not in zips.
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
        tempfile.TemporaryDirectory(dir=home.root, prefix=".backup-") as folder,
    ):
        copy = Path(folder) / DATABASE
        _copy_database(home.database, copy)
        archive.write(copy, DATABASE)
        for part in FOLDERS:
            for path in sorted((home.root / part).rglob("*")):
                if path.is_file() and not path.is_symlink() and path != file.absolute():
                    _add(archive, path, path.relative_to(home.root).as_posix())


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    try:
        archive.write(path, name)
    except FileNotFoundError:
        pass  # a module that runs removed it a moment ago
    except UnicodeEncodeError:
        print(f"Left out, its name is not UTF-8: {name!r}", file=sys.stderr)


def _copy_database(source: Path, target: Path) -> None:
    """Copy a consistent state, even while a core writes."""
    with (
        contextlib.closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as live,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
