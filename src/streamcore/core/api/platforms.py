"""Platforms: how each stands, signing in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool
from starlette.responses import Response

from streamcore.core.access import Access, access
from streamcore.core.api.replies import page, reply
from streamcore.core.api.routing import Deps, new_router
from streamcore.core.api.services import Services
from streamcore.core.api.shapes import Page, PlatformRecord
from streamcore.core.errors import NotFoundError
from streamcore.core.integrations.base import AccountRole, ConnectFlow, Integration
from streamcore.protocol.permissions import Permission

__all__ = ["router"]

router = new_router()

_Text = Annotated[str, Field(max_length=4096)]


class Connect(BaseModel):
    """What to log in to; empty for the streamer's account with what is switched on.

    `values` answer the fields of a token login, `permissions` replace what is switched on.
    """

    model_config = ConfigDict(extra="forbid")

    values: Annotated[dict[_Text, _Text], Field(max_length=20)] | None = None
    permissions: Annotated[list[Permission], Field(max_length=len(Permission))] | None = None
    account: AccountRole = AccountRole.STREAMER


class WhichAccount(BaseModel):
    """Whose login is meant; empty for the streamer's."""

    model_config = ConfigDict(extra="forbid")

    account: AccountRole = AccountRole.STREAMER


_Options = Annotated[dict[Annotated[str, Field(max_length=64)], StrictBool], Field(max_length=20)]


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
    asked = body or Connect()
    flow = await _integration(services, platform_id).connect(
        asked.values, permissions=asked.permissions, account=asked.account
    )
    _record_action(services, "connect_platform", platform_id, asked.account)
    return reply(flow)


@router.post("/api/platforms/{platform_id}/cancel")
@access(Access.SESSION, answer=PlatformRecord)
async def cancel_login(
    platform_id: str, services: Deps, body: WhichAccount | None = None
) -> Response:
    """Give a pending login up; what is connected stays connected."""
    role = (body or WhichAccount()).account
    await _integration(services, platform_id).cancel(role)
    _record_action(services, "cancel_login", platform_id, role)
    return reply(_record(services, platform_id))


@router.post("/api/platforms/{platform_id}/disconnect")
@access(Access.SESSION, answer=PlatformRecord)
async def disconnect_platform(
    platform_id: str, services: Deps, body: WhichAccount | None = None
) -> Response:
    """Cancel a pending login, revoke and forget the account; the streamer's takes the bot's along.

    The streamer's account is meant unless `account` says `bot`.
    """
    role = (body or WhichAccount()).account
    await _integration(services, platform_id).disconnect(role)
    _record_action(services, "disconnect_platform", platform_id, role)
    return reply(_record(services, platform_id))


@router.patch("/api/platforms/{platform_id}/options")
@access(Access.SESSION, answer=PlatformRecord)
async def set_platform_options(platform_id: str, services: Deps, body: _Options) -> Response:
    """Switch options of a platform on or off; what is not named stays as it is."""
    await _integration(services, platform_id).set_options(body)
    said = ", ".join(f"{name}={'on' if value else 'off'}" for name, value in sorted(body.items()))
    services.audit.record("action", command="set_options", detail=f"{platform_id}: {said}")
    return reply(_record(services, platform_id))


def _integration(services: Services, platform_id: str) -> Integration:
    integration = services.platforms.get(platform_id)
    if integration is None:
        raise NotFoundError(f"There is no platform '{platform_id}'.")
    return integration


def _record_action(services: Services, command: str, platform_id: str, role: AccountRole) -> None:
    detail = platform_id if role is AccountRole.STREAMER else f"{platform_id} {role}"
    services.audit.record("action", command=command, detail=detail)


def _record(services: Services, platform_id: str) -> Mapping[str, object]:
    for record in services.platforms.platforms():
        if record["id"] == platform_id:
            return record
    raise NotFoundError(f"There is no platform '{platform_id}'.")
