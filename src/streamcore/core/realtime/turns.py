"""Runs a session's work: greeting and subscriptions one after the other, commands side by side."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

import msgspec

from streamcore.core.bridge.link import Session
from streamcore.core.realtime.tasks import OwnedTasks
from streamcore.protocol.errors import ErrorBody, ErrorCode
from streamcore.protocol.frames import CommandAnswer

__all__ = ["Turns"]

log = logging.getLogger(__name__)

_SIDE_BY_SIDE = frozenset({"command", "call"})
_INTERNAL = CommandAnswer(
    ok=False,
    error=ErrorBody(ErrorCode.INTERNAL, "The core failed on this; its log says why."),
)


class _Turn(NamedTuple):
    """What has not begun."""

    name: str
    payload: msgspec.Raw
    ack_id: int | None


class _Work:
    """What has begun and not ended."""

    __slots__ = ("ack_id", "deadline", "name", "task")

    def __init__(self, name: str, ack_id: int | None, deadline: float) -> None:
        self.name = name
        self.ack_id = ack_id
        self.deadline = deadline
        self.task: asyncio.Task[None] | None = None


class Turns:
    """Work of one session.

    `done` is called once with each turn's ack id and answer, at the latest after `within_s`,
    whatever the work waits for; `failed` when the greeting is impossible.
    """

    def __init__(
        self,
        session: Session,
        tasks: OwnedTasks,
        done: Callable[[int | None, object | None], None],
        failed: Callable[[str], None],
        *,
        within_s: float,
    ) -> None:
        self._session = session
        self._tasks = tasks
        self._done = done
        self._failed = failed
        self._within_s = within_s
        self._loop = asyncio.get_running_loop()
        self._queue: deque[_Turn] = deque()
        self._under_way: dict[_Work, None] = {}
        """What waits for something, in the order of the deadlines."""
        self._timer: asyncio.TimerHandle | None = None
        self._is_busy = False
        self.is_greeted = False

    def greet(self) -> None:
        """Begin with the session's `opened`; what comes in meanwhile waits for it."""
        self._is_busy = True
        self._tasks.spawn(self._greet())

    def take(self, name: str, payload: msgspec.Raw, ack_id: int | None) -> None:
        """Do a turn, start it or queue it; the caller bounds how many there are."""
        if self._is_busy:
            self._queue.append(_Turn(name, payload, ack_id))
        elif name in _SIDE_BY_SIDE:
            self._begin(name, payload, ack_id)
        else:
            self._is_busy = True
            self._queue.append(_Turn(name, payload, ack_id))
            self._tasks.spawn(self._drain())

    def stop(self) -> None:
        """The connection is gone: what has not begun never will."""
        while self._queue:
            self._done(self._queue.popleft().ack_id, None)

    async def _greet(self) -> None:
        try:
            await self._session.opened()
        except Exception:
            log.exception("a session could not be opened")
            self._failed("the core failed to open the session")
        self.is_greeted = True
        await self._drain()

    async def _drain(self) -> None:
        try:
            while self._queue:
                turn = self._queue.popleft()
                task = self._begin(turn.name, turn.payload, turn.ack_id)
                if turn.name not in _SIDE_BY_SIDE and task is not None:
                    await asyncio.wait((task,), timeout=self._within_s)
        finally:
            self._is_busy = False

    def _begin(
        self, name: str, payload: msgspec.Raw, ack_id: int | None
    ) -> asyncio.Task[None] | None:
        """Do what needs no waiting at once, without the cost of a task; start the rest."""
        try:
            answer = self._session.handle(name, payload)
        except Exception:
            log.exception("'%s' failed", name)
            answer = _INTERNAL
        # The usual case first: asking for the abstract class is slow.
        if isinstance(answer, CommandAnswer) or not isinstance(answer, Coroutine):
            self._done(ack_id, answer)
            return None
        work = _Work(name, ack_id, self._loop.time() + self._within_s)
        work.task = self._tasks.spawn(self._finish(work, answer))
        if work.task is None:
            answer.close()
            return None
        self._under_way[work] = None
        if self._timer is None:
            self._timer = self._loop.call_at(work.deadline, self._look)
        return work.task

    async def _finish(self, work: _Work, answer_to_come: Coroutine[Any, Any, object]) -> None:
        answer: object | None = None
        try:
            answer = await answer_to_come
        except Exception:
            log.exception("'%s' failed", work.name)
            answer = _INTERNAL
        finally:
            self._answer(work, answer)

    def _answer(self, work: _Work, answer: object | None) -> None:
        if work in self._under_way:
            del self._under_way[work]
            self._done(work.ack_id, answer)

    def _look(self) -> None:
        """Answer for those whose time is over: one timer for all costs next to nothing each."""
        self._timer = None
        now = self._loop.time()
        for work in tuple(self._under_way):
            if work.deadline > now:
                self._timer = self._loop.call_at(work.deadline, self._look)
                return
            log.warning("'%s' took longer than %g s and was given up", work.name, self._within_s)
            message = (
                f"This took longer than {self._within_s:g} s and was given up; "
                "whether it was done is not known."
            )
            error = ErrorBody(ErrorCode.TIMEOUT, message)
            self._answer(work, CommandAnswer(ok=False, error=error))
            # What does not even end when it is told to has no slot any more, nor an answer.
            if work.task is not None:
                work.task.cancel()
