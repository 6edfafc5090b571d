"""Who comes, follows, subscribes and supports (permission `audience_read`)."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from streamcore.protocol.events.base import Event
from streamcore.protocol.objects import Fragment, Phase, Recipient, User
from streamcore.protocol.permissions import Permission

__all__ = [
    "Cheer",
    "Follow",
    "GiftSubscription",
    "GiftSubscriptionBomb",
    "Goal",
    "HypeTrain",
    "PowerUp",
    "Raid",
    "Resubscription",
    "Shoutout",
    "Subscription",
    "SubscriptionEnded",
    "SubscriptionUpgraded",
    "ViewerCount",
    "WatchStreak",
]


class _AudienceEvent(Event, frozen=True, kw_only=True):
    permission: ClassVar[Permission | None] = Permission.AUDIENCE_READ


class Follow(_AudienceEvent, frozen=True, kw_only=True):
    """`user` follows the channel."""


class Subscription(_AudienceEvent, frozen=True, kw_only=True):
    """`user` subscribed for the first time; `tier` is 1, 2 or 3."""

    tier: int = 1
    months: int = 1
    is_gift: bool = False
    is_prime: bool = False


class Resubscription(_AudienceEvent, frozen=True, kw_only=True):
    """`user` renewed and told the chat."""

    tier: int = 1
    months: int = 1
    streak_months: int | None = None
    is_gift: bool = False
    is_prime: bool = False
    text: str = ""
    fragments: tuple[Fragment, ...] = ()


class GiftSubscription(_AudienceEvent, frozen=True, kw_only=True):
    """`user` gave one subscription to `recipient`; part of a bomb when `group_id` is set."""

    tier: int = 1
    months: int = 1
    recipient: Recipient | None = None


class GiftSubscriptionBomb(_AudienceEvent, frozen=True, kw_only=True):
    """`user` gave `count` subscriptions at once.

    Comes twice: at once with `is_complete=False`, and with `recipients` when all are known.
    """

    count: int = 0
    tier: int = 1
    recipients: tuple[Recipient, ...] = ()
    is_complete: bool = False


class SubscriptionUpgraded(_AudienceEvent, frozen=True, kw_only=True):
    """A gifted or included subscription became a paid one."""

    tier: int = 1
    source: str = ""


class SubscriptionEnded(_AudienceEvent, frozen=True, kw_only=True):
    """A subscription ran out."""

    tier: int = 1
    is_gift: bool = False


class Raid(_AudienceEvent, frozen=True, kw_only=True):
    """Another channel sent its viewers here; `user` is the same person as `from_user`."""

    from_user: User | None = msgspec.field(default=None, name="from")
    viewers: int = 0


class Cheer(_AudienceEvent, frozen=True, kw_only=True):
    """`user` sent bits with a message."""

    bits: int = 0
    text: str = ""
    fragments: tuple[Fragment, ...] = ()


class PowerUp(_AudienceEvent, frozen=True, kw_only=True):
    """`user` bought a chat effect."""

    bits: int = 0
    power_up: str = ""
    text: str = ""


class WatchStreak(_AudienceEvent, frozen=True, kw_only=True):
    """`user` watched `streams` streams in a row."""

    streams: int = 0
    text: str = ""


class Shoutout(_AudienceEvent, frozen=True, kw_only=True):
    """A channel was recommended: `to_user` by us, or us by `user` when `is_received`."""

    to_user: User | None = None
    viewers: int = 0
    is_received: bool = False


class HypeTrain(_AudienceEvent, frozen=True, kw_only=True):
    """The community's shared goal of the moment."""

    phase: Phase = Phase.BEGIN
    level: int = 1
    total: int = 0
    goal: int = 0


class Goal(_AudienceEvent, frozen=True, kw_only=True):
    """The platform's own goal (followers, subscribers …)."""

    phase: Phase = Phase.BEGIN
    kind: str = ""
    description: str = ""
    current: int = 0
    target: int = 0
    is_achieved: bool = False


class ViewerCount(_AudienceEvent, frozen=True, kw_only=True):
    """How many watch right now; not logged, only the latest counts."""

    durable: ClassVar[bool] = False
    money_class: ClassVar[bool] = False

    viewers: int = 0
    likes: int | None = None
