"""`events export`: the whole log as JSON lines, whether StreamCore runs or not."""

from __future__ import annotations

import argparse
import contextlib
import os
import sqlite3
from pathlib import Path
from typing import IO

from streamcore.cli.home import settings_from
from streamcore.core.errors import StartError
from streamcore.core.journal.reading import read_upwards
from streamcore.core.store.opening import open_reader

__all__ = ["export_events"]

PAGE = 1000


def export_events(flags: argparse.Namespace) -> int:
    """Write every logged event, the oldest first; a former file is replaced as a whole."""
    home = settings_from(flags).home
    file: Path = flags.file
    if not home.database.exists():
        raise StartError(f"There is no event log in {home.root} yet.")
    beside = file.with_name(file.name + ".partial")
    try:
        create = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(beside, create, 0o600), "wb") as out:
            count = _write(home.database, out)
        beside.replace(file)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise StartError(
            f"The database {home.database} cannot be read ({error}). To learn more: main.py doctor"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
    print(f"{file}: {count:,} events")
    return 0


def _write(database: Path, out: IO[bytes]) -> int:
    # A reader of its own sees what is committed and holds up nobody who writes.
    with contextlib.closing(open_reader(database)) as connection:
        (head,) = connection.execute("SELECT ifnull(max(seq), 0) FROM log").fetchone()
        count = after = 0
        while page := read_upwards(connection, lambda _: True, after=after, until=head, limit=PAGE):
            out.writelines(event.body + b"\n" for event in page)
            count, after = count + len(page), page[-1].seq
    return count
