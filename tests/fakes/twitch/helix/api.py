"""The fake's HTTP API as one: who may call, how often, and what fails by order of the test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.fakes.twitch.eventsub import FakeEventSub
from tests.fakes.twitch.helix.broadcast import FakeBroadcast
from tests.fakes.twitch.helix.bucket import Bucket
from tests.fakes.twitch.helix.channel import FakeChannel
from tests.fakes.twitch.helix.chat import FakeChat, SentMessage
from tests.fakes.twitch.helix.crowd import FakeCrowd
from tests.fakes.twitch.helix.endpoints import Endpoint, problem
from tests.fakes.twitch.helix.moderation import FakeModeration
from tests.fakes.twitch.helix.pictures import FakePictures
from tests.fakes.twitch.helix.questions import FakeQuestions
from tests.fakes.twitch.helix.rewards import FakeRewards
from tests.fakes.twitch.helix.subscriptions import FakeSubscriptions
from tests.fakes.twitch.oauth import CLIENT_ID, FakeOAuth, Grant

__all__ = ["FakeHelix"]


@dataclass(slots=True)
class FakeHelix:
    """A bucket of points for each user, filled again as time goes by.

    `failures` are answered before anything else; what else can go wrong on the way, see `faults`.
    """

    oauth: FakeOAuth
    eventsub: FakeEventSub
    on_sent: Callable[[SentMessage], Awaitable[None]]
    channel: FakeChannel = field(init=False)
    chat: FakeChat = field(init=False)
    pictures: FakePictures = field(default_factory=FakePictures)
    crowd: FakeCrowd = field(default_factory=FakeCrowd)
    moderation: FakeModeration = field(init=False)
    broadcast: FakeBroadcast = field(init=False)
    rewards: FakeRewards = field(init=False)
    questions: FakeQuestions = field(init=False)
    failures: dict[str, list[int]] = field(default_factory=dict)
    """Statuses with which the next requests to a path fail."""
    limit: int = 800
    """Points of a full bucket, which an empty one is again after a minute."""
    buckets: dict[str, Bucket] = field(default_factory=dict)
    """By the user's id."""
    calls: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.channel = FakeChannel()
        deliver = self.eventsub.deliver
        self.chat = FakeChat(self.on_sent, deliver)
        self.moderation = FakeModeration(deliver)
        self.broadcast = FakeBroadcast(self.channel, deliver)
        self.rewards = FakeRewards(deliver)
        self.questions = FakeQuestions(deliver)

    def routes(self) -> list[Route]:
        endpoints = [
            *self.channel.endpoints(),
            *self.chat.endpoints(),
            *self.pictures.endpoints(),
            *self.crowd.endpoints(),
            *self.moderation.endpoints(),
            *self.broadcast.endpoints(),
            *self.rewards.endpoints(),
            *self.questions.endpoints(),
            *FakeSubscriptions(self.eventsub, self.oauth).endpoints(),
        ]
        return [self._route(endpoint) for endpoint in endpoints]

    def _route(self, endpoint: Endpoint) -> Route:
        async def guarded(request: Request) -> Response:
            path = endpoint.path
            self.calls[path] = self.calls.get(path, 0) + 1
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            grant = self.oauth.grant(token)
            if grant is None:
                # Quotes the token back, as a careless server would: it must not reach any log.
                return problem(401, f"Invalid OAuth token {token}")
            bucket = self._bucket(grant.user.id)
            response = await self._answered(endpoint, request, grant, bucket)
            response.headers.update(bucket.headers())
            return response

        return Route(f"/helix{endpoint.path}", guarded, methods=[endpoint.method])

    async def _answered(
        self, endpoint: Endpoint, request: Request, grant: Grant, bucket: Bucket
    ) -> Response:
        if request.headers.get("client-id") != CLIENT_ID:
            return problem(401, "Client ID and OAuth token do not match")
        if failures := self.failures.get(endpoint.path):
            return problem(failures.pop(0), f"fault for {grant.access}")
        if not bucket.take(endpoint.cost):
            return problem(429, "Too Many Requests")
        if endpoint.scopes and not set(endpoint.scopes) & set(grant.scopes):
            return problem(401, f"Missing scope: {' or '.join(endpoint.scopes)}")
        try:
            return await endpoint.answer(request, grant)
        except ValueError:
            return problem(400, "The body is not JSON")

    def _bucket(self, user_id: str) -> Bucket:
        bucket = self.buckets.get(user_id)
        if bucket is None or bucket.limit != self.limit:
            bucket = self.buckets[user_id] = Bucket(self.limit)
        return bucket
