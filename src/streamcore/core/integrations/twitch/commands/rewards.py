"""Making and settling channel rewards.

Only the app that made a reward may change it or settle what was redeemed of it. Source:
dev.twitch.tv/docs/api/reference, "Channel Points".
"""

from __future__ import annotations

import msgspec

from streamcore.core.integrations.twitch.commands.desk import (
    Desk,
    Result,
    checked_number,
    checked_text,
    invalid,
    unreadable,
)
from streamcore.protocol.commands import (
    CreateReward,
    DeleteReward,
    SetRedemptionStatus,
    UpdateReward,
)
from streamcore.protocol.events import RedemptionStatus

__all__ = ["create_reward", "delete_reward", "set_redemption_status", "update_reward"]

_PATH = "/channel_points/custom_rewards"
_TITLE_MAX, _PROMPT_MAX = 45, 200
_COST_MAX = 2**31 - 1
_COOLDOWN_MAX_S = 604_800
_STATUS = {RedemptionStatus.FULFILLED: "FULFILLED", RedemptionStatus.CANCELED: "CANCELED"}


class _Reward(msgspec.Struct, frozen=True, kw_only=True):
    id: str


class _Rewards(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Reward, ...] = ()


async def create_reward(desk: Desk, command: CreateReward) -> Result:
    body = _fields(command)
    answer = await desk.helix.post(_PATH, body, _Rewards, params=desk.as_broadcaster)
    for reward in answer.data:
        return {"reward_id": reward.id}
    raise unreadable("reward")


async def update_reward(desk: Desk, command: UpdateReward) -> Result:
    body = _fields(command)
    if not body:
        raise invalid("Nothing was named: expected at least one field beside reward_id.")
    params = {**desk.as_broadcaster, "id": _id("reward_id", command.reward_id)}
    await desk.helix.tell("PATCH", _PATH, params, body)
    return {"reward_id": command.reward_id}


async def delete_reward(desk: Desk, command: DeleteReward) -> Result:
    params = {**desk.as_broadcaster, "id": _id("reward_id", command.reward_id)}
    await desk.helix.tell("DELETE", _PATH, params)
    return {}


async def set_redemption_status(desk: Desk, command: SetRedemptionStatus) -> Result:
    status = _STATUS.get(command.status)
    if status is None:
        raise invalid("status is 'unfulfilled', expected fulfilled or canceled.")
    params = {
        **desk.as_broadcaster,
        "id": _id("redemption_id", command.redemption_id),
        "reward_id": _id("reward_id", command.reward_id),
    }
    await desk.helix.tell("PATCH", f"{_PATH}/redemptions", params, {"status": status})
    return {}


def _fields(command: CreateReward | UpdateReward) -> dict[str, object]:
    body: dict[str, object] = {}
    if command.title is not None:
        body["title"] = checked_text("title", command.title, least=1, most=_TITLE_MAX)
    if command.cost is not None:
        body["cost"] = checked_number("cost", command.cost, least=1, most=_COST_MAX)
    if command.prompt is not None:
        body["prompt"] = checked_text("prompt", command.prompt, most=_PROMPT_MAX)
    if command.needs_input is not None:
        body["is_user_input_required"] = command.needs_input
    if command.is_enabled is not None:
        body["is_enabled"] = command.is_enabled
    if (seconds := command.cooldown_s) is not None:
        checked_number("cooldown_s", seconds, least=0, most=_COOLDOWN_MAX_S)
        body["is_global_cooldown_enabled"] = seconds > 0
        if seconds:
            body["global_cooldown_seconds"] = seconds
    return body


def _id(name: str, value: str) -> str:
    if not value.strip():
        raise invalid(f"{name} is empty.")
    return value.strip()
