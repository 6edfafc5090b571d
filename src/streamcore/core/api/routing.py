"""The kind of route that all of the interface has: who may, then what, in strict JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from streamcore.core.access import Access, rule_of
from streamcore.core.api.callers import services_of, session_of
from streamcore.core.api.services import Services

__all__ = ["Deps", "new_router"]


class _StrictRequest(Request):
    """A request whose JSON has no NaN, no broken text and no bottomless nesting."""

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            try:
                self._json = msgspec.json.decode(await self.body())
            except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
                raise json.JSONDecodeError(str(error), "", 0) from error
        return self._json


class _GuardedRoute(APIRoute):
    """Asks who it is before anything of the request is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()
        is_open = rule_of(self.endpoint) is Access.OPEN
        takes_body = self.body_field is not None

        async def guarded(request: Request) -> Response:
            if not is_open and session_of(request) is None:
                raise HTTPException(401)
            if takes_body and _has_body(request) and not _is_json(request):
                raise HTTPException(415)
            return await handler(_StrictRequest(request.scope, request.receive))

        return guarded


def new_router() -> APIRouter:
    """Return a router for one subject."""
    return APIRouter(route_class=_GuardedRoute, redirect_slashes=False)


def _has_body(request: Request) -> bool:
    if "transfer-encoding" in request.headers:
        return True
    return request.headers.get("content-length", "0") != "0"


def _is_json(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0]
    return media_type.strip().lower() == "application/json"


async def _services(request: Request) -> Services:
    return services_of(request)


Deps = Annotated[Services, Depends(_services)]
"""The services, as a parameter of an endpoint."""
