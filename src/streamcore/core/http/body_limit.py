"""A ceiling for request bodies, applied while they arrive and before anybody reads them."""

from __future__ import annotations

from streamcore.core.http.answers import problem, send_answer
from streamcore.core.http.asgi import ASGIApp, Message, Receive, Scope, Send, values_of

__all__ = ["BodyLimit"]

_TOO_LARGE = problem(413, "too_large", "Content Too Large")


class _TooLargeError(Exception):
    """More arrived than is allowed."""


class BodyLimit:
    """Answers 413 to a body over `max_bytes`, announced or not."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = values_of(scope["headers"], b"content-length")
        if announced and not _fits(announced[0], self._max_bytes):
            await send_answer(scope, send, _TOO_LARGE)
            return
        taken = 0
        is_over = False
        has_answered = False

        async def counted() -> Message:
            nonlocal taken, is_over
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._max_bytes:
                is_over = True
                raise _TooLargeError
            return message

        async def guarded(message: Message) -> None:
            nonlocal has_answered
            # The reader may have turned the error into an answer of its own; ours is the true one.
            if is_over and not has_answered:
                raise _TooLargeError
            has_answered = True
            await send(message)

        try:
            await self._app(scope, counted, guarded)
        except _TooLargeError:
            if not has_answered:
                await send_answer(scope, send, _TOO_LARGE)


def _fits(announced: bytes, max_bytes: int) -> bool:
    return announced.isdigit() and len(announced) <= 12 and int(announced) <= max_bytes
