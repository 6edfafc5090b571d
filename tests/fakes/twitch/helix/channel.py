"""The streamer's account, channel and stream."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.twitch.helix.endpoints import Endpoint, problem
from tests.fakes.twitch.oauth import Grant
from tests.fakes.twitch.payloads import Payload
from tests.fakes.twitch.people import STREAMER, Person, by_id, viewer

__all__ = ["ChannelInfo", "FakeChannel", "StreamInfo"]


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
class FakeChannel:
    """What can be asked about the streamer."""

    info: ChannelInfo = field(default_factory=ChannelInfo)
    stream: StreamInfo | None = None
    viewers: int = 42

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/users", self._users),
            Endpoint("GET", "/channels", self._channels),
            Endpoint("GET", "/streams", self._streams),
        ]

    async def _users(self, request: Request, grant: Grant) -> Response:
        ids = request.query_params.getlist("id")
        logins = request.query_params.getlist("login")
        if len(ids) + len(logins) > 100:
            return problem(400, "The total number of ids and logins may not exceed 100")
        found = [by_id(person_id) for person_id in ids] + [viewer(login) for login in logins]
        people = [grant.user] if not ids and not logins else [p for p in found if p is not None]
        return JSONResponse({"data": [_user(person) for person in people]})

    async def _channels(self, _request: Request, _grant: Grant) -> Response:
        info: Payload = {
            "broadcaster_id": STREAMER.id,
            "broadcaster_language": self.info.language,
            "game_name": self.info.category,
            "title": self.info.title,
            "tags": [],
        }
        return JSONResponse({"data": [info]})

    async def _streams(self, _request: Request, _grant: Grant) -> Response:
        if self.stream is None:
            return JSONResponse({"data": [], "pagination": {}})
        stream: Payload = {
            "id": self.stream.id,
            "user_id": STREAMER.id,
            "game_name": self.info.category,
            "title": self.info.title,
            "type": "live",
            "viewer_count": self.viewers,
            "started_at": self.stream.started_at,
        }
        return JSONResponse({"data": [stream], "pagination": {}})


def _user(person: Person) -> Payload:
    return {
        "id": person.id,
        "login": person.login,
        "display_name": person.name,
        "type": "",
        "broadcaster_type": "affiliate" if person == STREAMER else "",
        "description": "",
        "profile_image_url": "https://static-cdn.jtvnw.net/user-default-pictures/1.png",
        "offline_image_url": "",
        "created_at": "2016-12-14T20:32:28Z",
    }
