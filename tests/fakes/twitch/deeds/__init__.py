"""What happens on the fake's channel: one deed for each fact, told by every way Twitch tells it."""

from __future__ import annotations

from tests.fakes.twitch.deeds.community import CommunityDeeds
from tests.fakes.twitch.deeds.moderators import ModeratorDeeds
from tests.fakes.twitch.deeds.points import PointsDeeds
from tests.fakes.twitch.deeds.viewers import ViewerDeeds

__all__ = ["Deeds"]


class Deeds(ViewerDeeds, PointsDeeds, CommunityDeeds, ModeratorDeeds):
    """All of them, for whoever has an `eventsub`; `/control/<name>` reaches each."""
