"""Channel rewards (permission `rewards_read`)."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from streamcore.protocol.events.base import Event
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
    """`user` spent points on a reward; `input` is what they typed."""

    redemption_id: str = ""
    input: str = ""
    status: RedemptionStatus = RedemptionStatus.UNFULFILLED


class RewardRedemptionUpdated(_RewardEvent, frozen=True, kw_only=True):
    """A redemption was accepted or refunded."""

    redemption_id: str = ""
    status: RedemptionStatus = RedemptionStatus.FULFILLED


class RewardChanged(_RewardEvent, frozen=True, kw_only=True):
    """A reward was made, changed or removed."""

    change: str = "updated"
    is_enabled: bool = True
