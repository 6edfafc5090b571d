"""What every endpoint of the fake's HTTP API has: a path, a scope, an answer."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.twitch.oauth import Grant
from tests.fakes.twitch.payloads import Payload

__all__ = ["Endpoint", "no_content", "paged", "problem"]

_PAGE = 20
_PAGE_MAX = 100


class Endpoint(NamedTuple):
    """One call; the token needs one of `scopes`, none means that any token will do."""

    method: str
    path: str
    answer: Callable[[Request, Grant], Awaitable[Response]]
    scopes: tuple[str, ...] = ()
    cost: int = 1
    """What a call takes from the user's bucket."""


def problem(status: int, message: str) -> JSONResponse:
    """Return a refusal in Twitch's shape."""
    try:
        error = HTTPStatus(status).phrase
    except ValueError:
        error = ""
    return JSONResponse({"error": error, "status": status, "message": message}, status_code=status)


def no_content() -> Response:
    return Response(status_code=204)


def paged(
    request: Request,
    items: Sequence[Payload],
    *,
    usual: int = _PAGE,
    most: int = _PAGE_MAX,
    **more: object,
) -> Response:
    """Return the page of `items` that `first` and `after` ask for, with the cursor to the next."""
    first = request.query_params.get("first", str(usual))
    if not first.isdecimal() or not 1 <= int(first) <= most:
        return problem(400, f'The parameter "first" was malformed: the value must be 1 to {most}')
    after = request.query_params.get("after", "")
    try:
        begin = int(base64.b64decode(after)) if after else 0
    except ValueError:
        return problem(400, "The cursor specified in the after query parameter is not valid")
    end = begin + int(first)
    cursor = base64.b64encode(str(end).encode()).decode() if end < len(items) else None
    pagination: Payload = {"cursor": cursor} if cursor is not None else {}
    return JSONResponse({"data": list(items[begin:end]), "pagination": pagination, **more})
