"""Answers calls of the module's own page and of other modules."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping

import msgspec

from streamcore.protocol.errors import ErrorBody, ErrorCode
from streamcore.protocol.frames import Call, CommandAnswer
from streamcore.sdk._link import Reply
from streamcore.sdk._runtime.registry import Function
from streamcore.sdk.errors import StreamCoreError

__all__ = ["Calls"]


class Calls:
    """Runs the `on_call` handlers, beside each other and beside the events."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self.handlers: Mapping[str, Function] = {}

    async def answer(self, body: bytes | msgspec.Raw, reply: Reply | None) -> None:
        """Run the handler that a call names and send what it returned."""
        answer = await self._answer(body)
        if reply is None:
            return
        try:
            reply(answer)
        except StreamCoreError as error:
            reply(_failed(_code(error.code), error.message))
        except (TypeError, ValueError) as error:
            # What the handler returned is the author's: it may be no JSON at all.
            reply(_failed(ErrorCode.INTERNAL, f"the handler's answer is no JSON: {error}"))

    async def _answer(self, body: bytes | msgspec.Raw) -> CommandAnswer:
        try:
            call = msgspec.json.decode(body, type=Call)
        except msgspec.MsgspecError as error:
            return _failed(ErrorCode.INVALID_COMMAND, f"not a call: {error}")
        handler = self.handlers.get(call.name)
        if handler is None:
            names = ", ".join(sorted(self.handlers)) or "none"
            message = f"This module has no call {call.name!r}; it has: {names}."
            return _failed(ErrorCode.NOT_FOUND, message)
        try:
            result = handler(**call.args)
            if isinstance(result, Awaitable):
                result = await result
        except StreamCoreError as error:
            self._log.warning("the call '%s' failed: %s", call.name, error)
            return _failed(_code(error.code), error.message)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return _failed(ErrorCode.INTERNAL, f"The call '{call.name}' was cancelled.")
        except Exception as error:
            self._log.exception("the call '%s' failed", call.name)
            return _failed(ErrorCode.INTERNAL, f"{type(error).__name__}: {error}")
        return CommandAnswer(ok=True, result=result)


def _failed(code: ErrorCode, message: str) -> CommandAnswer:
    return CommandAnswer(ok=False, error=ErrorBody(code=code, message=message))


def _code(code: str) -> ErrorCode:
    try:
        return ErrorCode(code)
    except ValueError:
        return ErrorCode.INTERNAL
