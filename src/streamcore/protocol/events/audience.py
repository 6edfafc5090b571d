"""Who comes, follows, subscribes and supports (permission `audience_read`)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import msgspec

from streamcore.protocol.events.base import Event
from streamcore.protocol.objects import (
    Amount,
    Contribution,
    Fragment,
    Person,
    Phase,
    Recipient,
    User,
)
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
    """`user` renewed and told the chat; `gifter` paid for it when it is a known person's gift."""

    tier: int = 1
    months: int = 1
    streak_months: int | None = None
    is_gift: bool = False
    is_prime: bool = False
    gifter: User | None = None
    text: str = ""
    fragments: tuple[Fragment, ...] = ()


class GiftSubscription(_AudienceEvent, frozen=True, kw_only=True):
    """`user` gave one subscription to `recipient`; part of a bomb when `group_id` is set.

    `given_total` is how many `user` gave in this channel so far, None when it is not told.
    """

    tier: int = 1
    months: int = 1
    recipient: Recipient | None = None
    given_total: int | None = None


class GiftSubscriptionBomb(_AudienceEvent, frozen=True, kw_only=True):
    """`user` gave `count` subscriptions at once.

    Comes twice: at once with `is_complete=False`, and with `recipients` when all are known.
    `given_total` is how many `user` gave in this channel so far, None when it is not told.
    """

    count: int = 0
    tier: int = 1
    recipients: tuple[Recipient, ...] = ()
    is_complete: bool = False
    given_total: int | None = None


class SubscriptionUpgraded(_AudienceEvent, frozen=True, kw_only=True):
    """A gifted or included subscription became a paid one; `source` says which it was.

    `gifter` gave it when it is a known person's gift.
    """

    tier: int = 1
    source: str = ""
    gifter: User | None = None


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
    """`user` bought an effect.

    `power_up` is its name: the platform's word (`gigantify_an_emote`), or the title that the
    streamer gave when `is_custom`; then `power_up_id` names it for good.
    """

    bits: int = 0
    power_up: str = ""
    power_up_id: str = ""
    is_custom: bool = False
    text: str = ""
    fragments: tuple[Fragment, ...] = ()


class WatchStreak(_AudienceEvent, frozen=True, kw_only=True):
    """`user` watched `streams` streams in a row and got `points` for it."""

    streams: int = 0
    points: int = 0
    text: str = ""
    fragments: tuple[Fragment, ...] = ()


class Shoutout(_AudienceEvent, frozen=True, kw_only=True):
    """A channel was recommended: `to_user` by us, or us by `user` when `is_received`."""

    to_user: User | None = None
    viewers: int = 0
    is_received: bool = False


class HypeTrain(_AudienceEvent, frozen=True, kw_only=True):
    """The community's shared goal of the moment.

    `total` is what was given in all; of the present level, `progress` is reached and `goal` is
    needed (both 0 at the end). It ends at `expires_at` unless a new level begins; the next one may
    start at `cooldown_ends_at`. `kind` is the platform's word (`regular`, `treasure` …), `partners`
    the other channels of a shared one; `best_level` and `best_total` are the channel's records.
    """

    phase: Phase = Phase.BEGIN
    level: int = 1
    total: int = 0
    goal: int = 0
    train_id: str = ""
    progress: int = 0
    kind: str = ""
    contributions: tuple[Contribution, ...] = ()
    started_at: datetime | None = None
    expires_at: datetime | None = None
    cooldown_ends_at: datetime | None = None
    best_level: int | None = None
    best_total: int | None = None
    is_shared: bool = False
    partners: tuple[Person, ...] = ()


class Goal(_AudienceEvent, frozen=True, kw_only=True):
    """The platform's own goal (followers, subscribers …).

    `kind` is the platform's word; `charity` is a campaign, of which `current` and `target` are
    minor units of money, and the same as amounts in `current_amount` and `target_amount`.
    """

    phase: Phase = Phase.BEGIN
    kind: str = ""
    description: str = ""
    current: int = 0
    target: int = 0
    is_achieved: bool = False
    goal_id: str = ""
    started_at: datetime | None = None
    current_amount: Amount | None = None
    target_amount: Amount | None = None


class ViewerCount(_AudienceEvent, frozen=True, kw_only=True):
    """How many watch right now; not logged, only the latest counts."""

    durable: ClassVar[bool] = False
    money_class: ClassVar[bool] = False

    viewers: int = 0
    likes: int | None = None
