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
