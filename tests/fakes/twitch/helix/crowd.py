"""Who follows and who subscribes, as the lists tell it."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from tests.fakes.twitch.helix.endpoints import Endpoint, paged
from tests.fakes.twitch.oauth import Grant
from tests.fakes.twitch.payloads import Payload
from tests.fakes.twitch.people import STREAMER, Person

__all__ = ["FakeCrowd"]


@dataclass(slots=True)
class FakeCrowd:
    """Keeps what the deeds of viewers leave behind."""

    followers: dict[str, Payload] = field(default_factory=dict)
    """By the person's id, the oldest first."""
    subscribers: dict[str, Payload] = field(default_factory=dict)

    def endpoints(self) -> list[Endpoint]:
        follows, subscribes = "moderator:read:followers", "channel:read:subscriptions"
        return [
            Endpoint("GET", "/channels/followers", self._followers, (follows,)),
            Endpoint("GET", "/subscriptions", self._subscribers, (subscribes,)),
        ]

    def followed(self, person: Person, followed_at: str) -> None:
        """Note a follow; the list tells no fractions of a second, as Twitch's does not."""
        self.followers.pop(person.id, None)
        self.followers[person.id] = {**person.fields(), "followed_at": f"{followed_at[:19]}Z"}

    def subscribed(self, person: Person, *, tier: str = "1000", is_gift: bool = False) -> None:
        self.subscribers[person.id] = {
            **STREAMER.fields("broadcaster"),
            **person.fields(),
            "tier": tier,
            "plan_name": "",
            "is_gift": is_gift,
        }

    async def _followers(self, request: Request, _grant: Grant) -> Response:
        newest_first = list(reversed(self.followers.values()))
        return paged(request, newest_first, total=len(newest_first))

    async def _subscribers(self, request: Request, _grant: Grant) -> Response:
        people = list(self.subscribers.values())
        return paged(request, people, total=len(people), points=len(people))
