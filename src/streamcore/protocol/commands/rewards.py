"""Making and settling channel rewards."""

from __future__ import annotations

from typing import ClassVar

from streamcore.protocol.commands.base import PlatformCommand
from streamcore.protocol.events.rewards import RedemptionStatus
from streamcore.protocol.permissions import Permission

__all__ = ["CreateReward", "DeleteReward", "SetRedemptionStatus", "UpdateReward"]


class _RewardCommand(PlatformCommand, frozen=True, kw_only=True):
    permission: ClassVar[Permission | None] = Permission.REWARDS_MANAGE


class CreateReward(_RewardCommand, frozen=True, kw_only=True):
    """Make a reward; the result is `{"reward_id": …}`."""

    title: str
    cost: int
    prompt: str = ""
    needs_input: bool = False
    cooldown_s: int = 0
    is_enabled: bool = True


class UpdateReward(_RewardCommand, frozen=True, kw_only=True):
    """Change a reward that StreamCore made; what is left out stays, `cooldown_s` 0 is none."""

    reward_id: str
    title: str | None = None
    cost: int | None = None
    prompt: str | None = None
    needs_input: bool | None = None
    cooldown_s: int | None = None
    is_enabled: bool | None = None


class DeleteReward(_RewardCommand, frozen=True, kw_only=True):
    """Remove a reward that StreamCore made."""

    reward_id: str


class SetRedemptionStatus(_RewardCommand, frozen=True, kw_only=True):
    """Accept a redemption, or cancel it and give the points back."""

    reward_id: str
    redemption_id: str
    status: RedemptionStatus
