"""The three emote services in one: their addresses and shapes, and everything that can go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

__all__ = ["FakeEmote", "FakeEmotes", "Service"]

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class FakeEmote:
    """An emote as its uploader sees it; `url` puts its picture elsewhere where a list says so."""

    name: str
    id: str
    is_animated: bool = False
    is_overlay: bool = False
    url: str = ""


@dataclass(slots=True)
class Service:
    """What one service knows: lists by `global` or `<platform>/<channel>`, and its faults."""

    lists: dict[str, list[FakeEmote]]
    fault: int | bytes | None = None
    """A status, or a body, that is answered instead."""
    hold: asyncio.Event | None = None
    """The answers wait for this."""
    asked: list[str] = field(default_factory=list)
    answered: int = 0


@dataclass(slots=True)
class FakeEmotes:
    """Three services, each with a global emote and some of the channel `1001`."""

    bttv: Service = field(
        default_factory=lambda: Service(
            {
                "global": [
                    FakeEmote(":tf:", "54fa8f1401e468494b85b537"),
                    FakeEmote("SoSnowy", "567b5b520e984428652809b6", is_overlay=True),
                ],
                "twitch/1001": [FakeEmote("catJAM", "5f1b0186cf6d2144653d2970", is_animated=True)],
            }
        )
    )
    ffz: Service = field(
        default_factory=lambda: Service(
            {
                "global": [FakeEmote("ZreknarF", "28136")],
                "twitch/1001": [FakeEmote("LULW", "139407")],
            }
        )
    )
    seventv: Service = field(
        default_factory=lambda: Service(
            {
                "global": [
                    FakeEmote("EZ", "01GB4CK01800090V9B3D8CGEEX"),
                    FakeEmote("RainTime", "01FCY771D800007PQ2DF3GDTN6", True, True),
                ],
                "twitch/1001": [FakeEmote("peepoHappy", "01GAM6TPF00001Y7D9EW4M8MM1", True)],
            }
        )
    )

    def env(self, url: str) -> dict[str, str]:
        """The environment that points an app here, when the routes are served at `url`."""
        return {
            "STREAMCORE_BTTV_API_URL": f"{url}/bttv/3",
            "STREAMCORE_FFZ_API_URL": f"{url}/ffz/v1",
            "STREAMCORE_SEVENTV_API_URL": f"{url}/seventv/v3",
        }

    def services(self) -> tuple[Service, ...]:
        return (self.bttv, self.ffz, self.seventv)

    def release(self) -> None:
        """Let every answer go that is held back."""
        for service in self.services():
            if service.hold is not None:
                service.hold.set()

    def routes(self) -> list[Route]:
        bttv, ffz, seventv = self.services()
        return [
            _route("/bttv/3/cached/emotes/global", bttv, "global", _bttv_global),
            _route("/bttv/3/cached/users/{platform}/{channel}", bttv, "", _bttv_channel),
            _route("/ffz/v1/set/global", ffz, "global", _ffz_global),
            _route("/ffz/v1/room/id/{channel}", ffz, "twitch", _ffz_room),
            _route("/ffz/v1/room/yt/{channel}", ffz, "youtube", _ffz_room),
            _route("/seventv/v3/emote-sets/global", seventv, "global", _seventv_set),
            _route("/seventv/v3/users/{platform}/{channel}", seventv, "", _seventv_connection),
        ]


def _route(
    path: str, service: Service, where: str, shape: Callable[[list[FakeEmote]], object]
) -> Route:
    async def answer(request: Request) -> Response:
        service.asked.append(request.url.path)
        if service.hold is not None:
            await service.hold.wait()
        service.answered += 1
        if isinstance(service.fault, int):
            return JSONResponse({"message": "no"}, status_code=service.fault)
        if service.fault is not None:
            return Response(service.fault, media_type="application/json")
        given = request.path_params
        key = where if where == "global" else f"{given.get('platform', where)}/{given['channel']}"
        emotes = service.lists.get(key)
        if emotes is None:
            return JSONResponse({"status_code": 404, "error": "Unknown User"}, status_code=404)
        return Response(msgspec.json.encode(shape(emotes)), media_type="application/json")

    return Route(path, answer)


def _bttv(emote: FakeEmote) -> Json:
    return {
        "id": emote.id,
        "code": emote.name,
        "imageType": "gif" if emote.is_animated else "png",
        "animated": emote.is_animated,
        "userId": "5561169bd6b9d206222a8c19",
    }


def _bttv_global(emotes: list[FakeEmote]) -> object:
    modifier = {**_bttv(FakeEmote("w!", "5e76d338d6581c3724c0f0b2")), "modifier": True}
    return [*map(_bttv, emotes), modifier]


def _bttv_channel(emotes: list[FakeEmote]) -> Json:
    user = {"id": "5561169bd6b9d206222a8c19", "name": "maker", "displayName": "Maker"}
    return {
        "id": "5c3b0d6b9a2c3f5d4e5f6a7b",
        "bots": [],
        "avatar": "https://static-cdn.jtvnw.net/user-default-pictures/1.png",
        "channelEmotes": [_bttv(emote) for emote in emotes[:1]],
        "sharedEmotes": [{**_bttv(emote), "user": user} for emote in emotes[1:]],
    }


def _ffz(emote: FakeEmote) -> Json:
    url = emote.url or f"https://cdn.frankerfacez.com/emote/{emote.id}"
    moving = {scale: f"{url}/animated/{scale}" for scale in ("1", "2", "4")}
    return {
        "id": int(emote.id),
        "name": emote.name,
        "height": 30,
        "width": 40,
        "public": True,
        "hidden": False,
        "modifier": emote.is_overlay,
        "modifier_flags": 0,
        "offset": None,
        "margins": None,
        "css": None,
        "owner": {"_id": 1, "name": "sirstendec", "display_name": "SirStendec"},
        "artist": None,
        "urls": {scale: f"{url}/{scale}" for scale in ("1", "2", "4")},
        "animated": moving if emote.is_animated else None,
        "status": 1,
        "usage_count": 1,
        "created_at": "2023-03-04T20:17:47.814Z",
        "last_updated": None,
    }


def _ffz_set(number: int, title: str, emotes: list[FakeEmote]) -> Json:
    return {
        "id": number,
        "_type": 1,
        "icon": None,
        "title": title,
        "css": None,
        "emoticons": [_ffz(emote) for emote in emotes],
    }


def _ffz_global(emotes: list[FakeEmote]) -> Json:
    some = [FakeEmote("OnlyForSome", "1")]
    return {
        "default_sets": [3],
        "sets": {
            "3": _ffz_set(3, "Global Emotes", emotes),
            "4330": _ffz_set(4330, "Special", some),
        },
        "users": {"4330": ["somebody"]},
    }


def _ffz_room(emotes: list[FakeEmote]) -> Json:
    return {
        "room": {"_id": 1, "twitch_id": 1001, "id": "streamer", "set": 51975, "mod_urls": None},
        "sets": {"51975": _ffz_set(51975, "Channel: streamer", emotes)},
    }


def _seventv(emote: FakeEmote) -> Json:
    return {
        "id": emote.id,
        "name": emote.name,
        "flags": 1 if emote.is_overlay else 0,
        "timestamp": 1657657741507,
        "actor_id": None,
        "data": {
            "id": emote.id,
            "name": f"{emote.name}Original",
            "flags": 256 if emote.is_overlay else 0,
            "lifecycle": 3,
            "state": ["LISTED", "PERSONAL"],
            "listed": True,
            "animated": emote.is_animated,
            "owner": {"id": "01F78CHJ2G0005TDSTZFBDGMK4", "username": "maker"},
            "host": {
                "url": emote.url or f"//cdn.7tv.app/emote/{emote.id}",
                "files": [
                    {
                        "name": f"{scale}x.{kind.lower()}",
                        "static_name": f"{scale}x_static.{kind.lower()}",
                        "width": 32 * scale,
                        "height": 32 * scale,
                        "frame_count": 30 if emote.is_animated else 1,
                        "size": 3104 * scale,
                        "format": kind,
                    }
                    for kind in ("AVIF", "WEBP")
                    for scale in (1, 2, 3, 4)
                ],
            },
        },
    }


def _seventv_set(emotes: list[FakeEmote]) -> Json:
    return {
        "id": "01HKQT8EWR000ESSWF3625XCS4",
        "name": "Emotes",
        "flags": 0,
        "tags": [],
        "immutable": False,
        "privileged": False,
        "emotes": [_seventv(emote) for emote in emotes],
        "emote_count": len(emotes),
        "capacity": 1000,
        "owner": None,
    }


def _seventv_connection(emotes: list[FakeEmote]) -> Json:
    return {
        "id": "1001",
        "platform": "TWITCH",
        "username": "streamer",
        "display_name": "Streamer",
        "linked_at": 1620000000000,
        "emote_capacity": 1000,
        "emote_set_id": None,
        "emote_set": _seventv_set(emotes) if emotes else None,
        "user": {"id": "01F78CHJ2G0005TDSTZFBDGMK4", "username": "streamer"},
    }
