"""Once a day, beside everything else: is the database whole, and a copy of what matters."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from streamcore.core.clock import Clock
from streamcore.core.journal.checking import check_in_slices
from streamcore.core.journal.copying import check_copy, copy_in_slices
from streamcore.core.store import Store
from streamcore.core.store.codes import is_damage
from streamcore.core.store.copies import PARTIAL, copies, drop_old_copies, name_for
from streamcore.core.store.opening import suspect_damage

__all__ = ["Upkeep"]

log = logging.getLogger(__name__)

AFTER_START_S = 300.0
"""Nobody goes live in the very minutes after a start without wanting all of the computer."""
LOOK_EVERY_S = 3600.0
EVERY = timedelta(days=1)
REST = 4.0
"""Between two slices everybody else has the disk for so many times as long as one took."""
LEAVE_FREE_BYTES = 512 << 20


class Upkeep:
    """Checks and copies one database; `on_damage` is told in a sentence what was found."""

    def __init__(self, store: Store, clock: Clock, on_damage: Callable[[str], None]) -> None:
        self._path = store.path
        self._clock = clock
        self._on_damage = on_damage

    async def run(self) -> None:
        """Do what is due, now and then, until it is cancelled."""
        await self._clock.sleep(AFTER_START_S)
        while True:
            if self._is_due():
                await self.once()
            await self._clock.sleep(LOOK_EVERY_S)

    async def once(self) -> Path | None:
        """Check the database and copy it; return the copy, None when there could be none."""
        try:
            await self._in_slices(check_in_slices(self._path))
            copy = await self._copy()
        except sqlite3.DatabaseError as error:
            if not _tells_damage(error):
                log.warning("the database could not be copied: %s", error)
                return None
            suspect_damage(self._path)
            sentence = (
                f"The database is damaged ({error}). Start StreamCore again when you can: it saves "
                "what can be read and begins a new one."
            )
            log.error("%s", sentence)
            self._on_damage(sentence)
            return None
        except OSError as error:
            log.warning("the database could not be copied: %s", error)
            return None
        log.info("the database is whole, and a copy of it is in %s", copy)
        return copy

    def _is_due(self) -> bool:
        if shutil.disk_usage(self._path.parent).free < LEAVE_FREE_BYTES:
            return False
        made = [datetime.fromtimestamp(each.stat().st_mtime, UTC) for each in self._copies()]
        return not made or self._clock.now() - max(made) >= EVERY

    def _copies(self) -> list[Path]:
        return copies(self._path.parent)

    async def _copy(self) -> Path:
        target = name_for(self._path.parent, self._clock.now())
        partial = target.with_name(target.name + PARTIAL)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            await self._in_slices(copy_in_slices(self._path, partial))
            await asyncio.to_thread(check_copy, partial)
            partial.replace(target)
        finally:
            drop_old_copies(self._path.parent)
        return target

    async def _in_slices(self, steps: Generator[None, None, None]) -> None:
        """Work in a thread, with rests; when this is cancelled, that ends with its slice."""
        ended = threading.Event()

        def work() -> None:
            # SQLite's connections are closed by the thread that opened them.
            with contextlib.closing(steps):
                begin = time.monotonic()
                for _ in steps:
                    if ended.wait(REST * (time.monotonic() - begin)):
                        return
                    begin = time.monotonic()

        running = asyncio.get_running_loop().run_in_executor(None, work)
        try:
            await asyncio.shield(running)
        finally:
            ended.set()
            if not running.done():
                await asyncio.wait({running})


def _tells_damage(error: sqlite3.Error) -> bool:
    # What our own checks found has no code.
    return is_damage(error) or not hasattr(error, "sqlite_errorcode")
