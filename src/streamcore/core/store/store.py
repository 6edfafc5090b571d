"""The database as the loop sees it: `await` a read or a write, nothing blocks."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from streamcore.core.clock import Clock, SystemClock
from streamcore.core.config import RESERVE_NAME
from streamcore.core.errors import DamagedError, StorageError
from streamcore.core.store.codes import is_damage
from streamcore.core.store.health import Health, StorageState
from streamcore.core.store.opening import is_interrupted, open_reader, suspect_damage
from streamcore.core.store.writer import Job, Writer

__all__ = ["Store"]

T = TypeVar("T")

READERS = 2
"""So that a long search does not keep a module from catching up."""


class Store:
    """One SQLite file; `read` and `write` take functions that run on the store's own threads."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._loop = asyncio.get_running_loop()
        self._is_closed = False
        self._opening: asyncio.Future[None] = self._loop.create_future()
        self.health = Health(clock)
        self._writer = Writer(path, self._opened, self._told)
        self._readers = concurrent.futures.ThreadPoolExecutor(READERS, "store-reader")
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []

    @classmethod
    async def open(cls, path: Path, clock: Clock | None = None) -> Store:
        """Open or make the database, anew when it is damaged; StartError when that cannot be."""
        clock = clock or SystemClock()
        if is_interrupted(path):
            from streamcore.core.store.rescue import finish

            await asyncio.to_thread(finish, path)
        try:
            return await cls(path, clock)._start()
        except DamagedError as error:
            # Needed hardly ever: a usual start does not pay for its import.
            from streamcore.core.store.rescue import rebuild

            rebuilt = await asyncio.to_thread(rebuild, path, error, clock.now())
        store = await cls(path, clock)._start()
        store.health.rebuilt(rebuilt)
        return store

    async def _start(self) -> Store:
        self._writer.start(self._path.with_name(RESERVE_NAME))
        await self._opening
        return self

    @property
    def path(self) -> Path:
        """Return where the database lies."""
        return self._path

    async def read(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Run `fn` on one consistent view of the database."""
        self._check_open()
        return await self._loop.run_in_executor(self._readers, self._read, fn)

    async def write(self, fn: Callable[[sqlite3.Connection], T], *, durable: bool = True) -> T:
        """Run `fn` in a transaction with what else waits, and return when that is committed.

        `fn` may be run a second time when the first transaction failed as a whole: it must have
        no effect but on the database. What is not `durable` survives a crash of ours, but perhaps
        not a power cut.
        """
        job = _Write(fn, self._loop, is_durable=durable)
        self.submit(job)
        return await job.done

    def submit(self, job: Job) -> None:
        """Queue a job for the writing thread."""
        self._check_open()
        self._writer.submit(job)

    async def close(self) -> None:
        """Commit what is queued, move everything into the one file and let go of it."""
        if self._is_closed:
            return
        self._is_closed = True
        for connection in list(self._connections):
            with contextlib.suppress(sqlite3.Error):
                connection.interrupt()
        self._writer.stop()
        await asyncio.to_thread(self._finish)

    def _finish(self) -> None:
        self._readers.shutdown(wait=True, cancel_futures=True)
        for connection in self._connections:
            connection.close()
        self._writer.join()

    def _check_open(self) -> None:
        if self._is_closed:
            raise StorageError("The database is closed: StreamCore is shutting down.")

    def _opened(self, error: BaseException | None) -> None:
        def tell() -> None:
            if self._opening.done():
                return
            if error is None:
                self._opening.set_result(None)
            else:
                self._opening.set_exception(error)

        with contextlib.suppress(RuntimeError):  # the loop went away meanwhile
            self._loop.call_soon_threadsafe(tell)

    def _told(self, state: StorageState, detail: str) -> None:
        """Hear from the writing thread how the database stands."""
        tell = (
            (self.health.works,)
            if state is StorageState.OK
            else (self.health.failed, state, detail)
        )
        with contextlib.suppress(RuntimeError):  # the loop went away meanwhile
            self._loop.call_soon_threadsafe(*tell)

    def _read(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        try:
            connection = self._reader()
            connection.execute("BEGIN")
            try:
                return fn(connection)
            finally:
                connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            if is_damage(error):
                suspect_damage(self._path)
            raise StorageError(f"The database could not be read ({error}).") from error

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = open_reader(self._path)
            self._connections.append(connection)
        return connection


class _Write(Generic[T]):
    """A function on its way through the writing thread and back."""

    is_one_statement = False

    def __init__(
        self,
        fn: Callable[[sqlite3.Connection], T],
        loop: asyncio.AbstractEventLoop,
        *,
        is_durable: bool,
    ) -> None:
        self._fn = fn
        self._loop = loop
        self._is_durable = is_durable
        self._result: T | None = None
        self.done: asyncio.Future[T] = loop.create_future()

    def begin(self) -> bool:
        return self._is_durable

    def run(self, connection: sqlite3.Connection) -> None:
        self._result = self._fn(connection)

    def settle(self, error: BaseException | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop went away meanwhile
            self._loop.call_soon_threadsafe(self._tell, error)

    def _tell(self, error: BaseException | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(self._result)  # type: ignore[arg-type]  # `run` has set it
        else:
            self.done.set_exception(error)
