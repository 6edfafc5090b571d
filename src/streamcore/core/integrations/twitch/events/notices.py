"""`channel.chat.notification`: subscriptions, gifts, announcements and what Twitch adds next.

Its twins for other channels of a shared chat (`shared_chat_…`) are no money of ours: announcements
are shown as what they are, everything else is only a notice.
"""

from __future__ import annotations

from streamcore.core.integrations.twitch.events import wire
from streamcore.core.integrations.twitch.events.people import (
    ANONYMOUS,
    STAND_INS,
    fragments,
    giver,
    partner,
    tier,
    user,
)
from streamcore.core.integrations.twitch.events.reading import Count, Items, Text
from streamcore.core.integrations.twitch.events.source import Base, Source
from streamcore.core.integrations.twitch.events.table import mapping
from streamcore.protocol.events import (
    ChatAnnouncement,
    Event,
    GiftSubscription,
    GiftSubscriptionBomb,
    PlatformNotice,
    Resubscription,
    Subscription,
    SubscriptionUpgraded,
    WatchStreak,
)
from streamcore.protocol.objects import Recipient, User

__all__ = ["NOTICES", "bomb_id"]

_TOLD_ELSEWHERE = frozenset({"raid", "charity_donation"})


class _Gifter(wire.Wire, frozen=True, kw_only=True):
    gifter_is_anonymous: bool | None = None
    gifter_user_id: Text | None = None
    gifter_user_login: Text | None = None
    gifter_user_name: Text | None = None


class _Sub(wire.Wire, frozen=True, kw_only=True):
    sub_tier: Text | None = None
    is_prime: bool | None = None
    duration_months: Count | None = None


class _Resub(_Gifter, frozen=True, kw_only=True):
    cumulative_months: Count | None = None
    streak_months: Count | None = None
    sub_tier: Text | None = None
    is_prime: bool | None = None
    is_gift: bool | None = None


class _SubGift(wire.Wire, frozen=True, kw_only=True):
    duration_months: Count | None = None
    cumulative_total: Count | None = None
    recipient_user_id: Text = ""
    recipient_user_login: Text = ""
    recipient_user_name: Text = ""
    sub_tier: Text | None = None
    community_gift_id: Text | None = None


class _CommunityGift(wire.Wire, frozen=True, kw_only=True):
    id: Text
    total: Count
    sub_tier: Text | None = None
    cumulative_total: Count | None = None


class _PrimeUpgrade(wire.Wire, frozen=True, kw_only=True):
    sub_tier: Text | None = None


class _Announcement(wire.Wire, frozen=True, kw_only=True):
    color: Text | None = None


class _WatchStreak(wire.Wire, frozen=True, kw_only=True):
    streak_count: Count | None = None
    channel_points_awarded: Count | None = None


class _Notice(wire.InSharedChat, frozen=True, kw_only=True):
    chatter_user_id: Text | None = None
    chatter_user_login: Text | None = None
    chatter_user_name: Text | None = None
    chatter_is_anonymous: bool | None = None
    color: Text | None = None
    badges: Items[wire.Badge] | None = None
    system_message: Text | None = None
    message_id: Text = ""
    message: wire.Message | None = None
    notice_type: Text = ""
    sub: _Sub | None = None
    resub: _Resub | None = None
    sub_gift: _SubGift | None = None
    community_sub_gift: _CommunityGift | None = None
    gift_paid_upgrade: _Gifter | None = None
    prime_paid_upgrade: _PrimeUpgrade | None = None
    announcement: _Announcement | None = None
    shared_chat_announcement: _Announcement | None = None
    watch_streak: _WatchStreak | None = None


def bomb_id(group_id: str, *, is_complete: bool) -> str:
    """Return the natural id of a gift bomb's beginning or end."""
    return f"bomb:{group_id}:{'end' if is_complete else 'begin'}"


def _notice(source: Source, data: _Notice) -> Event | None:
    """Map a notice by the object that it carries; an unknown one stays visible."""
    if data.notice_type in _TOLD_ELSEWHERE:
        return None
    who = _who(data)
    other = partner(data)
    base = source.base(data.message_id, channel_id=None if other is None else other.id)
    match data:
        case _Notice(notice_type="announcement" | "shared_chat_announcement"):
            return _announcement(base, who, data)
        case _ if other is not None:
            return _other(source, base, who, data)
        case _Notice(notice_type="sub", sub=_Sub() as sub):
            return Subscription(
                **base,
                user=who,
                tier=tier(sub.sub_tier),
                months=max(sub.duration_months or 1, 1),
                is_prime=bool(sub.is_prime),
            )
        case _Notice(notice_type="resub", resub=_Resub() as resub):
            return _resub(base, who, data, resub)
        case _Notice(notice_type="sub_gift", sub_gift=_SubGift() as gift):
            return _gift(base, who, gift)
        case _Notice(notice_type="community_sub_gift", community_sub_gift=_CommunityGift() as bomb):
            return GiftSubscriptionBomb(
                **source.base(bomb_id(bomb.id, is_complete=False)),
                group_id=bomb.id,
                user=who,
                count=bomb.total,
                tier=tier(bomb.sub_tier),
                given_total=bomb.cumulative_total,
            )
        case _Notice(notice_type="gift_paid_upgrade"):
            gifter = _gifter(data.gift_paid_upgrade)
            return SubscriptionUpgraded(**base, user=who, source="gift", gifter=gifter)
        case _Notice(notice_type="prime_paid_upgrade"):
            new = None if data.prime_paid_upgrade is None else data.prime_paid_upgrade.sub_tier
            return SubscriptionUpgraded(**base, user=who, tier=tier(new), source="prime")
        case _Notice(notice_type="watch_streak", watch_streak=_WatchStreak() as streak):
            return WatchStreak(
                **base,
                user=who,
                streams=streak.streak_count or 0,
                points=streak.channel_points_awarded or 0,
                text=_text(data),
                fragments=fragments(data.message),
            )
        case _:
            return _other(source, base, who, data)


def _resub(base: Base, who: User, data: _Notice, resub: _Resub) -> Resubscription:
    return Resubscription(
        **base,
        user=who,
        tier=tier(resub.sub_tier),
        months=max(resub.cumulative_months or 1, 1),
        streak_months=resub.streak_months,
        is_gift=bool(resub.is_gift),
        is_prime=bool(resub.is_prime),
        gifter=_gifter(resub) if resub.is_gift else None,
        text=_text(data),
        fragments=fragments(data.message),
    )


def _gift(base: Base, who: User, gift: _SubGift) -> GiftSubscription:
    return GiftSubscription(
        **base,
        group_id=gift.community_gift_id or None,
        user=who,
        tier=tier(gift.sub_tier),
        months=max(gift.duration_months or 1, 1),
        recipient=Recipient(
            id=gift.recipient_user_id,
            login=gift.recipient_user_login,
            name=gift.recipient_user_name or gift.recipient_user_login,
        ),
        given_total=gift.cumulative_total,
    )


def _announcement(base: Base, who: User, data: _Notice) -> ChatAnnouncement:
    content = data.announcement or data.shared_chat_announcement
    color = content.color if content is not None else None
    return ChatAnnouncement(
        **base,
        user=who,
        text=_text(data),
        fragments=fragments(data.message),
        color=(color or "primary").lower(),
        partner=partner(data),
    )


def _other(source: Source, base: Base, who: User, data: _Notice) -> PlatformNotice:
    return PlatformNotice(
        **base,
        user=who,
        name=data.notice_type,
        text=data.system_message or _text(data),
        raw_type=f"{source.kind}/{data.notice_type}",
    )


def _who(data: _Notice) -> User:
    if data.chatter_is_anonymous or data.chatter_user_login in STAND_INS:
        return ANONYMOUS
    return user(
        data.chatter_user_id,
        data.chatter_user_login,
        data.chatter_user_name,
        color=data.color,
        badges=data.badges,
    )


def _gifter(gift: _Gifter | None) -> User | None:
    if gift is None or not (gift.gifter_user_id or gift.gifter_is_anonymous):
        return None
    if gift.gifter_is_anonymous:
        return ANONYMOUS
    return giver(gift.gifter_user_id, gift.gifter_user_login, gift.gifter_user_name)


def _text(data: _Notice) -> str:
    return data.message.text if data.message is not None else ""


NOTICES = {"channel.chat.notification": mapping(_Notice, _notice)}
