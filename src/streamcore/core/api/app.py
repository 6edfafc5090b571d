"""The whole interface as one FastAPI app."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from streamcore import __version__
from streamcore.core.access import Access, access, require_rules
from streamcore.core.api import (
    audit,
    chat,
    events,
    modules,
    openapi,
    platforms,
    session,
    system,
    views,
)
from streamcore.core.api.problems import register_problems
from streamcore.core.api.replies import reply
from streamcore.core.api.routing import new_router
from streamcore.core.api.services import Services

__all__ = ["ROUTERS", "build_api", "check_routes"]

ROUTERS: tuple[APIRouter, ...] = (
    session.router,
    system.router,
    modules.router,
    views.router,
    platforms.router,
    chat.router,
    events.router,
    audit.router,
)


def build_api(services: Services | None) -> FastAPI:
    """Build the app; without services it can be described but not called."""
    app = FastAPI(
        title="StreamCore",
        version=__version__,
        summary="The interface of the hub for its dashboard and for scripts on the same machine.",
        # A page of documentation would load its scripts from elsewhere; the description is ours.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        # Nothing about the streamer's requests leaves the machine, whatever the environment says.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.services = services
    register_problems(app)
    for router in (*ROUTERS, _description_router(app)):
        # Taken over as they are: the framework's way of including copies or wraps every route.
        app.router.routes.extend(router.routes)
    check_routes(app.router.routes)
    return app


def check_routes(routes: Iterable[BaseRoute]) -> None:
    """Refuse to start with a route that does not say who may use it."""
    require_rules(
        (getattr(route, "path", str(route)), getattr(route, "endpoint", None)) for route in routes
    )


def _description_router(app: FastAPI) -> APIRouter:
    router = new_router()

    @router.get("/api/openapi.json")
    @access(Access.SESSION, answer=dict[str, object])
    async def get_openapi(request: Request) -> Response:
        """Return this description."""
        return reply(openapi.describe(app))

    return router
