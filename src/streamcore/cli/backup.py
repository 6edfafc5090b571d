"""Copies all data into one file and back; tokens stay out of it."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sqlite3
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import filelock

from streamcore.cli.home import settings_from
from streamcore.core.config import Home
from streamcore.core.errors import StartError

__all__ = ["backup", "restore"]

DATABASE = "streamcore.db"
FOLDERS = ("modules", "module_data")


def backup(flags: argparse.Namespace) -> int:
    """Write database, modules and their data into a zip; StreamCore may run meanwhile."""
    home = settings_from(flags).home
    if not home.database.exists():
        print(f"There is nothing to back up in {home.root} yet.", file=sys.stderr)
        return 2
    name = f"streamcore-{datetime.now(UTC):%Y%m%d-%H%M%S}.zip"
    target: Path = flags.file or home.backups / name
    beside = target.with_name(target.name + ".partial")
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            copy = Path(folder) / DATABASE
            _copy_database(home.database, copy)
            archive.write(copy, DATABASE)
            for part in FOLDERS:
                for path in sorted((home.root / part).rglob("*")):
                    if path.is_file() and not path.is_symlink():
                        archive.write(path, path.relative_to(home.root).as_posix())
        beside.chmod(0o600)
        beside.replace(target)
    except (OSError, sqlite3.Error) as error:
        beside.unlink(missing_ok=True)
        print(f"The backup could not be written: {error}", file=sys.stderr)
        return 2
    print(f"{target}: {target.stat().st_size:,} bytes. Logins are not in it.")
    return 0


def restore(flags: argparse.Namespace) -> int:
    """Bring a backup back; what was there before is kept under `backups`."""
    home = settings_from(flags).home
    try:
        home.prepare()
        with filelock.FileLock(home.lock_file, blocking=False):
            kept = _restore(home, flags.file)
    except filelock.Timeout:
        print("End StreamCore first: its data is in use.", file=sys.stderr)
        return 2
    except (StartError, OSError, zipfile.BadZipFile) as error:
        print(f"{flags.file} could not be restored: {error}", file=sys.stderr)
        return 2
    print(f"Restored {flags.file}. What was there before is in {kept}.")
    return 0


def _restore(home: Home, file: Path) -> Path:
    with (
        zipfile.ZipFile(file) as archive,
        tempfile.TemporaryDirectory(dir=home.root) as temporary,
    ):
        names = [name for name in archive.namelist() if not name.endswith("/")]
        strangers = [name for name in names if not _belongs(name)]
        if DATABASE not in names or strangers:
            found = strangers[0] if strangers else "no database"
            raise StartError(f"expected a backup of StreamCore; found {found!r}.")
        fresh = Path(temporary)
        for name in names:
            path = fresh.joinpath(*PurePosixPath(name).parts)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with archive.open(name) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
            path.chmod(0o600)
        _check_database(fresh / DATABASE)
        kept = home.backups / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        kept.mkdir(mode=0o700, parents=True)
        for part in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", *FOLDERS):
            with contextlib.suppress(FileNotFoundError):
                (home.root / part).rename(kept / part)
        for part in (DATABASE, *FOLDERS):
            if (fresh / part).exists():
                (fresh / part).rename(home.root / part)
        return kept


def _belongs(name: str) -> bool:
    parts = PurePosixPath(name).parts
    is_plain = bool(parts) and ".." not in parts and "\\" not in name and ":" not in name
    return is_plain and (name == DATABASE or (len(parts) > 1 and parts[0] in FOLDERS))


def _copy_database(source: Path, target: Path) -> None:
    """Copy a consistent state, even while a core writes."""
    with (
        contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)


def _check_database(path: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            (verdict,) = connection.execute("pragma quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise StartError(f"its database is damaged: {error}") from error
    if verdict != "ok":
        raise StartError(f"its database is damaged: {verdict}")
