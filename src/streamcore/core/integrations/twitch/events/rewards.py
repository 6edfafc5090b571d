"""Channel rewards, the streamer's own and Twitch's, and who redeems them."""

from __future__ import annotations

from collections.abc import Callable

from streamcore.core.integrations.twitch.events import wire
from streamcore.core.integrations.twitch.events.people import fragments, who
from streamcore.core.integrations.twitch.events.reading import Count, Text, Time
from streamcore.core.integrations.twitch.events.source import (
    Source,
    moment,
    redemption_id,
    update_id,
)
from streamcore.core.integrations.twitch.events.table import mapping
from streamcore.protocol.events import (
    Event,
    PlatformNotice,
    RedemptionStatus,
    RewardChanged,
    RewardRedemption,
    RewardRedemptionUpdated,
)

__all__ = ["REWARDS"]

_STATUS = {
    "unfulfilled": RedemptionStatus.UNFULFILLED,
    "fulfilled": RedemptionStatus.FULFILLED,
    "canceled": RedemptionStatus.CANCELED,
    "cancelled": RedemptionStatus.CANCELED,
}


class _Reward(wire.Wire, frozen=True, kw_only=True):
    id: Text = ""
    title: Text = ""
    cost: Count = 0
    prompt: Text | None = None


class _Redemption(wire.OfUser, frozen=True, kw_only=True):
    id: Text
    user_input: Text | None = None
    status: Text = ""
    reward: _Reward = _Reward()
    redeemed_at: Time | None = None


class _AutomaticReward(wire.Wire, frozen=True, kw_only=True):
    type: Text = ""
    channel_points: Count = 0


class _Automatic(wire.OfUser, frozen=True, kw_only=True):
    id: Text
    reward: _AutomaticReward = _AutomaticReward()
    message: wire.Message | None = None
    redeemed_at: Time | None = None


class _Image(wire.Wire, frozen=True, kw_only=True):
    url_4x: Text = ""


class _Changed(wire.InChannel, frozen=True, kw_only=True):
    id: Text
    title: Text = ""
    cost: Count = 0
    prompt: Text | None = None
    is_enabled: bool = True
    is_paused: bool = False
    is_in_stock: bool = True
    is_user_input_required: bool = False
    background_color: Text | None = None
    image: _Image | None = None
    default_image: _Image | None = None


def _redeemed(source: Source, data: _Redemption) -> RewardRedemption:
    words = data.user_input or ""
    return RewardRedemption(
        **source.base(redemption_id(data.id), at=moment(data.redeemed_at)),
        user=who(data),
        reward_id=data.reward.id,
        title=data.reward.title,
        cost=data.reward.cost,
        prompt=data.reward.prompt or "",
        redemption_id=data.id,
        input=words,
        fragments=fragments(wire.Message(text=words)) if words else (),
        status=_STATUS.get(data.status.lower(), RedemptionStatus.UNFULFILLED),
    )


def _updated(source: Source, data: _Redemption) -> Event:
    status = _STATUS.get(data.status.lower())
    base = source.base(update_id(data.id, data.status.lower()))
    if status is None:
        raw_type = f"{source.kind}/{data.status}"
        return PlatformNotice(**base, user=who(data), name=data.status, raw_type=raw_type)
    return RewardRedemptionUpdated(
        **base,
        user=who(data),
        reward_id=data.reward.id,
        title=data.reward.title,
        cost=data.reward.cost,
        redemption_id=data.id,
        input=data.user_input or "",
        status=status,
    )


def _automatic(source: Source, data: _Automatic) -> RewardRedemption:
    return RewardRedemption(
        **source.base(redemption_id(data.id), at=moment(data.redeemed_at)),
        user=who(data),
        title=data.reward.type,
        cost=data.reward.channel_points,
        redemption_id=data.id,
        input=data.message.text if data.message is not None else "",
        fragments=fragments(data.message),
        status=RedemptionStatus.FULFILLED,
        is_automatic=True,
    )


def _changed(change: str, *, is_once: bool) -> Callable[[Source, _Changed], RewardChanged]:
    def changed(source: Source, data: _Changed) -> RewardChanged:
        picture = data.image or data.default_image
        return RewardChanged(
            **source.base(f"reward:{data.id}:{change}" if is_once else ""),
            reward_id=data.id,
            title=data.title,
            cost=data.cost,
            change=change,
            is_enabled=data.is_enabled,
            is_paused=data.is_paused,
            is_in_stock=data.is_in_stock,
            is_input_required=data.is_user_input_required,
            prompt=data.prompt or "",
            color=data.background_color or "",
            image_url=picture.url_4x or None if picture is not None else None,
        )

    return changed


_REWARD = "channel.channel_points_custom_reward"

REWARDS = {
    f"{_REWARD}.add": mapping(_Changed, _changed("added", is_once=True)),
    f"{_REWARD}.update": mapping(_Changed, _changed("updated", is_once=False)),
    f"{_REWARD}.remove": mapping(_Changed, _changed("removed", is_once=True)),
    f"{_REWARD}_redemption.add": mapping(_Redemption, _redeemed),
    f"{_REWARD}_redemption.update": mapping(_Redemption, _updated),
    "channel.channel_points_automatic_reward_redemption.add": mapping(_Automatic, _automatic),
}
