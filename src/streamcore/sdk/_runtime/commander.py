"""Sends commands: at the allowed pace, through short breaks, with errors raised as classes."""

from __future__ import annotations

import asyncio

import msgspec

from streamcore.protocol.commands import Command
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.limits import COMMANDS_BURST, COMMANDS_PER_S, MAX_UNANSWERED_COMMANDS
from streamcore.sdk._link import Link
from streamcore.sdk._runtime.context import effect
from streamcore.sdk._runtime.pace import Pace
from streamcore.sdk._time import Time
from streamcore.sdk.errors import Disconnected, StreamCoreError, error_for

__all__ = ["ANSWER_TIMEOUT_S", "RECONNECT_WAIT_S", "Commander", "command_pace"]

ANSWER_TIMEOUT_S = 30.0
RECONNECT_WAIT_S = 5.0
"""For so long a command waits for the connection to come back before it raises."""
# Below the core's limits, so that log lines and a clock's jitter fit between.
_PER_S, _BURST = 0.75 * COMMANDS_PER_S, 0.75 * COMMANDS_BURST
_IN_FLIGHT = MAX_UNANSWERED_COMMANDS - 4


class _Error(msgspec.Struct):
    # Text where the protocol has a closed list: a newer core may know more codes.
    code: str
    message: str
    permission: str | None = None
    retry_after_ms: int | None = None


class _Answer(msgspec.Struct):
    ok: bool
    result: object = None
    error: _Error | None = None


_ANSWER = msgspec.json.Decoder(_Answer)


def command_pace(time: Time) -> Pace:
    """Return the pace at which a module never meets the core's limit."""
    return Pace(_PER_S, _BURST, time)


class Commander:
    """One for each module: everything it asks of the core goes through here."""

    def __init__(self, link: Link, pace: Pace) -> None:
        self._link, self._pace = link, pace
        self._slots = asyncio.Semaphore(_IN_FLIGHT)
        self._up = asyncio.Event()

    def back(self) -> None:
        """The core said welcome: commands may go."""
        self._up.set()

    def lost(self) -> None:
        """The connection is gone: commands wait."""
        self._up.clear()

    async def execute(self, command: Command, timeout_s: float = ANSWER_TIMEOUT_S) -> object:
        """Send a command and return its result; raises the errors of `streamcore.sdk.errors`.

        Cut off on the way, a command with an `idempotency_key` is sent again after the reconnect;
        any other raises `Disconnected`, because whether it was done is not known.
        """
        command = _keyed(command)
        await self._slots.acquire()
        try:
            raw = await self._send(command, timeout_s)
        finally:
            self._slots.release()
        try:
            answer = _ANSWER.decode(raw)
        except msgspec.MsgspecError as error:
            message = f"StreamCore's answer has an unknown shape: {error}"
            raise error_for(ErrorCode.INTERNAL, message) from error
        if answer.ok:
            return answer.result
        raise _error(answer.error)

    async def _send(self, command: Command, timeout_s: float) -> bytes:
        while True:
            if not self._pace.try_take():
                await self._pace.take()
            if not self._up.is_set():
                await self.wait_for_link()
            try:
                return await self._link.call("command", command, timeout_s)
            except Disconnected:
                if command.idempotency_key is None:
                    raise
                # The news of the loss may come after the failed call.
                await asyncio.sleep(0)

    async def wait_for_link(self) -> None:
        """Wait a short time for the connection; raises Disconnected."""
        if self._up.is_set():
            return
        try:
            async with asyncio.timeout(RECONNECT_WAIT_S):
                await self._up.wait()
        except TimeoutError:
            raise Disconnected from None


def _keyed(command: Command) -> Command:
    """Inside a `once` block every command carries a key that is the same in every life."""
    scope = effect.get()
    if scope is None or command.idempotency_key is not None:
        return command
    return msgspec.structs.replace(command, idempotency_key=scope.next_key())


def _error(body: _Error | None) -> StreamCoreError:
    if body is None:
        return error_for(ErrorCode.INTERNAL, "StreamCore gave no reason.")
    return error_for(body.code, body.message, body.permission, body.retry_after_ms)
