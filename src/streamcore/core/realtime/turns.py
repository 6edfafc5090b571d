"""Runs a session's work: greeting and subscriptions one after the other, commands side by side."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

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


class _Turn:
    __slots__ = ("ack_id", "name", "payload")

    def __init__(self, name: str, payload: msgspec.Raw, ack_id: int | None) -> None:
        self.name = name
        self.payload = payload
        self.ack_id = ack_id


class Turns:
    """Work of one session.

    `done` is called with each turn's ack id and answer, `failed` when the greeting is impossible.
    """

    def __init__(
        self,
        session: Session,
        tasks: OwnedTasks,
        done: Callable[[int | None, object | None], None],
        failed: Callable[[str], None],
    ) -> None:
        self._session = session
        self._tasks = tasks
        self._done = done
        self._failed = failed
        self._queue: deque[_Turn] = deque()
        self._is_busy = False
        self.is_greeted = False

    def greet(self) -> None:
        """Begin with the session's `opened`; what comes in meanwhile waits for it."""
        self._is_busy = True
        self._tasks.spawn(self._greet())

    def take(self, name: str, payload: msgspec.Raw, ack_id: int | None) -> None:
        """Start a turn or queue it; the caller bounds how many there are."""
        turn = _Turn(name, payload, ack_id)
        if self._is_busy:
            self._queue.append(turn)
        elif name in _SIDE_BY_SIDE:
            self._tasks.spawn(self._run(turn))
        else:
            self._is_busy = True
            self._queue.append(turn)
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
                if turn.name in _SIDE_BY_SIDE:
                    self._tasks.spawn(self._run(turn))
                else:
                    await self._run(turn)
        finally:
            self._is_busy = False

    async def _run(self, turn: _Turn) -> None:
        answer: object | None = None
        try:
            answer = await self._session.handle(turn.name, turn.payload)
        except Exception:
            log.exception("'%s' failed", turn.name)
            answer = _INTERNAL
        finally:
            self._done(turn.ack_id, answer)
