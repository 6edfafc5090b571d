"""The event log, and test events."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from streamcore.core.access import Access, access
from streamcore.core.api.replies import page_of_encoded, reply_encoded
from streamcore.core.api.routing import Deps, new_router
from streamcore.core.api.shapes import AnyEvent, LoggedEvents, Page
from streamcore.core.errors import InvalidInputError
from streamcore.core.journal import EventQuery
from streamcore.protocol.events import EVENTS

__all__ = ["router"]

router = new_router()

_Cursor = Annotated[int | None, Query(ge=0, le=2**63 - 1)]


@router.get("/api/events")
@access(Access.SESSION, answer=Page[AnyEvent])
async def list_events(
    services: Deps,
    after: _Cursor = None,
    before: _Cursor = None,
    type: Annotated[list[str] | None, Query(max_length=100)] = None,
    platform: Annotated[str | None, Query(max_length=100)] = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """Page through the log, newest first; `next` goes into `before`.

    `type` may be repeated or hold several names with commas; `q` searches texts and people.
    A search that takes its time answers with fewer events, perhaps none, and a `next`.
    """
    query = EventQuery(
        after=after,
        before=before,
        types=_types(type or []),
        platform=platform or None,
        q=q or None,
        limit=limit,
    )
    found = await services.journal.page(query)
    return page_of_encoded(found.items, found.next)


class TestEvents(BaseModel):
    """A single event (`type`, `platform`, any of its fields) or a `scenario` with its `speed`."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, Field(max_length=100)] | None = None
    platform: Annotated[str, Field(max_length=100)] | None = None
    scenario: Annotated[str, Field(max_length=100)] | None = None
    speed: Annotated[float, Field(gt=0, le=1000)] | None = None


@router.post("/api/events/simulate")
@access(Access.SESSION, answer=LoggedEvents)
async def simulate_events(body: TestEvents, services: Deps) -> Response:
    """Put test events in the log and return them once they are durable."""
    request = body.model_dump(exclude_unset=True)
    events = await services.simulator.simulate(request)
    services.audit.record(
        "action", command="simulate", detail=str(body.scenario or body.type or "")
    )
    return reply_encoded(b'{"events":[' + b",".join(events) + b"]}")


def _types(values: list[str]) -> tuple[str, ...]:
    names = [name for value in values for name in value.split(",") if name]
    unknown = [name for name in names if name not in EVENTS]
    if unknown:
        raise InvalidInputError(f"'{unknown[0]}' is no event type of this version.", field="type")
    return tuple(dict.fromkeys(names))
