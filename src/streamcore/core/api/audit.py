"""What was denied, consented to and done."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from starlette.responses import Response

from streamcore.core.access import Access, access
from streamcore.core.api.replies import page
from streamcore.core.api.routing import Deps, new_router
from streamcore.core.api.shapes import Page
from streamcore.core.audit import AuditRow

__all__ = ["router"]

router = new_router()


@router.get("/api/audit")
@access(Access.SESSION, answer=Page[AuditRow])
async def list_audit(
    services: Deps,
    before: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    module_id: Annotated[str | None, Query(max_length=100)] = None,
    kind: Literal["denied", "consent", "action"] | None = None,
) -> Response:
    """Page through the audit log, newest first; `next` goes into `before`."""
    rows, next_cursor = await services.audit.page(
        before=before, limit=limit, module_id=module_id, kind=kind
    )
    return page(rows, next_cursor)
