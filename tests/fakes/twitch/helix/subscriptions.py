"""Making, listing and ending EventSub subscriptions."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.twitch.eventsub import FakeEventSub
from tests.fakes.twitch.helix.endpoints import Endpoint, no_content, problem
from tests.fakes.twitch.oauth import Grant
from tests.fakes.twitch.payloads import Payload

__all__ = ["FakeSubscriptions"]

_PATH = "/eventsub/subscriptions"
_SCOPES = {
    "channel.chat.message": "user:read:chat",
    "channel.chat.notification": "user:read:chat",
    "channel.chat.message_delete": "user:read:chat",
    "channel.chat.clear": "user:read:chat",
    "channel.chat.clear_user_messages": "user:read:chat",
    "channel.follow": "moderator:read:followers",
    "channel.bits.use": "bits:read",
}
_UNSCOPED = frozenset({"channel.raid", "channel.update", "stream.online", "stream.offline"})


class FakeSubscriptions:
    """The HTTP side of EventSub."""

    def __init__(self, eventsub: FakeEventSub) -> None:
        self._eventsub = eventsub

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("POST", _PATH, self._subscribe),
            Endpoint("GET", _PATH, self._list),
            Endpoint("DELETE", _PATH, self._unsubscribe),
        ]

    async def _subscribe(self, request: Request, grant: Grant) -> Response:
        body = await request.json()
        kind = str(body.get("type"))
        scope = _SCOPES.get(kind)
        if scope is None and kind not in _UNSCOPED:
            return problem(400, "invalid subscription type")
        if scope is not None and scope not in grant.scopes:
            return problem(403, "subscription missing proper authorization")
        session_id = str(body["transport"]["session_id"])
        status, made = self._eventsub.subscribe(
            kind, str(body.get("version")), dict(body["condition"]), session_id
        )
        if isinstance(made, str):
            return problem(status, made)
        if status == 409:
            return problem(status, "subscription already exists")
        page: Payload = {"total": 1, "total_cost": 0, "max_total_cost": 10}
        return JSONResponse({"data": [made.as_json()], **page}, status_code=status)

    async def _list(self, _request: Request, _grant: Grant) -> Response:
        data = [subscription.as_json() for subscription in self._eventsub.all_subscriptions()]
        return JSONResponse({"data": data, "total": len(data), "pagination": {}})

    async def _unsubscribe(self, request: Request, _grant: Grant) -> Response:
        found = self._eventsub.unsubscribe(request.query_params.get("id", ""))
        return no_content() if found else problem(404, "not found")
