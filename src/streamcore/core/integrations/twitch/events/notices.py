"""`channel.chat.notification`: subscriptions, gifts, announcements and what Twitch adds next."""

from __future__ import annotations

from streamcore.core.integrations.twitch.events import wire
from streamcore.core.integrations.twitch.events.people import (
    ANONYMOUS,
    fragments,
    recipient,
    tier,
    user,
)
from streamcore.core.integrations.twitch.events.source import Base, Source
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
from streamcore.protocol.objects import User

__all__ = ["bomb_id", "notice"]

_TOLD_ELSEWHERE = frozenset({"raid"})


def bomb_id(group_id: str, *, is_complete: bool) -> str:
    """Return the natural id of a gift bomb's beginning or end."""
    return f"bomb:{group_id}:{'end' if is_complete else 'begin'}"


def notice(source: Source, data: wire.ChatNotification) -> tuple[Event, ...]:
    """Map a notice by the object that it carries; an unknown one stays visible."""
    if data.notice_type in _TOLD_ELSEWHERE:
        return ()
    who = _who(data)
    base = source.base(data.message_id, channel_id=data.source_broadcaster_user_id)
    match data:
        case wire.ChatNotification(notice_type="sub", sub=wire.SubNotice() as sub):
            event: Event = Subscription(
                **base,
                user=who,
                tier=tier(sub.sub_tier),
                months=max(sub.duration_months or 1, 1),
                is_prime=bool(sub.is_prime),
            )
        case wire.ChatNotification(notice_type="resub", resub=wire.ResubNotice() as resub):
            event = _resub(base, who, data, resub)
        case wire.ChatNotification(notice_type="sub_gift", sub_gift=wire.SubGiftNotice() as gift):
            event = GiftSubscription(
                **base,
                group_id=gift.community_gift_id or None,
                user=who,
                tier=tier(gift.sub_tier),
                months=max(gift.duration_months or 1, 1),
                recipient=recipient(gift),
            )
        case wire.ChatNotification(
            notice_type="community_sub_gift",
            community_sub_gift=wire.CommunitySubGiftNotice() as bomb,
        ):
            begin = source.base(bomb_id(bomb.id, is_complete=False))
            event = GiftSubscriptionBomb(
                **begin, group_id=bomb.id, user=who, count=bomb.total, tier=tier(bomb.sub_tier)
            )
        case wire.ChatNotification(notice_type="gift_paid_upgrade"):
            event = SubscriptionUpgraded(**base, user=who, source="gift")
        case wire.ChatNotification(
            notice_type="prime_paid_upgrade", prime_paid_upgrade=wire.UpgradeNotice() as upgrade
        ):
            event = SubscriptionUpgraded(
                **base, user=who, tier=tier(upgrade.sub_tier), source="prime"
            )
        case wire.ChatNotification(notice_type="announcement"):
            event = _announcement(base, who, data)
        case wire.ChatNotification(
            notice_type="watch_streak", watch_streak=wire.WatchStreakNotice() as streak
        ):
            event = WatchStreak(
                **base, user=who, streams=streak.streak_count or 0, text=_text(data)
            )
        case _:
            event = PlatformNotice(
                **base,
                user=who,
                name=data.notice_type,
                text=data.system_message or _text(data),
                raw_type=f"{source.kind}/{data.notice_type}",
            )
    return (event,)


def _resub(
    base: Base, who: User, data: wire.ChatNotification, resub: wire.ResubNotice
) -> Resubscription:
    return Resubscription(
        **base,
        user=who,
        tier=tier(resub.sub_tier),
        months=max(resub.cumulative_months or 1, 1),
        streak_months=resub.streak_months,
        is_gift=bool(resub.is_gift),
        is_prime=bool(resub.is_prime),
        text=_text(data),
        fragments=fragments(data.message),
    )


def _announcement(base: Base, who: User, data: wire.ChatNotification) -> ChatAnnouncement:
    color = data.announcement.color if data.announcement is not None else None
    return ChatAnnouncement(
        **base,
        user=who,
        text=_text(data),
        fragments=fragments(data.message),
        color=(color or "primary").lower(),
    )


def _who(data: wire.ChatNotification) -> User:
    if data.chatter_is_anonymous:
        return ANONYMOUS
    return user(
        data.chatter_user_id,
        data.chatter_user_login,
        data.chatter_user_name,
        color=data.color,
        badges=data.badges,
    )


def _text(data: wire.ChatNotification) -> str:
    return data.message.text if data.message is not None else ""
