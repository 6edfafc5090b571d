"""Answers as JSON bytes that were encoded once."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from starlette.responses import Response

from streamcore.core.http.answers import API_HEADERS

__all__ = ["page", "page_of_encoded", "reply", "reply_encoded"]


def reply_encoded(body: bytes) -> Response:
    """Return JSON that is encoded already."""
    response = Response(body, media_type="application/json")
    for name, value in API_HEADERS:
        response.headers[name.decode()] = value.decode()
    return response


def reply(value: object) -> Response:
    """Return a single thing as its object."""
    return reply_encoded(msgspec.json.encode(value))


def page(items: Iterable[object], next_cursor: str | None = None) -> Response:
    """Return a list, with the cursor of what follows."""
    return reply({"items": list(items), "next": next_cursor})


def page_of_encoded(items: Iterable[bytes], next_cursor: str | None) -> Response:
    """Return a list of things that were encoded when they were logged."""
    ending = msgspec.json.encode(next_cursor)
    return reply_encoded(b'{"items":[' + b",".join(items) + b'],"next":' + ending + b"}")
