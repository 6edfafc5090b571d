"""`restore`: brings a backup back and keeps what was there before."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from streamcore.cli.backup import DATABASE, FOLDERS, unused
from streamcore.cli.home import resting, settings_from
from streamcore.cli.safe_unzip import UnzipError, open_zip, unzip
from streamcore.core.config import INDEX_NAME, Home
from streamcore.core.errors import StartError
from streamcore.core.migrations import SCHEMA_VERSION
from streamcore.core.store.opening import APPLICATION_ID, HEADER

__all__ = ["restore"]

MAX_FILES = 200_000
LEAVE_FREE_BYTES = 64 << 20


def restore(flags: argparse.Namespace) -> int:
    """Bring a backup back; what was there before is kept under `backups`."""
    home = settings_from(flags).home
    file: Path = flags.file
    with (
        resting(home),
        tempfile.TemporaryDirectory(dir=home.root, prefix=".restore-") as temporary,
    ):
        fresh = Path(temporary)
        try:
            folders = _unpack(file, fresh)
            _check_database(fresh / DATABASE)
        except UnzipError as error:
            raise StartError(
                f"{file} is not a backup of StreamCore: {error}. Nothing was changed."
            ) from error
        kept = _exchange(home, fresh, folders)
    print(f"Restored {file}. What was there before is in {kept}")
    return 0


def _unpack(file: Path, into: Path) -> Sequence[str]:
    """Bring the backup into an empty folder; return which folders of the home are in it.

    An automatic copy is the database alone: modules and their files stay as they are.
    """
    with file.open("rb") as opened:
        is_database = opened.read(len(HEADER)) == HEADER
    if is_database:
        shutil.copyfile(file, into / DATABASE)
        return ()
    room = shutil.disk_usage(into).free - LEAVE_FREE_BYTES
    with open_zip(file) as archive:
        if DATABASE not in archive.namelist():
            raise UnzipError(f"expected {DATABASE} in it; found none")
        unzip(archive, into, belongs=_belongs, max_files=MAX_FILES, max_bytes=room)
    return FOLDERS


def _belongs(parts: Sequence[str]) -> bool:
    return list(parts) == [DATABASE] or (len(parts) > 1 and parts[0] in FOLDERS)


def _check_database(path: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            (owner,) = connection.execute("PRAGMA application_id").fetchone()
            (schema,) = connection.execute("PRAGMA user_version").fetchone()
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise UnzipError(f"its database is damaged ({error})") from error
    if owner != APPLICATION_ID:
        raise UnzipError("its database is one of another program")
    if schema > SCHEMA_VERSION:
        raise UnzipError(
            f"its database is of a newer version (its schema is {schema}, this one knows "
            f"{SCHEMA_VERSION})"
        )
    if verdict != "ok":
        raise UnzipError(f"its database is damaged ({verdict})")


def _exchange(home: Home, fresh: Path, folders: Sequence[str]) -> Path:
    """Put the fresh data in the place of the former, all of it or none."""
    kept = unused(home.backups / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    kept.mkdir(mode=0o700, parents=True)
    files = (
        f"{name}{suffix}" for name in (DATABASE, INDEX_NAME) for suffix in ("", "-wal", "-shm")
    )
    parts = (*files, *folders)
    moves = [
        *((home.root / part, kept / part) for part in parts),
        *((fresh / part, home.root / part) for part in (DATABASE, *folders)),
    ]
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            if source.exists():
                source.rename(target)
                done.append((source, target))
    except OSError:
        for source, target in reversed(done):
            target.rename(source)
        raise
    return kept
