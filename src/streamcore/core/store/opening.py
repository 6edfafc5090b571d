"""Opening the database file: is it ours, is it whole, does it have our schema."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from streamcore.core.errors import DamagedError, StartError
from streamcore.core.migrations import MIGRATIONS
from streamcore.core.store.codes import is_damage, primary_code
from streamcore.core.store.tables import small_tables

__all__ = [
    "forget_suspicion",
    "is_interrupted",
    "open_reader",
    "open_writer",
    "rescued_name",
    "suspect_damage",
]

APPLICATION_ID = 0x53434F52  # "SCOR"
HEADER = b"SQLite format 3\x00"
CHECK_WHOLE_UP_TO = 8 * 1024 * 1024
"""A larger file is checked in its structure and its small tables only: a start must be quick."""
BUSY_TIMEOUT_S = 5.0


def open_writer(path: Path, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> sqlite3.Connection:
    """Open the one writing connection and bring the schema up to ours; StartError otherwise."""
    try:
        _check_file(path)
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _cannot_open(path, error) from error
    try:
        with contextlib.suppress(OSError):
            path.chmod(0o600)
        _set_up(connection)
        _check_owner(connection, path, len(migrations))
        _check_content(connection, path)
        _migrate(connection, migrations)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        connection.close()
        raise _cannot_open(path, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """Open a connection that cannot write; used by one thread at a time."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,  # interrupted and closed by another thread at the end
    )
    connection.execute("PRAGMA query_only = ON")
    return connection


def _check_file(path: Path) -> None:
    """Refuse what is no database or was cut short, before SQLite touches it."""
    if not path.exists() or not path.stat().st_size:
        return
    with path.open("rb") as file:
        header = file.read(100)
    if header[:16] != HEADER or len(header) < 100:
        raise _damaged(path, "it is not an SQLite database")
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    wal = path.with_name(path.name + "-wal")
    # Pages may still wait in the write-ahead log: then a short file means nothing.
    if not (wal.exists() and wal.stat().st_size):
        size = 65536 if page == 1 else page
        if path.stat().st_size < size * pages:
            raise _damaged(path, f"{size * pages - path.stat().st_size} bytes of it are missing")


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    # On macOS an ordinary sync stops at the drive's own cache; no effect elsewhere.
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA checkpoint_fullfsync = ON")


def _check_owner(connection: sqlite3.Connection, path: Path, known: int) -> None:
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if owner != APPLICATION_ID and (tables or owner or version):
        ours = "SELECT count(*) FROM sqlite_schema WHERE name IN ('log', 'kinds', 'consents')"
        if connection.execute(ours).fetchone()[0] == 3:
            raise _damaged(path, "its header says that it is of another program")
        message = (
            f"{path} is a database of another program. "
            "Move it away, or choose another folder with --home."
        )
        raise StartError(message)
    if version > known:
        message = (
            f"{path} was written by a newer StreamCore (its schema is {version}, this one knows "
            f"{known}). Install the newer version again, or choose another folder with --home."
        )
        raise StartError(message)


def is_interrupted(path: Path) -> bool:
    """Tell whether a crash came while a new database was begun."""
    return rescued_name(path).exists()


def rescued_name(path: Path) -> Path:
    """Return where a new database waits, whole, for the place of a damaged one."""
    return path.with_name(path.name + ".rescued")


def suspect_damage(path: Path) -> None:
    """Have the whole database checked at the next start, however large it is."""
    with contextlib.suppress(OSError):
        _suspicion(path).touch(mode=0o600)


def forget_suspicion(path: Path) -> None:
    """The database was checked, or is another one now."""
    with contextlib.suppress(OSError):
        _suspicion(path).unlink()


def _suspicion(path: Path) -> Path:
    return path.with_name(path.name + ".suspect")


def _check_content(connection: sqlite3.Connection, path: Path) -> None:
    if path.stat().st_size <= CHECK_WHOLE_UP_TO or _suspicion(path).exists():
        checks = ["PRAGMA quick_check(1)"]
    else:
        # The audit is bounded, but long enough to be felt at a start.
        small = [name for name in small_tables(connection) if name != "audit"]
        checks = [f"PRAGMA quick_check('{name}')" for name in small]
    for check in checks:
        row = connection.execute(check).fetchone()
        if row is not None and row[0] != "ok":
            raise _damaged(path, str(row[0]).splitlines()[-1])
    forget_suspicion(path)


def _migrate(connection: sqlite3.Connection, migrations: Sequence[Sequence[str]]) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for number, statements in enumerate(migrations[version:], start=version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _damaged(path: Path, what: str) -> DamagedError:
    return DamagedError(f"The database {path} is damaged ({what}).")


def _cannot_open(path: Path, error: Exception) -> StartError:
    if isinstance(error, UnicodeDecodeError):  # SQLite quotes the damaged place in its message
        return _damaged(path, "its table of contents is unreadable")
    if is_damage(error):
        return _damaged(path, str(error))
    if primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StartError(
            f"The database {path} is in use by another program. Close that program and try again."
        )
    return StartError(
        f"The database {path} cannot be opened ({error}). Make its folder writable and see that "
        "the disk has room, or choose another folder with --home."
    )
