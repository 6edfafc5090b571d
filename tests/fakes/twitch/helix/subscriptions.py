"""Making, listing and ending EventSub subscriptions."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.twitch.eventsub import FakeEventSub, FakeSubscription
from tests.fakes.twitch.eventsub.rules import Asked, Refusal
from tests.fakes.twitch.helix.endpoints import Endpoint, no_content, paged, problem
from tests.fakes.twitch.oauth import FakeOAuth, Grant
from tests.fakes.twitch.payloads import Payload

__all__ = ["FakeSubscriptions"]

_PATH = "/eventsub/subscriptions"
_PAGE = 100
_FILTERS = ("status", "type", "user_id", "subscription_id")


class FakeSubscriptions:
    """The HTTP side of EventSub; a token sees what its own user made."""

    def __init__(self, eventsub: FakeEventSub, oauth: FakeOAuth) -> None:
        self._eventsub = eventsub
        self._oauth = oauth

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("POST", _PATH, self._subscribe),
            Endpoint("GET", _PATH, self._list),
            Endpoint("DELETE", _PATH, self._unsubscribe),
        ]

    async def _subscribe(self, request: Request, grant: Grant) -> Response:
        asked = _read(await request.json(), grant)
        if asked is None:
            return problem(400, "type, version, condition and transport are required")
        made = self._eventsub.subscribe(asked, self._oauth.authorised)
        if isinstance(made, Refusal):
            if made.status != 409:
                return problem(made.status, made.message)
            conflict = {
                "error": "Conflict",
                "status": 409,
                "message": "subscription already exists",
            }
            return JSONResponse({**conflict, "id": made.message}, status_code=409)
        return JSONResponse({"data": [made.as_json()], **self._totals(grant)}, status_code=202)

    async def _list(self, request: Request, grant: Grant) -> Response:
        given = [name for name in _FILTERS if name in request.query_params]
        if len(given) > 1:
            return problem(400, "the filters are mutually exclusive")
        found = self._own(grant)
        for name in given:
            found = [s for s in found if _matches(s, name, request.query_params[name])]
        items = [each.as_json() for each in found]
        return paged(request, items, usual=_PAGE, most=_PAGE, **self._totals(grant))

    async def _unsubscribe(self, request: Request, grant: Grant) -> Response:
        subscription_id = request.query_params.get("id")
        if not subscription_id:
            return problem(400, "the id is required")
        found = self._eventsub.unsubscribe(subscription_id, grant.user.id)
        return no_content() if found else problem(404, "subscription not found")

    def _own(self, grant: Grant) -> list[FakeSubscription]:
        return [s for s in self._eventsub.all_subscriptions() if s.user_id == grant.user.id]

    def _totals(self, grant: Grant) -> Payload:
        own = self._own(grant)
        return {
            "total": len(own),
            "total_cost": sum(each.cost for each in own),
            "max_total_cost": self._eventsub.limits.cost,
        }


def _read(body: object, grant: Grant) -> Asked | None:
    if not isinstance(body, dict):
        return None
    condition, transport = body.get("condition"), body.get("transport")
    if not isinstance(condition, dict) or not isinstance(transport, dict):
        return None
    texts = [body.get("type"), body.get("version"), transport.get("method")]
    texts.append(transport.get("session_id", ""))
    if not all(isinstance(text, str) for text in texts):
        return None
    kind, version, method, session_id = map(str, texts)
    return Asked(kind, version, condition, method, session_id, grant.user.id, grant.scopes)


def _matches(subscription: FakeSubscription, name: str, value: str) -> bool:
    match name:
        case "status":
            return subscription.status == value
        case "type":
            return subscription.type == value
        case "subscription_id":
            return subscription.id == value
        case _:
            return value in subscription.condition.values()
