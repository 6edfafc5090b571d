"""The journal: events go in, are committed, and only then come out, in the order of their numbers.

An event gets its number and is encoded once, on the loop; then it waits for the store's writing
thread, which takes whatever waits as one transaction. A group that holds anything but chat is
synced to the disk (it survives a power cut); chat alone survives a crash of ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from streamcore.core.clock import Clock
from streamcore.core.errors import CannotSaveError, StorageError
from streamcore.core.journal.appending import Append, Commit, LogWriter
from streamcore.core.journal.cursors import Cursors
from streamcore.core.journal.encoding import caught_up, encoded
from streamcore.core.journal.indexing import Indexer
from streamcore.core.journal.pruning import Bounds, prune, prune_seen
from streamcore.core.journal.reading import (
    EventPage,
    EventQuery,
    Kind,
    count_kinds,
    first_at,
    read_page,
    read_upwards,
)
from streamcore.core.journal.seen import DEDUPE_WINDOW_MS, dedupe_key
from streamcore.core.journal.shortage import Shortage
from streamcore.core.logged import LoggedEvent
from streamcore.core.store import Store
from streamcore.protocol.events import Event

__all__ = ["Journal"]

log = logging.getLogger(__name__)

MAX_WAITING = 4096
"""Events between `append` and their publication; beyond it `append` waits (back-pressure)."""
INDEX_DELAY_S = 1.0
DAY_MS = 24 * 3600 * 1000


class Journal:
    """The event log. `publish` is called on the loop, in order, with what is safely on the disk.

    `wait_s` tells how long what is published now would have to wait for company. The commit waits
    instead: the events reach nobody later, and share it.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        publish: Callable[[Sequence[LoggedEvent]], None],
        wait_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._store = store
        self._clock = clock
        self._publish = publish
        self._wait_s = wait_s
        self._loop = asyncio.get_running_loop()
        self._writer = LogWriter()
        self._cursors = Cursors(store)
        self._indexer = Indexer(store.path)
        self._shortage = Shortage(store.health, self._hand_in, self._note)
        self._waiting: deque[Append] = deque()
        self._unsettled = 0
        self._is_commit_queued = False
        self._turnstile = asyncio.Lock()
        self._drained = asyncio.Event()
        self._index_timer: asyncio.TimerHandle | None = None
        self._index_task: asyncio.Task[None] | None = None
        self._is_closed = False
        self._lost = 0
        self._last = 0
        self.head = 0
        """The last published number: a reader that has read up to it may go live."""

    async def open(self) -> None:
        """Go on after the last number that may ever have been given out."""
        last = await self._store.read(self._writer.load)
        self.head = self._last = self._writer.leased
        self._indexer.open(last)
        await self._cursors.load()
        self._index_later()

    async def append(self, events: Sequence[Event]) -> list[Event | None]:
        """Log events and return them as they were published; None stands for a duplicate.

        Returns after they are committed and published, raises StorageError when they could not
        be (then nothing of them is published but the transient ones). A call that is cancelled
        while it waits for the commit does not undo it.
        """
        if not events:
            return []
        done: asyncio.Future[list[Event | None]] = self._loop.create_future()
        await self._admit(events, done)
        return await done

    async def take(self, events: Sequence[Event]) -> None:
        """Take charge of what a platform told and will not tell again.

        Returns when there is room for it in the queue. While the disk takes nothing, what is money
        waits for it here, and the rest is published without being logged.
        """
        if self._shortage.is_on:
            self._pass_on([event for event in events if not _is_money(event)])
            events = [event for event in events if _is_money(event)]
        if events:
            await self._admit(events, None)

    async def read(
        self,
        *,
        after: int,
        limit: int,
        types: frozenset[str],
        platforms: frozenset[str] | None,
        module_id: str | None,
        not_before: datetime | None,
    ) -> tuple[list[LoggedEvent], int]:
        """Read matching events, oldest first, and the number up to which the log was looked at.

        That number is the head when nothing is left. Live events come as `catch_up`. `module_id`
        names the module whose own events are read; None means everybody's.
        """
        head = self.head
        admits = _filter(types, platforms, module_id)
        events = await self._store.read(
            lambda c: read_upwards(
                c,
                admits,
                after=after
                if not_before is None
                else first_at(c, _ms(not_before), after=after, until=head),
                until=head,
                limit=limit,
            )
        )
        return [caught_up(event) for event in events], events[-1].seq if len(
            events
        ) == limit else max(after, head)

    async def count_after(
        self,
        seq: int,
        types: frozenset[str],
        platforms: frozenset[str] | None,
        module_id: str | None,
    ) -> int:
        """Count the events that `read` would return after a number."""
        head = self.head
        admits = _filter(types, platforms, module_id)
        return await self._store.read(lambda c: count_kinds(c, admits, after=seq, until=head))

    async def page(self, query: EventQuery) -> EventPage:
        """Read events as they were logged, newest first."""
        head = self.head
        if query.q is not None and query.q.strip():
            return await self._indexer.search(query, head=head)
        return await self._store.read(lambda c: read_page(c, query, head=head))

    async def cursor(self, module_id: str) -> int | None:
        """Return how far a module got, None when it never read."""
        return self._cursors.get(module_id)

    def save_cursor(self, module_id: str, seq: int) -> None:
        """Remember how far a module got; written soon, and at the latest in `close`."""
        self._cursors.save(module_id, seq)

    async def begin_cursor(self, module_id: str, seq: int) -> None:
        """Remember where a module began; written when this returns, if the disk takes it."""
        await self._cursors.begin(module_id, seq)

    def forget_cursor(self, module_id: str) -> None:
        """Forget how far a removed module got; its row goes with the rest of its data."""
        self._cursors.forget(module_id)

    async def prune(self, *, max_age_days: int = 90, max_bytes: int = 1 << 30) -> int:
        """Remove events beyond the age or the size, donations never; return how many."""
        now = _ms(self._clock.now())
        await prune_seen(self._store, now - DEDUPE_WINDOW_MS)
        bounds = Bounds(now - max_age_days * DAY_MS, max_bytes - await self._indexer.size())
        removed, pruned_to = await prune(self._store, bounds)
        await self._indexer.keep(pruned_to)
        return removed

    async def close(self) -> None:
        """Let what waits be committed and published, and note exactly how far the log goes."""
        self._is_closed = True
        if self._index_timer is not None:
            self._index_timer.cancel()
        if self._index_task is not None:
            self._index_task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._index_task
        await self._indexer.close()
        if held := self._shortage.close():
            self._hand_in(held)
        while self._unsettled:
            self._drained.clear()
            await self._drained.wait()
        await self._cursors.close()
        head = self._last
        with contextlib.suppress(StorageError):
            await self._store.write(lambda c: self._writer.leave(c, head))
        if self._lost:
            log.error("%d events could not be saved before the end", self._lost)

    async def _admit(
        self, events: Sequence[Event], done: asyncio.Future[list[Event | None]] | None
    ) -> None:
        """Queue events as soon as there is room, in the order of the calls."""
        if self._turnstile.locked() or self._is_full(len(events)):
            async with self._turnstile:
                while self._is_full(len(events)):
                    self._drained.clear()
                    await self._drained.wait()
                self._enqueue(events, done)
        else:
            self._enqueue(events, done)

    def _is_full(self, more: int) -> bool:
        return self._unsettled > 0 and self._unsettled + more > MAX_WAITING

    def _enqueue(
        self, events: Sequence[Event], done: asyncio.Future[list[Event | None]] | None
    ) -> None:
        """Number, encode and queue events; without a wait in between, so that order is kept."""
        if self._is_closed:
            raise StorageError("The event log is closed: StreamCore is shutting down.")
        now = self._clock.now()
        logged: list[LoggedEvent] = []
        keys: list[int | None] = []
        is_money = False
        for event in events:
            if event.durable:
                self._last += 1
            logged.append(encoded(event, self._last if event.durable else 0, now))
            keys.append(
                dedupe_key(event.platform, event.source_id, is_test=event.is_test)
                if event.durable and event.source_id
                else None
            )
            is_money = is_money or _is_money(event)
        append = Append(logged, keys, _ms(now), done, is_money=is_money)
        self._unsettled += len(events)
        if self._shortage.is_on and (done is None or not is_money):
            # The little room that there may be is for money, and what came before goes first.
            self._settle([append], frozenset(), CannotSaveError(self._store.health.status.detail))
        elif self._unsettled == len(events) and not any(event.durable for event in events):
            # Nothing to wait for on the disk, and nobody to overtake.
            self._settle([append], frozenset(), None)
        else:
            self._waiting.append(append)
            if not self._is_commit_queued:
                self._is_commit_queued = True
                if wait_s := self._wait_s():
                    self._loop.call_later(wait_s, self._commit)
                else:
                    self._commit()

    def _commit(self, *, is_trial: bool = False) -> None:
        self._is_commit_queued = True
        self._store.submit(
            Commit(
                self._waiting,
                self._writer,
                self._loop,
                self._taken,
                self._settle,
                is_trial=is_trial,
            )
        )

    def _hand_in(self, held: Sequence[Append]) -> None:
        """Try to write what could not be written, before everything that came since."""
        self._waiting.extendleft(reversed(held))
        self._writer.halted = None
        self._commit(is_trial=True)

    def _note(self, events: Sequence[Event]) -> None:
        """Log what the core itself has to tell of the log."""
        if events:
            self._enqueue(events, None)

    def _pass_on(self, events: Sequence[Event]) -> None:
        """Publish events without logging them: the disk takes nothing, but the stream goes on."""
        now = self._clock.now()
        unlogged = [encoded(event, 0, now) for event in events]
        for event, passed in zip(events, unlogged, strict=True):
            if event.durable and passed.event is not None:
                self._shortage.count(passed.event)
        self._hand_on(unlogged)

    def _taken(self) -> None:
        """The writing thread is about to take what waits; what comes later needs a new job."""
        self._is_commit_queued = False

    def _settle(
        self,
        appends: Sequence[Append],
        duplicates: set[int] | frozenset[int],
        error: BaseException | None,
    ) -> None:
        """Publish what was committed, then answer those who wait."""
        if isinstance(error, CannotSaveError) and not self._is_closed:
            appends = [append for append in appends if not self._is_spared(append)]
        fresh: list[LoggedEvent] = []
        for append in appends:
            for event in append.events:
                if not event.seq or (error is None and event.seq not in duplicates):
                    fresh.append(event)
                if error is None:
                    self.head = max(self.head, event.seq)
        self._hand_on(fresh)
        for append in appends:
            self._unsettled -= len(append.events)
            done = append.done
            is_refused = error is not None and any(event.seq for event in append.events)
            if done is None:
                self._lost += len(append.events) if is_refused else 0
            elif done.done():
                continue
            elif error is not None and is_refused:
                done.set_exception(error)
            else:
                done.set_result(
                    [None if e.seq and e.seq in duplicates else e.event for e in append.events]
                )
        self._drained.set()
        if not self._is_closed:
            self._index_later()

    def _is_spared(self, append: Append) -> bool:
        """Do what a full disk allows for events of which the log has taken charge."""
        if append.done is not None:
            return False
        if append.is_money:
            self._shortage.hold(append)
        else:
            self._unsettled -= len(append.events)
            self._pass_on([each.event for each in append.events if each.event is not None])
        return True

    def _hand_on(self, events: Sequence[LoggedEvent]) -> None:
        if events:
            try:
                self._publish(events)
            except Exception:
                log.exception("events were logged, but could not be handed on")

    def _index_later(self) -> None:
        """Bring the word index up soon, once for all that comes until then."""
        if self._index_timer is None and (self._index_task is None or self._index_task.done()):
            self._index_timer = self._loop.call_later(INDEX_DELAY_S, self._index)

    def _index(self) -> None:
        self._index_timer = None
        # `close` owns and ends the task.
        self._index_task = self._loop.create_task(self._index_quietly(), name="journal-index")

    async def _index_quietly(self) -> None:
        try:
            await self._indexer.catch_up(self.head)
        except StorageError as error:
            # The next event or the next search tries again.
            log.debug("the word index has to wait: %s", error)


def _is_money(event: Event) -> bool:
    return event.durable and event.money_class


def _filter(
    types: frozenset[str], platforms: frozenset[str] | None, module_id: str | None
) -> Callable[[Kind], bool]:
    def admits(kind: Kind) -> bool:
        if kind.type not in types:
            return False
        if kind.module_id and module_id is not None and kind.module_id != module_id:
            return False
        return platforms is None or not kind.platform or kind.platform in platforms

    return admits


def _ms(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp() * 1000)
