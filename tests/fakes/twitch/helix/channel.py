"""The streamer's account, channel and stream."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.twitch.helix.endpoints import Endpoint
from tests.fakes.twitch.oauth import Grant
from tests.fakes.twitch.payloads import Payload
from tests.fakes.twitch.people import STREAMER

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

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/users", self._users),
            Endpoint("GET", "/channels", self._channels),
            Endpoint("GET", "/streams", self._streams),
        ]

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
            "viewer_count": 42,
            "started_at": self.stream.started_at,
        }
        return JSONResponse({"data": [stream], "pagination": {}})
