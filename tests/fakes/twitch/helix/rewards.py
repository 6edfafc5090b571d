"""Channel rewards, and what viewers redeemed of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.twitch.helix.endpoints import Endpoint, no_content, paged, problem
from tests.fakes.twitch.oauth import Grant
from tests.fakes.twitch.payloads import Payload, broadcaster, new_id, stamp
from tests.fakes.twitch.people import STREAMER, viewer

__all__ = ["FakeRewards"]

Deliver = Callable[[str, Payload], Awaitable[object]]

_PATH = "/channel_points/custom_rewards"
_EVENT = "channel.channel_points_custom_reward"


@dataclass(slots=True)
class FakeRewards:
    """Rewards of two makers: the app that is tested, and somebody else."""

    deliver: Deliver
    rewards: dict[str, Payload] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    """The ids of rewards that another app made."""
    redemptions: dict[str, Payload] = field(default_factory=dict)
    is_affiliate: bool = True

    def endpoints(self) -> list[Endpoint]:
        manage = ("channel:manage:redemptions",)
        read = ("channel:read:redemptions", *manage)
        return [
            Endpoint("GET", _PATH, self._list, read),
            Endpoint("POST", _PATH, self._create, manage),
            Endpoint("PATCH", _PATH, self._update, manage),
            Endpoint("DELETE", _PATH, self._delete, manage),
            Endpoint("GET", f"{_PATH}/redemptions", self._redemptions, read),
            Endpoint("PATCH", f"{_PATH}/redemptions", self._settle, manage),
        ]

    def record(self) -> Payload:
        return {"rewards": list(self.rewards.values()), "redemptions": self.redemptions}

    def make(self, title: str, *, cost: int = 100, is_foreign: bool = False) -> str:
        """Make a reward as on Twitch's own page, or as our app would; returns its id."""
        reward_id = new_id()
        self.rewards[reward_id] = _reward(reward_id, {"title": title, "cost": cost})
        if is_foreign:
            self.foreign.add(reward_id)
        return reward_id

    async def redeem(self, user: str, reward_id: str, text: str = "") -> str:
        """Let a viewer spend points; returns the redemption's id."""
        redemption: Payload = {
            **viewer(user).fields(),
            "id": new_id(),
            "user_input": text,
            "status": "unfulfilled",
            "redeemed_at": stamp(),
            "reward_id": reward_id,
        }
        self.redemptions[str(redemption["id"])] = redemption
        await self._tell_redemption("add", redemption)
        return str(redemption["id"])

    def _refused(self, request: Request, grant: Grant) -> Response | None:
        if request.query_params.get("broadcaster_id") != grant.user.id:
            return problem(401, "The ID in broadcaster_id must match the user ID in the token")
        if not self.is_affiliate:
            return problem(403, "The broadcaster is not a partner or affiliate.")
        reward_id = request.query_params.get("reward_id") or request.query_params.get("id")
        if reward_id is not None and reward_id not in self.rewards:
            return problem(404, "The custom reward specified in the id parameter was not found.")
        if reward_id in self.foreign:
            words = "The ID in the Client-Id header must match the client ID used to create it."
            return problem(403, words)
        return None

    def _wrong(self, body: Payload, own_id: str = "") -> Response | None:
        title, cost = body.get("title"), body.get("cost")
        if title is not None and not 1 <= len(str(title)) <= 45:
            return problem(400, "The title must contain 1 to 45 characters.")
        if any(r["title"] == title for i, r in self.rewards.items() if i != own_id):
            return problem(400, "CREATE_CUSTOM_REWARD_DUPLICATE_REWARD")
        if cost is not None and int(str(cost)) < 1:
            return problem(400, "The cost field must contain a minimum of 1 point.")
        if len(str(body.get("prompt", ""))) > 200:
            return problem(400, "The prompt field is limited to a maximum of 200 characters.")
        return None

    async def _list(self, request: Request, grant: Grant) -> Response:
        if request.query_params.get("broadcaster_id") != grant.user.id:
            return problem(401, "The ID in broadcaster_id must match the user ID in the token")
        ours = request.query_params.get("only_manageable_rewards") == "true"
        found = [r for i, r in self.rewards.items() if not (ours and i in self.foreign)]
        return JSONResponse({"data": found})

    async def _redemptions(self, request: Request, grant: Grant) -> Response:
        reward_id = request.query_params.get("reward_id", "")
        if request.query_params.get("broadcaster_id") != grant.user.id:
            return problem(401, "The ID in broadcaster_id must match the user ID in the token")
        if reward_id in self.foreign or reward_id not in self.rewards:
            return problem(403, "The ID in the Client-Id header must match the one that made it.")
        status = request.query_params.get("status", "")
        if status not in {"UNFULFILLED", "FULFILLED", "CANCELED"}:
            return problem(400, "The status query parameter is required")
        found: list[Payload] = [
            {**redemption, "redeemed_at": f"{str(redemption['redeemed_at'])[:19]}Z"}
            for redemption in reversed(self.redemptions.values())
            if redemption["reward_id"] == reward_id and redemption["status"] == status.lower()
        ]
        return paged(request, found)

    async def _create(self, request: Request, grant: Grant) -> Response:
        body = await request.json()
        if (refused := self._refused(request, grant) or self._wrong(body)) is not None:
            return refused
        if "title" not in body or "cost" not in body:
            return problem(400, "The title and cost fields are required.")
        if len(self.rewards) >= 50:
            return problem(400, "The request exceeds the maximum number of rewards allowed")
        reward_id = new_id()
        self.rewards[reward_id] = _reward(reward_id, body)
        await self._tell_reward("add", reward_id)
        return JSONResponse({"data": [self.rewards[reward_id]]})

    async def _update(self, request: Request, grant: Grant) -> Response:
        body = await request.json()
        reward_id = request.query_params.get("id", "")
        if (refused := self._refused(request, grant) or self._wrong(body, reward_id)) is not None:
            return refused
        self.rewards[reward_id] = _reward(reward_id, {**self.rewards[reward_id], **body})
        await self._tell_reward("update", reward_id)
        return JSONResponse({"data": [self.rewards[reward_id]]})

    async def _delete(self, request: Request, grant: Grant) -> Response:
        if (refused := self._refused(request, grant)) is not None:
            return refused
        reward_id = request.query_params.get("id", "")
        await self._tell_reward("remove", reward_id)
        del self.rewards[reward_id]
        return no_content()

    async def _settle(self, request: Request, grant: Grant) -> Response:
        if (refused := self._refused(request, grant)) is not None:
            return refused
        status = (await request.json()).get("status")
        redemption = self.redemptions.get(request.query_params.get("id", ""))
        if status not in {"FULFILLED", "CANCELED"}:
            return problem(400, "The value in the status field is not valid.")
        if redemption is None or redemption["status"] != "unfulfilled":
            return problem(404, "The redemptions were not found or are not UNFULFILLED.")
        redemption["status"] = str(status).lower()
        await self._tell_redemption("update", redemption)
        return JSONResponse({"data": [{**redemption, "status": status}]})

    async def _tell_reward(self, change: str, reward_id: str) -> None:
        reward = {**self.rewards[reward_id], **broadcaster()}
        await self.deliver(f"{_EVENT}.{change}", reward)

    async def _tell_redemption(self, change: str, redemption: Payload) -> None:
        reward = self.rewards[str(redemption["reward_id"])]
        short = {key: reward[key] for key in ("id", "title", "cost", "prompt")}
        event = {**broadcaster(), **redemption, "reward": short}
        await self.deliver(f"{_EVENT}_redemption.{change}", event)


def _reward(reward_id: str, body: Payload) -> Payload:
    seconds = body.get("global_cooldown_seconds", 0)
    is_on = bool(body.get("is_global_cooldown_enabled", False))
    return {
        "broadcaster_id": STREAMER.id,
        "id": reward_id,
        "title": body["title"],
        "prompt": body.get("prompt", ""),
        "cost": body["cost"],
        "is_enabled": body.get("is_enabled", True),
        "is_user_input_required": body.get("is_user_input_required", False),
        "is_paused": False,
        "is_in_stock": True,
        "is_global_cooldown_enabled": is_on,
        "global_cooldown_seconds": seconds,
        "global_cooldown_setting": {
            "is_enabled": is_on,
            "global_cooldown_seconds": seconds,
        },
        "global_cooldown": {"is_enabled": is_on, "seconds": seconds},
        "background_color": "#00E5CB",
        "image": None,
        "default_image": {"url_1x": "", "url_2x": "", "url_4x": ""},
        "should_redemptions_skip_request_queue": False,
        "cooldown_expires_at": None,
        "max_per_stream": {"is_enabled": False, "value": 0},
        "max_per_user_per_stream": {"is_enabled": False, "value": 0},
        "redemptions_redeemed_current_stream": None,
    }
