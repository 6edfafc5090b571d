"""Modules: what was found, what the streamer allowed, and whether it runs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, RootModel, StrictBool
from starlette.responses import Response

from streamcore.core.access import Access, access
from streamcore.core.api.replies import page, reply
from streamcore.core.api.routing import Deps, new_router
from streamcore.core.api.shapes import Page
from streamcore.core.logs import LogLine
from streamcore.core.modules import ModuleRecord

__all__ = ["router"]

router = new_router()

_Name = Annotated[str, Field(min_length=1, max_length=100)]


class Approval(BaseModel):
    """What the streamer looked at, and what of its wishes is granted."""

    model_config = ConfigDict(extra="forbid")

    digest: Annotated[str, Field(min_length=1, max_length=200)]
    permissions: Annotated[list[_Name], Field(max_length=100)]


class PermissionChange(RootModel[dict[_Name, StrictBool]]):
    """By permission: true gives it back, false withdraws it."""


@router.get("/api/modules")
@access(Access.SESSION, answer=Page[ModuleRecord])
async def list_modules(services: Deps) -> Response:
    """List every module that was found."""
    return page(services.modules.list())


@router.get("/api/modules/{module_id}")
@access(Access.SESSION, answer=ModuleRecord)
async def get_module(module_id: str, services: Deps) -> Response:
    """Return one module's record."""
    return reply(services.modules.get(module_id))


@router.post("/api/modules/{module_id}/approve")
@access(Access.SESSION, answer=ModuleRecord)
async def approve_module(module_id: str, body: Approval, services: Deps) -> Response:
    """Consent to exactly what the digest stands for; enables and starts the module too."""
    return reply(await services.modules.approve(module_id, body.digest, body.permissions))


@router.post("/api/modules/{module_id}/enable")
@access(Access.SESSION, answer=ModuleRecord)
async def enable_module(module_id: str, services: Deps) -> Response:
    """Let an approved module run, now and at every start of the core."""
    return reply(await services.modules.enable(module_id))


@router.post("/api/modules/{module_id}/disable")
@access(Access.SESSION, answer=ModuleRecord)
async def disable_module(module_id: str, services: Deps) -> Response:
    """Stop a module and leave it stopped."""
    return reply(await services.modules.disable(module_id))


@router.post("/api/modules/{module_id}/restart")
@access(Access.SESSION, answer=ModuleRecord)
async def restart_module(module_id: str, services: Deps) -> Response:
    """Start a module afresh, a failed one included."""
    return reply(await services.modules.restart(module_id))


@router.patch("/api/modules/{module_id}/permissions")
@access(Access.SESSION, answer=ModuleRecord)
async def change_permissions(module_id: str, body: PermissionChange, services: Deps) -> Response:
    """Withdraw permissions or give them back; holds at once."""
    return reply(await services.modules.set_permissions(module_id, body.root))


@router.delete("/api/modules/{module_id}", status_code=204)
@access(Access.SESSION)
async def remove_module(module_id: str, services: Deps) -> Response:
    """Stop a module of the user, move its folder to the trash and forget what it was allowed."""
    await services.modules.remove(module_id)
    await services.view_keys.forget(module_id)
    return Response(status_code=204)


@router.get("/api/modules/{module_id}/settings")
@access(Access.SESSION, answer=dict[str, object])
async def get_settings(module_id: str, services: Deps) -> Response:
    """Return the values by name, defaults filled in; a secret is `{"set": true}` or false."""
    return reply(await services.modules.get_settings(module_id))


class SettingsBody(RootModel[dict[str, object]]):
    """The new values by name; what is left out gets its default, a secret left out stays."""


@router.put("/api/modules/{module_id}/settings")
@access(Access.SESSION, answer=dict[str, object])
async def put_settings(module_id: str, body: SettingsBody, services: Deps) -> Response:
    """Replace the settings when the module's schema accepts them all."""
    return reply(await services.modules.put_settings(module_id, body.root))


@router.get("/api/modules/{module_id}/logs")
@access(Access.SESSION, answer=Page[LogLine])
async def get_logs(
    module_id: str,
    services: Deps,
    after: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Response:
    """Return what the module wrote, newest first; `after` is the cursor of the page before."""
    services.modules.get(module_id)
    lines, next_cursor = await services.logs.read(module_id, after=after, limit=limit)
    return page(lines, next_cursor)
