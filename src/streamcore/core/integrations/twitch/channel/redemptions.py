"""Which rewards were redeemed while we did not listen.

https://dev.twitch.tv/docs/api/reference/#get-custom-reward-redemption
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.core.integrations.twitch.api.pages import Page, pages
from streamcore.core.integrations.twitch.events.people import user
from streamcore.core.integrations.twitch.events.source import PLATFORM, redemption_id
from streamcore.protocol.events import Event, Origin, RewardRedemption
from streamcore.protocol.permissions import Permission

__all__ = ["Redemptions"]

_REWARDS = "/channel_points/custom_rewards"
_MAX_PAGES = 4
_SLACK = timedelta(seconds=2)


class _Reward(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str = ""
    cost: int = 0


class _Redemption(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    user_id: str = ""
    user_login: str = ""
    user_name: str = ""
    user_input: str = ""
    redeemed_at: datetime


class Redemptions:
    """Twitch tells an app only of the rewards that it made, and lists what still waits."""

    tells = ("reward_redemption",)
    permission = Permission.REWARDS_READ
    scopes = frozenset({"channel:read:redemptions", "channel:manage:redemptions"})

    def __init__(self, helix: Helix, user_id: str) -> None:
        self._helix = helix
        self._user_id = user_id

    async def missed(self, since: datetime | None) -> Sequence[Event] | None:
        """Return the redemptions since then that nobody has dealt with."""
        if since is None:
            return None
        params = {"broadcaster_id": self._user_id, "only_manageable_rewards": "true"}
        rewards = await self._helix.get(_REWARDS, Page[_Reward], params, is_background=True)
        events: list[Event] = []
        for reward in rewards.data:
            events.extend(await self._of(reward, since))
        return events

    async def _of(self, reward: _Reward, since: datetime) -> list[Event]:
        events: list[Event] = []
        params = {
            "broadcaster_id": self._user_id,
            "reward_id": reward.id,
            "status": "UNFULFILLED",
            "sort": "NEWEST",
            "first": "50",
        }
        path = f"{_REWARDS}/redemptions"
        async for page in pages(self._helix, path, _Redemption, params, max_pages=_MAX_PAGES):
            for each in page.data:
                if each.redeemed_at < since - _SLACK:
                    return events
                events.append(self._event(reward, each))
        return events

    def _event(self, reward: _Reward, redemption: _Redemption) -> RewardRedemption:
        return RewardRedemption(
            platform=PLATFORM,
            channel_id=self._user_id,
            at=redemption.redeemed_at,
            origin=Origin.CATCH_UP,
            source_id=redemption_id(redemption.id),
            user=user(redemption.user_id, redemption.user_login, redemption.user_name),
            reward_id=reward.id,
            title=reward.title,
            cost=reward.cost,
            redemption_id=redemption.id,
            input=redemption.user_input,
        )
