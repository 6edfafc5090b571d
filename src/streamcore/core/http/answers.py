"""A whole HTTP answer as a value, and how it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from streamcore.core.http.asgi import Headers, Receive, Scope, Send

__all__ = ["API_HEADERS", "Answer", "json_answer", "problem", "refuse", "send_answer"]

_PROBLEM = b"application/problem+json"

API_HEADERS: Headers = (
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
)
"""Of every answer that is data and not a page (`security.md` calls them API headers)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body; the length is added when it is sent."""

    status: int
    headers: Headers
    body: bytes = b""


def json_answer(
    value: object, status: int = 200, media_type: bytes = b"application/json"
) -> Answer:
    """Return a value as JSON with the headers of data."""
    body = msgspec.json.encode(value)
    return Answer(status, ((b"content-type", media_type), *API_HEADERS), body)


def problem(
    status: int,
    code: str,
    title: str,
    *,
    headers: Headers = (),
    details: Mapping[str, object] | None = None,
) -> Answer:
    """Return a refusal in the one shape that all of them have (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code,
        **(details or {}),
    }
    answer = json_answer(body, status, _PROBLEM)
    return replace(answer, headers=(*answer.headers, *headers))


async def send_answer(scope: Scope, send: Send, answer: Answer) -> None:
    """Send an answer; a HEAD request gets the headers alone."""
    length = (b"content-length", str(len(answer.body)).encode())
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [*answer.headers, length],
        }
    )
    body = b"" if scope["method"] == "HEAD" else answer.body
    await send({"type": "http.response.body", "body": body})


async def refuse(scope: Scope, receive: Receive, send: Send, answer: Answer) -> None:
    """Answer a request, or an upgrade to a WebSocket before it became one."""
    if scope["type"] != "websocket":
        await send_answer(scope, send, answer)
        return
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    await send(
        {
            "type": "websocket.http.response.start",
            "status": answer.status,
            "headers": list(answer.headers),
        }
    )
    await send({"type": "websocket.http.response.body", "body": answer.body})
