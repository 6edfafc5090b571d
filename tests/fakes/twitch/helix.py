"""The fake's HTTP API: the calls that we make, with scopes, rate headers and refusals."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.twitch.eventsub import FakeEventSub
from tests.fakes.twitch.oauth import CLIENT_ID, FakeOAuth, Grant
from tests.fakes.twitch.payloads import Payload, new_id
from tests.fakes.twitch.people import STREAMER

__all__ = ["ChannelInfo", "FakeHelix", "SentMessage", "StreamInfo"]

Answer = Callable[[Request, Grant], Awaitable[Response]]

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


@dataclass(frozen=True, slots=True)
class SentMessage:
    """What came in at the chat's send endpoint and was delivered."""

    id: str
    text: str
    reply_to: str | None
    at: float


@dataclass(slots=True)
class StreamInfo:
    """A stream that runs."""

    id: str
    started_at: str


@dataclass(slots=True)
class ChannelInfo:
    """What the channel says about itself."""

    title: str = "First title"
    category: str = "Software"
    language: str = "en"


@dataclass(slots=True)
class FakeHelix:
    """One bucket of points for the one user; `failures` are answered before anything else."""

    oauth: FakeOAuth
    eventsub: FakeEventSub
    on_sent: Callable[[SentMessage], Awaitable[None]]
    channel: ChannelInfo = field(default_factory=ChannelInfo)
    stream: StreamInfo | None = None
    sent: list[SentMessage] = field(default_factory=list)
    failures: dict[str, list[int]] = field(default_factory=dict)
    """Statuses with which the next requests to a path fail."""
    drop_next: list[str] = field(default_factory=list)
    """Reasons for which the next chat messages are dropped, with status 200."""
    points: int = 800
    limit: int = 800
    resets_at: float = 0.0
    calls: dict[str, int] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        return [
            self._route("/users", self._users),
            self._route("/channels", self._channels),
            self._route("/streams", self._streams),
            self._route("/chat/messages", self._send, "POST"),
            self._route("/eventsub/subscriptions", self._subscribe, "POST"),
            self._route("/eventsub/subscriptions", self._list),
            self._route("/eventsub/subscriptions", self._unsubscribe, "DELETE"),
        ]

    def _route(self, path: str, answer: Answer, method: str = "GET") -> Route:
        async def guarded(request: Request) -> Response:
            response = await self._guarded(path, request, answer)
            response.headers["Ratelimit-Limit"] = str(self.limit)
            response.headers["Ratelimit-Remaining"] = str(max(0, self.points))
            response.headers["Ratelimit-Reset"] = str(int(self.resets_at))
            return response

        return Route(f"/helix{path}", guarded, methods=[method])

    async def _guarded(self, path: str, request: Request, answer: Answer) -> Response:
        self.calls[path] = self.calls.get(path, 0) + 1
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        grant = self.oauth.grant(token)
        if grant is None:
            # Quotes the token back, as a careless server would: it must not reach any log.
            return _problem(401, f"Invalid OAuth token {token}")
        if request.headers.get("client-id") != CLIENT_ID:
            return _problem(401, "Client ID and OAuth token do not match")
        if failures := self.failures.get(path):
            return _problem(failures.pop(0), f"fault for {token}")
        if time.time() >= self.resets_at:
            self.points, self.resets_at = self.limit, time.time() + 60
        if self.points <= 0:
            return _problem(429, "Too Many Requests")
        self.points -= 1
        return await answer(request, grant)

    async def _users(self, _request: Request, _grant: Grant) -> Response:
        user: Payload = {
            "id": STREAMER.id,
            "login": STREAMER.login,
            "display_name": STREAMER.name,
            "type": "",
            "broadcaster_type": "affiliate",
            "profile_image_url": "https://static-cdn.jtvnw.net/user-default-pictures/1.png",
        }
        return JSONResponse({"data": [user]})

    async def _channels(self, _request: Request, _grant: Grant) -> Response:
        info: Payload = {
            "broadcaster_id": STREAMER.id,
            "broadcaster_language": self.channel.language,
            "game_name": self.channel.category,
            "title": self.channel.title,
            "tags": [],
        }
        return JSONResponse({"data": [info]})

    async def _streams(self, _request: Request, _grant: Grant) -> Response:
        if self.stream is None:
            return JSONResponse({"data": [], "pagination": {}})
        stream: Payload = {
            "id": self.stream.id,
            "user_id": STREAMER.id,
            "game_name": self.channel.category,
            "title": self.channel.title,
            "type": "live",
            "viewer_count": 42,
            "started_at": self.stream.started_at,
        }
        return JSONResponse({"data": [stream], "pagination": {}})

    async def _send(self, request: Request, grant: Grant) -> Response:
        if "user:write:chat" not in grant.scopes:
            return _problem(401, "Missing scope: user:write:chat")
        body = await request.json()
        text = str(body.get("message", ""))
        if body.get("broadcaster_id") != STREAMER.id or body.get("sender_id") != STREAMER.id:
            return _problem(400, "The ID in sender_id must match the user ID in the access token")
        if not text.strip():
            return _problem(400, "The message field is required")
        if len(text) > 500:
            return _problem(422, "The message is too large")
        if self.drop_next:
            reason: Payload = {"code": "msg_rejected", "message": self.drop_next.pop(0)}
            dropped: Payload = {"message_id": "", "is_sent": False, "drop_reason": reason}
            return JSONResponse({"data": [dropped]})
        sent = SentMessage(new_id(), text, body.get("reply_parent_message_id"), time.time())
        self.sent.append(sent)
        await self.on_sent(sent)
        return JSONResponse({"data": [{"message_id": sent.id, "is_sent": True}]})

    async def _subscribe(self, request: Request, grant: Grant) -> Response:
        body = await request.json()
        kind = str(body.get("type"))
        scope = _SCOPES.get(kind)
        if scope is None and kind not in _UNSCOPED:
            return _problem(400, "invalid subscription type")
        if scope is not None and scope not in grant.scopes:
            return _problem(403, "subscription missing proper authorization")
        session_id = str(body["transport"]["session_id"])
        status, made = self.eventsub.subscribe(
            kind, str(body.get("version")), dict(body["condition"]), session_id
        )
        if isinstance(made, str):
            return _problem(status, made)
        if status == 409:
            return _problem(status, "subscription already exists")
        page: Payload = {"total": 1, "total_cost": 0, "max_total_cost": 10}
        return JSONResponse({"data": [made.as_json()], **page}, status_code=status)

    async def _list(self, _request: Request, _grant: Grant) -> Response:
        data = [subscription.as_json() for subscription in self.eventsub.all_subscriptions()]
        return JSONResponse({"data": data, "total": len(data), "pagination": {}})

    async def _unsubscribe(self, request: Request, _grant: Grant) -> Response:
        found = self.eventsub.unsubscribe(request.query_params.get("id", ""))
        return Response(status_code=204) if found else _problem(404, "not found")


def _problem(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": "", "status": status, "message": message}, status_code=status)
