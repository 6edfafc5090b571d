"""Who asks: the bearer token of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from starlette.requests import Request

from streamcore.core.principals import DashboardPrincipal

if TYPE_CHECKING:
    from streamcore.core.api.services import Services

__all__ = ["bearer_token", "services_of", "session_of"]

_LONGEST_TOKEN = 512


def services_of(request: Request) -> Services:
    """Return what the routes stand on."""
    return cast("Services", request.app.state.services)


def bearer_token(request: Request) -> str | None:
    """Return the token of a request that has exactly one."""
    found = request.headers.getlist("authorization")
    if len(found) != 1:
        return None
    scheme, _, token = found[0].partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
        return None
    return token


def session_of(request: Request) -> DashboardPrincipal | None:
    """Return the streamer when the request shows a session token, or the token of this run."""
    token = bearer_token(request)
    return services_of(request).sessions.check(token) if token is not None else None
