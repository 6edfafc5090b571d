"""Driving the fake from another process: what happens, what went wrong, what came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from tests.fakes.twitch.fake import FakeTwitch

__all__ = ["control_routes"]

_DEEDS = frozenset(
    {
        "approve_login",
        "chat",
        "cheer",
        "clear_chat",
        "delete_message",
        "deny_login",
        "end_stream",
        "follow",
        "gift",
        "gift_bomb",
        "go_live",
        "notice",
        "raid",
        "resubscribe",
        "revoke_app",
        "subscribe",
        "update_channel",
    }
)
_EVENTSUB_FAULTS = frozenset({"ask_to_move", "close_all", "drop_all", "revoke", "send_raw"})


def control_routes(fake: FakeTwitch) -> list[Route]:
    """Return the routes under `/control`.

    `POST /control/<deed>` takes `{"args": [...], "kwargs": {...}}` of the method of that name;
    `GET /control/state` tells what the fake knows.
    """

    async def act(request: Request) -> Response:
        name = request.path_params["deed"]
        body = await request.json() if await request.body() else {}
        if name in _DEEDS:
            deed = getattr(fake, name)
        elif name in _EVENTSUB_FAULTS:
            deed = getattr(fake.eventsub, name)
        else:
            return JSONResponse({"error": f"no deed {name}"}, status_code=404)
        result = await deed(*body.get("args", []), **body.get("kwargs", {}))
        return JSONResponse({"result": result})

    async def state(_request: Request) -> Response:
        return JSONResponse(
            {
                "sent_messages": fake.sent_messages,
                "subscribed": sorted(fake.eventsub.subscribed()),
                "sessions": len(fake.eventsub.living),
                "connections": fake.eventsub.connections,
                "pending_logins": fake.oauth.pending_logins,
                "grants": fake.oauth.grants,
                "calls": {**fake.oauth.calls, **fake.helix.calls},
            }
        )

    return [
        Route("/control/state", state),
        Route("/control/{deed}", act, methods=["POST"]),
    ]
