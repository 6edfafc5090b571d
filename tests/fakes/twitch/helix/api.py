"""The fake's HTTP API as one: who may call, how often, and what fails by order of the test."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.fakes.twitch.eventsub import FakeEventSub
from tests.fakes.twitch.helix.channel import FakeChannel
from tests.fakes.twitch.helix.chat import FakeChat, SentMessage
from tests.fakes.twitch.helix.endpoints import Endpoint, problem
from tests.fakes.twitch.helix.subscriptions import FakeSubscriptions
from tests.fakes.twitch.oauth import CLIENT_ID, FakeOAuth

__all__ = ["FakeHelix"]


@dataclass(slots=True)
class FakeHelix:
    """One bucket of points for each user; `failures` are answered before anything else."""

    oauth: FakeOAuth
    eventsub: FakeEventSub
    on_sent: Callable[[SentMessage], Awaitable[None]]
    channel: FakeChannel = field(init=False)
    chat: FakeChat = field(init=False)
    failures: dict[str, list[int]] = field(default_factory=dict)
    """Statuses with which the next requests to a path fail."""
    points: int = 800
    limit: int = 800
    resets_at: float = 0.0
    calls: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.channel = FakeChannel()
        self.chat = FakeChat(self.on_sent)

    def routes(self) -> list[Route]:
        endpoints = [
            *self.channel.endpoints(),
            *self.chat.endpoints(),
            *FakeSubscriptions(self.eventsub).endpoints(),
        ]
        return [self._route(endpoint) for endpoint in endpoints]

    def _route(self, endpoint: Endpoint) -> Route:
        async def guarded(request: Request) -> Response:
            response = await self._guarded(endpoint, request)
            response.headers["Ratelimit-Limit"] = str(self.limit)
            response.headers["Ratelimit-Remaining"] = str(max(0, self.points))
            response.headers["Ratelimit-Reset"] = str(int(self.resets_at))
            return response

        return Route(f"/helix{endpoint.path}", guarded, methods=[endpoint.method])

    async def _guarded(self, endpoint: Endpoint, request: Request) -> Response:
        path = endpoint.path
        self.calls[path] = self.calls.get(path, 0) + 1
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        grant = self.oauth.grant(token)
        if grant is None:
            # Quotes the token back, as a careless server would: it must not reach any log.
            return problem(401, f"Invalid OAuth token {token}")
        if request.headers.get("client-id") != CLIENT_ID:
            return problem(401, "Client ID and OAuth token do not match")
        if failures := self.failures.get(path):
            return problem(failures.pop(0), f"fault for {token}")
        if time.time() >= self.resets_at:
            self.points, self.resets_at = self.limit, time.time() + 60
        if self.points <= 0:
            return problem(429, "Too Many Requests")
        self.points -= 1
        if endpoint.scopes and not set(endpoint.scopes) & set(grant.scopes):
            return problem(401, f"Missing scope: {' or '.join(endpoint.scopes)}")
        return await endpoint.answer(request, grant)
