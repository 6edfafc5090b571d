"""Signing in and out: a one-time code of the app becomes this browser's token."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from streamcore.core.access import Access, access
from streamcore.core.api.callers import bearer_token
from streamcore.core.api.problems import problem_response
from streamcore.core.api.replies import reply
from streamcore.core.api.routing import Deps, new_router
from streamcore.core.api.shapes import OneTimeCode, SessionToken

__all__ = ["router"]

router = new_router()


class SignIn(BaseModel):
    """The code that stood behind `#code=` in the address that the app opened."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(min_length=1, max_length=200)]


@router.post("/api/session")
@access(Access.OPEN, answer=SessionToken)
async def sign_in(body: SignIn, services: Deps) -> Response:
    """Exchange a one-time code for a session token."""
    found = await services.sessions.exchange(body.code)
    if found is None:
        return problem_response(401, "invalid_code")
    token, expires_at = found
    services.audit.record("action", command="sign_in", detail="A browser opened the dashboard.")
    return reply(SessionToken(token, expires_at))


@router.post("/api/session/code")
@access(Access.SESSION, answer=OneTimeCode)
async def new_code(services: Deps) -> Response:
    """Make a code that opens the dashboard in another browser."""
    return reply(OneTimeCode(services.sessions.new_code()))


@router.delete("/api/session", status_code=204)
@access(Access.SESSION)
async def sign_out(request: Request, services: Deps) -> Response:
    """Forget the session that asks."""
    token = bearer_token(request) or ""
    principal = services.sessions.check(token)
    await services.sessions.revoke(token)
    if principal is not None:
        services.disconnect(principal)
    services.audit.record("action", command="sign_out")
    return Response(status_code=204)
