"""The one writing thread: commits whatever waits as one transaction, never waits for more."""

from __future__ import annotations

import contextlib
import logging
import queue
import shutil
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from streamcore.core.errors import CannotSaveError, StorageError
from streamcore.core.store.checkpoints import MOST_PAGES, Checkpoints
from streamcore.core.store.codes import primary_code
from streamcore.core.store.health import StorageState
from streamcore.core.store.opening import open_writer, suspect_damage

__all__ = ["Job", "Writer"]

log = logging.getLogger(__name__)

RESERVE_BYTES = 1024 * 1024
ROOM_FOR_RESERVE = 8 * RESERVE_BYTES
"""The reserve is only kept while the disk has more: it must not be what fills it. A disk that was
full counts as full until it has that much again, or the next minute would fill it once more."""

Told = Callable[[StorageState, str], None]


class Job(Protocol):
    """One piece of writing; all three are called on the writing thread."""

    @property
    def is_one_statement(self) -> bool:
        """Tell, after `begin`, whether `run` writes with one statement at the most: alone it needs
        no transaction around it."""

    def begin(self) -> bool:
        """Get ready right before the transaction; True when it must survive a power cut."""

    def run(self, connection: sqlite3.Connection, /) -> None:
        """Write; may be called a second time when the first transaction failed as a whole."""

    def settle(self, error: BaseException | None, /) -> None:
        """Learn that the writing is committed, or why it is not; must not raise."""


class Writer:
    """Owns the thread and its connection.

    Everything that waits when a transaction ends goes into the next one (natural group commit):
    alone, a job is committed at once; under load, the cost of a commit is shared. Jobs of one
    transaction are kept apart by savepoints.
    """

    def __init__(
        self, path: Path, opened: Callable[[BaseException | None], None], told: Told
    ) -> None:
        self._path = path
        self._reserve: Path | None = None
        self._opened = opened
        self._told = told
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._checkpoints = Checkpoints(path)
        self._synchronous = ""
        self._failing: CannotSaveError | None = None
        self._thread = threading.Thread(target=self._main, name="store-writer", daemon=True)

    def start(self, reserve: Path) -> None:
        """Open the database on the thread; `opened` is told how that went."""
        self._reserve = reserve
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Queue a job; from any thread."""
        self._jobs.put(job)

    def stop(self) -> None:
        """Let the thread finish what is queued and end."""
        self._jobs.put(None)

    def join(self) -> None:
        """Wait for the thread's end."""
        self._thread.join()

    def _main(self) -> None:
        try:
            connection = open_writer(self._path)
        except BaseException as error:
            self._opened(error)
            return
        self._opened(None)
        try:
            connection.execute(f"PRAGMA wal_autocheckpoint = {MOST_PAGES}")
            self._keep_reserve()
            while self._turn(connection):
                self._checkpoints.count(connection.total_changes)
            self._checkpoints.stop()
            with contextlib.suppress(sqlite3.Error):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()

    def _turn(self, connection: sqlite3.Connection) -> bool:
        """Commit one group; False when the thread was told to stop."""
        jobs: list[Job] = []
        waiting: Job | None = self._jobs.get()
        while waiting is not None:
            jobs.append(waiting)
            try:
                waiting = self._jobs.get_nowait()
            except queue.Empty:
                break
        if jobs:
            for job, error in zip(jobs, self._commit(connection, jobs), strict=True):
                job.settle(error)
        return waiting is not None

    def _commit(
        self, connection: sqlite3.Connection, jobs: Sequence[Job]
    ) -> Sequence[Exception | None]:
        """Run the jobs as one transaction; return each one's error."""
        # Every job prepares itself, so this is no place for a short cut.
        is_durable = any([job.begin() for job in jobs])
        try:
            errors = self._attempt(connection, jobs, is_durable=is_durable)
        except Exception as error:
            self._fail(error)
            if _is_disk_full(error) and self._free_reserve():
                try:
                    return self._attempt(connection, jobs, is_durable=is_durable)
                except Exception as second:
                    error = second
            return [self._fail(error)] * len(jobs)
        if self._failing is not None and self._keep_reserve():
            self._failing = None
            self._told(StorageState.OK, "")
        return errors

    def _fail(self, error: Exception) -> CannotSaveError:
        failure = CannotSaveError(str(_as_storage_error(error)))
        failure.__cause__ = error
        if primary_code(error) == sqlite3.SQLITE_CORRUPT:
            suspect_damage(self._path)
        if self._failing is None or str(self._failing) != str(failure):
            state = StorageState.DISK_FULL if _is_disk_full(error) else StorageState.FAILING
            self._told(state, str(failure))
        self._failing = failure
        return failure

    def _attempt(
        self, connection: sqlite3.Connection, jobs: Sequence[Job], *, is_durable: bool
    ) -> Sequence[Exception | None]:
        try:
            self._synchronize(connection, "FULL" if is_durable else "NORMAL")
            if len(jobs) == 1 and jobs[0].is_one_statement:
                return [self._run_alone(connection, jobs[0])]
            connection.execute("BEGIN IMMEDIATE")
            errors = (
                [self._run_alone(connection, jobs[0])]
                if len(jobs) == 1
                else [self._run(connection, job) for job in jobs]
            )
            if connection.in_transaction:
                connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return errors

    def _run_alone(self, connection: sqlite3.Connection, job: Job) -> Exception | None:
        """Run the only job of a transaction, which needs no savepoint."""
        try:
            job.run(connection)
        except Exception as error:
            if _concerns_all(error):
                raise
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            return _as_storage_error(error) if isinstance(error, sqlite3.Error) else error
        return None

    def _run(self, connection: sqlite3.Connection, job: Job) -> Exception | None:
        """Run one job of several; an error of its own undoes only its own writing."""
        connection.execute("SAVEPOINT job")
        try:
            job.run(connection)
        except Exception as error:
            if _concerns_all(error) or not connection.in_transaction:
                raise
            connection.execute("ROLLBACK TO job")
            connection.execute("RELEASE job")
            return _as_storage_error(error) if isinstance(error, sqlite3.Error) else error
        connection.execute("RELEASE job")
        return None

    def _synchronize(self, connection: sqlite3.Connection, level: str) -> None:
        if level != self._synchronous:
            connection.execute(f"PRAGMA synchronous = {level}")
            self._synchronous = level

    def _keep_reserve(self) -> bool:
        """Hold back some space for the moment when the disk is full; False when it is too full."""
        reserve = self._reserve
        if reserve is None or reserve.exists():
            return True
        try:
            if shutil.disk_usage(reserve.parent).free < ROOM_FOR_RESERVE:
                return False
            reserve.touch(mode=0o600)
            reserve.write_bytes(bytes(RESERVE_BYTES))
        except OSError:
            with contextlib.suppress(OSError):
                reserve.unlink()
            return False
        return True

    def _free_reserve(self) -> bool:
        """Give the reserve back to the disk; False when there is none left."""
        try:
            if self._reserve is None:
                return False
            self._reserve.unlink()
        except OSError:
            return False
        log.warning("the disk is full: StreamCore uses its reserve of 1 MiB")
        return True


def _is_disk_full(error: BaseException) -> bool:
    # A quota or a file size limit is told as a failed write, not as a full disk.
    extended = getattr(error, "sqlite_errorcode", 0)
    return primary_code(error) == sqlite3.SQLITE_FULL or extended == sqlite3.SQLITE_IOERR_WRITE


def _concerns_all(error: BaseException) -> bool:
    """Tell errors that concern the whole transaction from those of one job."""
    return primary_code(error) in (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_READONLY,
    )


def _as_storage_error(error: Exception) -> StorageError:
    if _is_disk_full(error):
        text = "The disk is full: make room on it. What was saved before is safe."
    elif primary_code(error) == sqlite3.SQLITE_CORRUPT:
        text = (
            "The database is damaged. Start StreamCore again when you can: it saves what can be "
            "read and begins a new one."
        )
    else:
        text = f"The database could not be written ({error}). What was saved before is safe."
    failure = StorageError(text)
    failure.__cause__ = error
    return failure
