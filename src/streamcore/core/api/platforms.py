"""Platforms: how each stands, signing in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from streamcore.core.access import Access, access
from streamcore.core.api.replies import page, reply
from streamcore.core.api.routing import Deps, new_router
from streamcore.core.api.services import Services
from streamcore.core.api.shapes import Page, PlatformRecord
from streamcore.core.errors import NotFoundError
from streamcore.core.integrations.base import ConnectFlow, Integration

__all__ = ["router"]

router = new_router()

_Text = Annotated[str, Field(max_length=4096)]


class Connect(BaseModel):
    """Answers to the fields of a token login; empty for every other kind."""

    model_config = ConfigDict(extra="forbid")

    values: Annotated[dict[_Text, _Text], Field(max_length=20)] | None = None


@router.get("/api/platforms")
@access(Access.SESSION, answer=Page[PlatformRecord])
async def list_platforms(services: Deps) -> Response:
    """List every platform and how it stands."""
    return page(services.platforms.platforms())


@router.get("/api/platforms/{platform_id}")
@access(Access.SESSION, answer=PlatformRecord)
async def get_platform(platform_id: str, services: Deps) -> Response:
    """Return one platform."""
    return reply(_record(services, platform_id))


@router.post("/api/platforms/{platform_id}/connect")
@access(Access.SESSION, answer=ConnectFlow)
async def connect_platform(
    platform_id: str, services: Deps, body: Connect | None = None
) -> Response:
    """Begin a login, or return the pending one; the answer says what the streamer does next."""
    integration = _integration(services, platform_id)
    flow = await integration.connect(body.values if body is not None else None)
    services.audit.record("action", command="connect_platform", detail=platform_id)
    return reply(flow)


@router.post("/api/platforms/{platform_id}/disconnect")
@access(Access.SESSION, answer=PlatformRecord)
async def disconnect_platform(platform_id: str, services: Deps) -> Response:
    """Cancel a pending login, revoke and forget the account."""
    await _integration(services, platform_id).disconnect()
    services.audit.record("action", command="disconnect_platform", detail=platform_id)
    return reply(_record(services, platform_id))


def _integration(services: Services, platform_id: str) -> Integration:
    integration = services.platforms.get(platform_id)
    if integration is None:
        raise NotFoundError(f"There is no platform '{platform_id}'.")
    return integration


def _record(services: Services, platform_id: str) -> Mapping[str, object]:
    for record in services.platforms.platforms():
        if record["id"] == platform_id:
            return record
    raise NotFoundError(f"There is no platform '{platform_id}'.")
