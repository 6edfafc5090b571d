"""What the HTTP interface answers with: types of the core beside the protocol's own."""

from __future__ import annotations

from fastapi.routing import APIRoute

from streamcore.core.access import answer_of
from streamcore.core.api.app import ROUTERS

__all__ = ["answer_types"]


def answer_types() -> list[object]:
    """Return the declared type of every route's answer, in the order of the routes."""
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    answers = [answer_of(route.endpoint) for route in routes]
    return [answer for answer in answers if answer is not None]
