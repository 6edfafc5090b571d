"""Managing the stream: what it is called, clips, markers, advertising, raids."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.twitch.helix.channel import FakeChannel
from tests.fakes.twitch.helix.endpoints import Endpoint, no_content, problem
from tests.fakes.twitch.oauth import Grant
from tests.fakes.twitch.payloads import Payload, ad_break, channel_update, new_id, raid, stamp
from tests.fakes.twitch.people import STREAMER, Person, by_id

__all__ = ["CATEGORIES", "FakeBroadcast"]

Deliver = Callable[[str, Payload], Awaitable[object]]

CATEGORIES = {
    "509658": "Just Chatting",
    "1469308723": "Software and Game Development",
    "33214": "Fortnite",
    "493057": "PUBG: BATTLEGROUNDS",
    "65654": "2048",
    "2048": "A game whose id is a name",
}
"""Name by id."""


@dataclass(slots=True)
class FakeBroadcast:
    """What the streamer did with the stream."""

    channel: FakeChannel
    deliver: Deliver
    changes: list[Payload] = field(default_factory=list)
    """The bodies with which the channel was changed."""
    clips: dict[str, Payload] = field(default_factory=dict)
    clip_ready_after: int = 2
    """How often one has to look for a new clip until it is there; it never comes below 0."""
    looked_for: dict[str, int] = field(default_factory=dict)
    markers: list[str] = field(default_factory=list)
    ads: list[int] = field(default_factory=list)
    ad_cooldown_s: int = 480
    is_affiliate: bool = True
    records: bool = True
    clips_allowed: bool = True
    pending_raid: Person | None = None
    refuses_raids: set[str] = field(default_factory=set)

    def endpoints(self) -> list[Endpoint]:
        raids = ("channel:manage:raids",)
        return [
            Endpoint("PATCH", "/channels", self._change, ("channel:manage:broadcast",)),
            Endpoint("GET", "/games", self._games),
            Endpoint("GET", "/search/categories", self._search),
            Endpoint("POST", "/clips", self._clip, ("clips:edit",)),
            Endpoint("GET", "/clips", self._clips),
            Endpoint("POST", "/streams/markers", self._mark, ("channel:manage:broadcast",)),
            Endpoint("POST", "/channels/commercial", self._ad, ("channel:edit:commercial",)),
            Endpoint("POST", "/raids", self._raid, raids),
            Endpoint("DELETE", "/raids", self._cancel_raid, raids),
        ]

    def record(self) -> Payload:
        raided = self.pending_raid
        return {
            "changes": self.changes,
            "clips": list(self.clips),
            "markers": self.markers,
            "ads": self.ads,
            "raid": None if raided is None else raided.login,
        }

    async def _change(self, request: Request, grant: Grant) -> Response:
        if request.query_params.get("broadcaster_id") != grant.user.id:
            return problem(401, "The ID in broadcaster_id must match the user ID in the token")
        body = await request.json()
        tags = body.get("tags", [])
        if not body:
            return problem(400, "The request must update at least one property")
        if body.get("title") == "":
            return problem(400, "The title field may not contain an empty string")
        if body.get("game_id", "0") not in {"", "0", *CATEGORIES}:
            return problem(400, "The ID in game_id is not valid")
        if len(tags) > 10:
            return problem(400, "The list in the tags field exceeds the maximum number of tags")
        if any(not tag or len(tag) > 25 or not tag.isalnum() for tag in tags):
            return problem(400, "A tag in the tags field contains special characters or spaces")
        self.changes.append(body)
        info = self.channel.info
        info.title = body.get("title", info.title)
        info.language = body.get("broadcaster_language", info.language)
        if "game_id" in body:
            info.category = CATEGORIES.get(body["game_id"], "")
        event = channel_update(info.title, info.category, info.language)
        await self.deliver("channel.update", event)
        return no_content()

    async def _games(self, request: Request, _grant: Grant) -> Response:
        ids, names = (request.query_params.getlist(key) for key in ("id", "name"))
        if not ids and not names:
            return problem(400, "The request must specify the id or name or igdb_id parameter")
        found = [i for i, name in CATEGORIES.items() if i in ids or name in names]
        return JSONResponse({"data": [_category(i) for i in found]})

    async def _search(self, request: Request, _grant: Grant) -> Response:
        words = request.query_params.get("query", "").lower().split()
        if not words:
            return problem(400, "The query parameter is required")
        found = [i for i, n in CATEGORIES.items() if all(word in n.lower() for word in words)]
        return JSONResponse({"data": [_category(i) for i in found], "pagination": {}})

    async def _clip(self, request: Request, grant: Grant) -> Response:
        query = request.query_params
        if query.get("broadcaster_id") != STREAMER.id:
            return problem(400, "The ID in broadcaster_id was not found")
        if not 5 <= float(query.get("duration", "30")) <= 60:
            return problem(400, "The duration is not valid")
        if self.channel.stream is None:
            return problem(404, "Clipping is not possible for an offline channel.")
        if not self.clips_allowed:
            return problem(403, "User does not have permissions to Clip on this channel.")
        clip_id = new_id()
        self.clips[clip_id] = {
            "id": clip_id,
            "url": f"https://clips.twitch.tv/{clip_id}",
            "broadcaster_id": STREAMER.id,
            "broadcaster_name": STREAMER.name,
            "creator_id": grant.user.id,
            "creator_name": grant.user.name,
            "video_id": "",
            "title": query.get("title", self.channel.info.title),
            "view_count": 0,
            "created_at": stamp(),
            "duration": float(query.get("duration", "30")),
            "vod_offset": None,
        }
        begun = {"id": clip_id, "edit_url": f"https://clips.twitch.tv/{clip_id}/edit"}
        return JSONResponse({"data": [begun]}, status_code=202)

    async def _clips(self, request: Request, _grant: Grant) -> Response:
        clip_id = request.query_params.get("id", "")
        self.looked_for[clip_id] = self.looked_for.get(clip_id, 0) + 1
        is_ready = 0 <= self.clip_ready_after <= self.looked_for[clip_id]
        found = [self.clips[clip_id]] if is_ready and clip_id in self.clips else []
        return JSONResponse({"data": found, "pagination": {}})

    async def _mark(self, request: Request, grant: Grant) -> Response:
        body = await request.json()
        description = str(body.get("description", ""))
        if body.get("user_id") != grant.user.id:
            return problem(403, "The user is not authorized to create video markers")
        if len(description) > 140:
            return problem(400, "The length of the string in the description field is too long")
        if self.channel.stream is None or not self.records:
            return problem(404, "The user is not streaming live or has not enabled VOD")
        self.markers.append(description)
        made: Payload = {
            "id": str(len(self.markers)),
            "created_at": stamp(),
            "position_seconds": 244,
            "description": description,
        }
        return JSONResponse({"data": [made]})

    async def _ad(self, request: Request, grant: Grant) -> Response:
        body = await request.json()
        length = min(int(body.get("length", 0)), 180)
        if body.get("broadcaster_id") != grant.user.id:
            return problem(401, "The ID in broadcaster_id must match the user ID in the token")
        if not self.is_affiliate:
            return problem(400, "The broadcaster must be a partner or an affiliate")
        if self.channel.stream is None:
            return problem(400, "To start a commercial, the broadcaster must be streaming live.")
        if self.ads and self.ad_cooldown_s:
            return problem(429, "The broadcaster may not run another commercial until the cooldown")
        self.ads.append(length)
        await self.deliver("channel.ad_break.begin", ad_break(length))
        made: Payload = {"length": length, "message": "", "retry_after": self.ad_cooldown_s}
        return JSONResponse({"data": [made]})

    async def _raid(self, request: Request, grant: Grant) -> Response:
        query = request.query_params
        target = by_id(query.get("to_broadcaster_id", ""))
        if query.get("from_broadcaster_id") != grant.user.id:
            return problem(401, "The ID in from_broadcaster_id must match the user ID in the token")
        if target is None:
            return problem(404, "The targeted channel was not found")
        if target == grant.user:
            return problem(400, "The IDs in from_ and to_broadcaster_id cannot be the same ID")
        if target.id in self.refuses_raids:
            return problem(400, "The targeted channel doesn't accept raids from this broadcaster")
        if self.pending_raid is not None:
            return problem(409, "The broadcaster is already in the process of raiding")
        self.pending_raid = target
        return JSONResponse({"data": [{"created_at": stamp(), "is_mature": False}]})

    async def _cancel_raid(self, request: Request, grant: Grant) -> Response:
        if request.query_params.get("broadcaster_id") != grant.user.id:
            return problem(401, "The ID in broadcaster_id must match the user ID in the token")
        if self.pending_raid is None:
            return problem(404, "The broadcaster doesn't have a pending raid to cancel.")
        self.pending_raid = None
        return no_content()

    async def go_raiding(self, viewers: int) -> None:
        """Let the raid that waits happen, as its countdown does."""
        target, self.pending_raid = self.pending_raid, None
        if target is not None:
            await self.deliver("channel.raid", raid(target, viewers, is_ours=True))


def _category(category_id: str) -> Payload:
    return {
        "id": category_id,
        "name": CATEGORIES[category_id],
        "box_art_url": f"https://static-cdn.jtvnw.net/ttv-boxart/{category_id}.jpg",
        "igdb_id": "",
    }
