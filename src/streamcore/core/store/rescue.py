"""Begins a new database when the old one is damaged: a broken disk must not stop a stream.

Whatever moment a crash picks, the next start finds the old database or the new one:

1. What can be read goes into `streamcore.db.partial`, which is synced and renamed to
   `streamcore.db.rescued`: from here on the new one is whole.
2. The damaged file, then what belongs to it, moves to a folder of its own under `quarantine`.
3. `streamcore.db.rescued` takes its name. After a crash in between, `finish` does that.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from datetime import datetime
from pathlib import Path

from streamcore.core.config import QUARANTINE_NAME
from streamcore.core.errors import DamagedError, StartError
from streamcore.core.store.codes import primary_code
from streamcore.core.store.copies import newest_copy
from streamcore.core.store.opening import forget_suspicion, open_writer, rescued_name
from streamcore.core.store.salvage import Salvaged, salvage

__all__ = ["finish", "rebuild"]

log = logging.getLogger(__name__)

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database; beside another one it would destroy it."""


def finish(path: Path) -> None:
    """End what a crash interrupted; a database in its place, whoever put it there, stays."""
    rescued = rescued_name(path)
    if path.exists():
        _remove(rescued)
        return
    _set_aside(path, _folder(path, datetime.now().astimezone()))
    rescued.replace(path)


def rebuild(path: Path, error: DamagedError, now: datetime) -> str:
    """Put a new database in the place of a damaged one; return what the streamer must know."""
    partial, rescued = path.with_name(path.name + ".partial"), rescued_name(path)
    _remove(partial)
    try:
        salvaged = _salvage(path, partial)
        if salvaged.is_nothing:
            # An empty database in the place of a full one is for a person to decide.
            raise StartError(
                f"{error} Nothing in it can be read, and there is no automatic backup beside it. "
                "Put a backup in its place with `streamcore restore`, or move the file away to "
                "start with an empty one."
            )
        log.error("%s What can be read of it begins a new one.", error)
        _sync(partial)
        partial.replace(rescued)
        _sync(path.parent)
        folder = _folder(path, now)
        _set_aside(path, folder)
        rescued.replace(path)
        _sync(path.parent)
    except StartError:
        _remove(partial)
        raise
    except (OSError, sqlite3.Error) as failure:
        _remove(partial)
        raise StartError(
            f"{error} A new one could not be begun either ({failure}): see that the disk has room."
        ) from failure
    forget_suspicion(path)
    sentence = _sentence(salvaged, folder)
    log.warning("%s", sentence)
    return sentence


def _salvage(path: Path, partial: Path) -> Salvaged:
    try:
        return _fill(path, partial)
    except sqlite3.Error as error:
        if primary_code(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise
        log.debug("the damaged database gives nothing at all: %s", error)
    _remove(partial)
    return _fill(None, partial)


def _fill(path: Path | None, partial: Path) -> Salvaged:
    with contextlib.closing(open_writer(partial)) as fresh:
        # Nobody reads it before it is whole.
        fresh.execute("PRAGMA journal_mode = OFF")
        fresh.execute("PRAGMA synchronous = OFF")
        fresh.execute("BEGIN")
        salvaged = salvage(path, fresh, newest_copy(partial.parent))
        fresh.execute("COMMIT")
    return salvaged


def _set_aside(path: Path, folder: Path) -> None:
    """Move a damaged database, and then what belongs to it, where nothing is ever removed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (path.name, *(path.name + suffix for suffix in BESIDE)):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(name).rename(folder / name)


def _folder(path: Path, now: datetime) -> Path:
    parent = path.parent / QUARANTINE_NAME
    name = f"{now.astimezone():%Y%m%d-%H%M%S}"
    taken = {each.name for each in parent.glob("*")}
    number = 1
    while (free := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return parent / free


def _sentence(salvaged: Salvaged, folder: Path) -> str:
    parts = [f"The damaged database is kept in {folder}. {salvaged.events:,} events were saved"]
    if salvaged.from_backup:
        parts.append(f" and {salvaged.from_backup:,} more taken from the newest backup")
    lost = salvaged.told()
    parts.append(f". Not all of these could be read: {', '.join(lost)}." if lost else ".")
    if salvaged.asks_again:
        parts.append(" Modules ask for their permissions again.")
    return "".join(parts)


def _remove(path: Path) -> None:
    for name in (path.name, *(path.name + suffix for suffix in BESIDE)):
        path.with_name(name).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Have a file or a folder on the disk; not every system can do that with a folder."""
    with contextlib.suppress(PermissionError):
        descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
