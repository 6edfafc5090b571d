"""Badges and cheermotes."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.twitch.helix.endpoints import Endpoint, problem
from tests.fakes.twitch.oauth import Grant
from tests.fakes.twitch.payloads import Payload
from tests.fakes.twitch.people import STREAMER

__all__ = ["FakePictures", "badge_set", "cheermote"]


def badge_set(set_id: str, **titles: str) -> Payload:
    """Return a set of badges; each title's name is the version's id, after an underscore."""
    versions = [_version(set_id, name.removeprefix("_"), title) for name, title in titles.items()]
    return {"set_id": set_id, "versions": versions}


def _version(set_id: str, version: str, title: str) -> Payload:
    url = f"https://static-cdn.jtvnw.net/badges/v1/{set_id}-{version}"
    return {
        "id": version,
        "image_url_1x": f"{url}/1",
        "image_url_2x": f"{url}/2",
        "image_url_4x": f"{url}/3",
        "title": title,
        "description": title,
        "click_action": None,
        "click_url": None,
    }


def cheermote(prefix: str, *amounts: int, owner: str = "actions") -> Payload:
    """Return a cheermote with a tier from each amount on."""
    url = f"https://d3aqoihi2n8ty8.cloudfront.net/{owner}/{prefix.lower()}"

    def images(theme: str, amount: int) -> Payload:
        return {
            form: {
                scale: f"{url}/{theme}/{form}/{amount}/{scale}.{kind}"
                for scale in ("1", "1.5", "2", "3", "4")
            }
            for form, kind in (("animated", "gif"), ("static", "png"))
        }

    return {
        "prefix": prefix,
        "tiers": [
            {
                "min_bits": amount,
                "id": str(amount),
                "color": "#979797",
                "images": {theme: images(theme, amount) for theme in ("dark", "light")},
                "can_cheer": True,
                "show_in_bits_card": True,
            }
            for amount in amounts
        ],
        "type": "global_first_party",
        "order": 1,
        "last_updated": "2018-05-22T00:06:04Z",
        "is_charitable": False,
    }


@dataclass(slots=True)
class FakePictures:
    """What the chat's marks look like; tests may put anything into the lists."""

    global_badges: list[Payload] = field(
        default_factory=lambda: [
            badge_set("broadcaster", _1="Broadcaster"),
            badge_set("moderator", _1="Moderator"),
            badge_set("vip", _1="VIP"),
            badge_set("subscriber", _0="Subscriber", _1="Subscriber"),
        ]
    )
    channel_badges: list[Payload] = field(
        default_factory=lambda: [badge_set("subscriber", _0="Subscriber", _1="1-Month Subscriber")]
    )
    cheermotes: list[Payload] = field(
        default_factory=lambda: [cheermote("Cheer", 1, 100, 1000, 5000, 10000)]
    )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/chat/badges/global", self._global_badges),
            Endpoint("GET", "/chat/badges", self._channel_badges),
            Endpoint("GET", "/bits/cheermotes", self._cheermotes),
        ]

    async def _global_badges(self, _request: Request, _grant: Grant) -> Response:
        return JSONResponse({"data": self.global_badges})

    async def _channel_badges(self, request: Request, _grant: Grant) -> Response:
        asked = request.query_params.get("broadcaster_id")
        if not asked:
            return problem(400, 'Missing required parameter "broadcaster_id"')
        return JSONResponse({"data": self.channel_badges if asked == STREAMER.id else []})

    async def _cheermotes(self, _request: Request, _grant: Grant) -> Response:
        return JSONResponse({"data": self.cheermotes})
