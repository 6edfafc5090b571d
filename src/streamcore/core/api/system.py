"""The core itself: version, home, sandbox, resource use."""

from __future__ import annotations

from starlette.responses import Response

from streamcore.core.access import Access, access
from streamcore.core.api.replies import reply
from streamcore.core.api.routing import Deps, new_router
from streamcore.core.api.shapes import SystemInfo

__all__ = ["router"]

router = new_router()


@router.get("/api/system")
@access(Access.SESSION, answer=SystemInfo)
async def get_system(services: Deps) -> Response:
    """Tell how the core stands."""
    return reply(services.system())


@router.post("/api/system/stop", status_code=202)
@access(Access.SESSION)
async def stop(services: Deps) -> Response:
    """End StreamCore, as its own menu does; answers before the end begins."""
    services.audit.record("action", command="stop")
    services.stop()
    return Response(status_code=202)
