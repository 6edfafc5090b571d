"""Moves what was committed from the write-ahead log into the database, beside the writing thread.

A checkpoint waits for the disk twice, some 20 ms here and far more on a slow disk. Left to SQLite
it is the committing thread that waits, every 300 events or so; this thread does it while the other
goes on.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path

__all__ = ["MOST_PAGES", "Checkpoints"]

MOST_PAGES = 8192
"""Where the writing thread does it itself after all (32 MB): events without a pause never leave
the moment in which the write-ahead log could begin anew."""
DUE_PAGES = 1000
PAGES_OF_A_COMMIT = 3
ROWS_OF_A_PAGE = 4


class Checkpoints:
    """`count` and `stop` are for the writing thread; the other begins with the first need."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pages = 0
        self._rows = 0
        self._due = threading.Event()
        self._is_stopping = False
        self._thread: threading.Thread | None = None

    def count(self, rows: int) -> None:
        """Note a commit; `rows` is how many were written since the database was opened."""
        self._pages += PAGES_OF_A_COMMIT + (rows - self._rows) // ROWS_OF_A_PAGE
        self._rows = rows
        if self._pages >= DUE_PAGES:
            self._pages = 0
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._main, name="store-checkpoints", daemon=True
                )
                self._thread.start()
            self._due.set()

    def stop(self) -> None:
        """Let go of the database."""
        self._is_stopping = True
        self._due.set()
        if self._thread is not None:
            self._thread.join()

    def _main(self) -> None:
        with contextlib.closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            connection.execute("PRAGMA checkpoint_fullfsync = ON")
            while True:
                self._due.wait()
                self._due.clear()
                if self._is_stopping:
                    return
                # On a full disk there will be another time.
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
