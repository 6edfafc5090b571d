"""Keeps the word index behind the log, on a thread of its own, so that nobody waits for it.

Putting words into the index costs several times what the append costs. So the append leaves it
out, and the index follows in steps; a search first lets it come up to the head. There is one way to
find things and no second one for what is not indexed yet: after a flood, or when the index is made
anew, a search answers for what the index has by then.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from streamcore.core.config import INDEX_NAME
from streamcore.core.errors import StorageError
from streamcore.core.journal.chapters import CHAPTER, WordFile, discard
from streamcore.core.journal.reading import EventPage, EventQuery, wanted_kinds
from streamcore.core.journal.searching import Question, search
from streamcore.core.store.codes import is_damage
from streamcore.core.store.opening import open_reader

__all__ = ["Indexer"]

log = logging.getLogger(__name__)

T = TypeVar("T")

STEP = 500
"""Events in one transaction of the index; a search waits for the one that is under way."""
REST = 3.0
"""While older chapters are made anew, the index rests so many times as long as it works."""
SEARCH_WAITS_S = 0.5


class Indexer:
    """The word index of one log; steps and searches take turns on its thread."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = database.with_name(INDEX_NAME)
        self._loop = asyncio.get_running_loop()
        self._thread = concurrent.futures.ThreadPoolExecutor(1, "word-index")
        self._file: WordFile | None = None
        self._last = 0
        self._was_discarded = False
        self._is_closed = False

    def open(self, last: int) -> None:
        """Learn the log's last number; the file itself is opened when it is first needed."""
        self._last = last

    async def catch_up(self, head: int) -> None:
        """Index every event up to `head`, then merge what searches would have to put together."""
        is_busy = True
        while is_busy:
            begin = self._loop.time()
            is_busy = await self._run(lambda file: bool(file.add(head, STEP)) or file.merge())
            await asyncio.sleep(REST * (self._loop.time() - begin))

    async def search(self, query: EventQuery, *, head: int) -> EventPage:
        """Find the newest events with the words that a query asks for."""
        was_discarded = self._was_discarded
        page = await self._search(query, head)
        if self._was_discarded == was_discarded:
            return page
        # It was found to be damaged meanwhile, and had nothing in it any more.
        return await self._search(query, head)

    async def _search(self, query: EventQuery, head: int) -> EventPage:
        end = self._loop.time() + SEARCH_WAITS_S
        while await self._run(lambda file: file.add(head, STEP, down_to=head - CHAPTER)):
            if self._loop.time() > end:
                break

        def find(file: WordFile) -> EventPage:
            after, before = query.bounds(head)
            kinds = wanted_kinds(file.log, query)
            question = Question.of(query.q or "", kinds, after, before, query.limit)
            found = search(file, question)
            return EventPage(
                [row.body for row in found.rows], None if found.next is None else str(found.next)
            )

        return await self._run(find)

    async def keep(self, pruned_to: int) -> None:
        """Make chapters small of which only donations are left."""
        while await self._run(lambda file: file.keep(pruned_to)):
            pass

    async def size(self) -> int:
        """Return how many bytes the index takes on the disk."""
        return await self._run(lambda file: file.size())

    async def close(self) -> None:
        """Let the step that runs end, and let go of the file."""
        self._is_closed = True
        await asyncio.to_thread(self._thread.shutdown, wait=True, cancel_futures=True)
        if self._file is not None:
            self._file.close()

    async def _run(self, fn: Callable[[WordFile], T]) -> T:
        if self._is_closed:
            raise StorageError("The word index is closed: StreamCore is shutting down.")
        return await self._loop.run_in_executor(self._thread, self._guarded, fn)

    def _guarded(self, fn: Callable[[WordFile], T]) -> T:
        try:
            try:
                return fn(self._opened())
            except sqlite3.DatabaseError as error:
                if not is_damage(error) or self._was_discarded:
                    raise
                log.warning("the word index is damaged (%s): it is made anew", error)
                self._discard()
                return fn(self._opened())
        except (sqlite3.Error, OSError) as error:
            raise StorageError(f"The word index cannot be used ({error}).") from error

    def _opened(self) -> WordFile:
        if self._file is None:
            log_connection = open_reader(self._database)
            try:
                self._file = WordFile(self._path, log_connection, last=self._last)
            except BaseException:
                log_connection.close()
                raise
        return self._file

    def _discard(self) -> None:
        # Once in a run: when it is the log that is damaged, another index does not help.
        self._was_discarded = True
        if self._file is not None:
            self._file.close()
            self._file = None
        discard(self._path)
