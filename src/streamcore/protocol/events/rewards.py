"""Channel rewards (permission `rewards_read`)."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from streamcore.protocol.events.base import Event
from streamcore.protocol.objects import Fragment
from streamcore.protocol.permissions import Permission

__all__ = ["RedemptionStatus", "RewardChanged", "RewardRedemption", "RewardRedemptionUpdated"]


class RedemptionStatus(StrEnum):
    """Whether a redemption waits, was done, or was refunded."""

    UNFULFILLED = "unfulfilled"
    FULFILLED = "fulfilled"
    CANCELED = "canceled"


class _RewardEvent(Event, frozen=True, kw_only=True):
    permission: ClassVar[Permission | None] = Permission.REWARDS_READ

    reward_id: str = ""
    title: str = ""
    cost: int = 0


class RewardRedemption(_RewardEvent, frozen=True, kw_only=True):
    """`user` spent points on a reward; `input` is what they typed.

    `is_automatic` is one of the platform's own rewards: it has no `reward_id`, its `title` is the
    platform's word for it, and it is done at once.
    """

    redemption_id: str = ""
    input: str = ""
    fragments: tuple[Fragment, ...] = ()
    prompt: str = ""
    is_automatic: bool = False
    status: RedemptionStatus = RedemptionStatus.UNFULFILLED


class RewardRedemptionUpdated(_RewardEvent, frozen=True, kw_only=True):
    """A redemption of `user` was accepted or refunded."""

    redemption_id: str = ""
    input: str = ""
    status: RedemptionStatus = RedemptionStatus.FULFILLED


class RewardChanged(_RewardEvent, frozen=True, kw_only=True):
    """A reward was made, changed or removed: `change` is `added`, `updated` or `removed`."""

    change: str = "updated"
    is_enabled: bool = True
    is_paused: bool = False
    is_in_stock: bool = True
    is_input_required: bool = False
    prompt: str = ""
    color: str = ""
    image_url: str | None = None
