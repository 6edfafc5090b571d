"""Modules' pages: the addresses for OBS and their keys."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from streamcore.core.access import Access, access
from streamcore.core.api.replies import page, reply
from streamcore.core.api.routing import Deps, new_router
from streamcore.core.api.shapes import ModuleView, Page
from streamcore.protocol.manifest import View

__all__ = ["router"]

router = new_router()


@router.get("/api/modules/{module_id}/views")
@access(Access.SESSION, answer=Page[ModuleView])
async def list_views(module_id: str, request: Request, services: Deps) -> Response:
    """List a module's pages, each with the address to paste into OBS."""
    records = [
        _record(request, module_id, view, await services.view_keys.key(module_id, view.id))
        for view in services.modules.views(module_id)
    ]
    return page(records)


@router.post("/api/modules/{module_id}/views/{view_id}/rotate")
@access(Access.SESSION, answer=ModuleView)
async def rotate_key(module_id: str, view_id: str, request: Request, services: Deps) -> Response:
    """Give a page a new key; whatever was opened with the old one is cut off."""
    view = services.modules.view(module_id, view_id)
    key = await services.view_keys.rotate(module_id, view_id)
    services.modules.view_key_changed(module_id, view_id)
    return reply(_record(request, module_id, view, key))


def _record(request: Request, module_id: str, view: View, key: str) -> ModuleView:
    # OBS gets the number, never the name: some systems resolve "localhost" to IPv6 first.
    _, _, port = request.headers["host"].rpartition("]")[2].partition(":")
    origin = f"http://127.0.0.1:{port}" if port else "http://127.0.0.1"
    return ModuleView(
        id=view.id,
        title=view.title,
        kind=view.kind,
        path=view.path,
        width=view.width,
        height=view.height,
        url=f"{origin}/overlay/{module_id}/{view.id}#k={key}",
    )
