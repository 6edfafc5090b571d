"""Payloads and their events: the chat's notices."""

from __future__ import annotations

from streamcore.protocol.events import (
    ChatAnnouncement,
    GiftSubscription,
    GiftSubscriptionBomb,
    PlatformNotice,
    Resubscription,
    Subscription,
    SubscriptionUpgraded,
    WatchStreak,
)
from streamcore.protocol.objects import Fragment, FragmentKind, Recipient, User
from tests.core.integrations.twitch.events.cases.common import (
    ANNA,
    AT,
    BOB,
    PARTNER,
    Case,
    base,
    brief,
    who,
)
from tests.fakes.twitch import payloads
from tests.fakes.twitch.payloads import Payload, standing_still

__all__ = ["NOTICES"]

RESUB: Payload = {
    "cumulative_months": 14,
    "duration_months": 1,
    "streak_months": None,
    "sub_tier": "3000",
    "is_prime": False,
    "is_gift": True,
    "gifter_is_anonymous": False,
    **BOB.fields("gifter_user"),
}
GIFT: Payload = {
    "duration_months": 1,
    "cumulative_total": 12,
    **BOB.fields("recipient_user"),
    "sub_tier": "1000",
    "community_gift_id": None,
}
GIFTER: Payload = {"gifter_is_anonymous": False, **BOB.fields("gifter_user")}

with standing_still(AT):
    NOTICES = {
        "a new subscriber": Case(
            "channel.chat.notification",
            "1",
            payloads.chat_notification(
                ANNA, "sub", {"sub_tier": "2000", "is_prime": False, "duration_months": 3}
            ),
            Subscription(
                **base("id"),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                tier=2,
                months=3,
            ),
        ),
        "a renewal": Case(
            "channel.chat.notification",
            "1",
            payloads.chat_notification(ANNA, "resub", RESUB, text="still here"),
            Resubscription(
                **base("id"),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                tier=3,
                months=14,
                is_gift=True,
                gifter=who(BOB),
                text="still here",
                fragments=(Fragment(kind=FragmentKind.TEXT, text="still here"),),
            ),
        ),
        "a gift": Case(
            "channel.chat.notification",
            "1",
            payloads.chat_notification(ANNA, "sub_gift", GIFT),
            GiftSubscription(
                **base("id"),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                recipient=Recipient(id=BOB.id, login="bob", name="Bob"),
                given_total=12,
            ),
        ),
        "a gift of a bomb from nobody": Case(
            "channel.chat.notification",
            "1",
            payloads.chat_notification(
                None, "sub_gift", GIFT | {"community_gift_id": "g1", "cumulative_total": None}
            ),
            GiftSubscription(
                **base("id"),
                group_id="g1",
                user=User(id="", login="", name="Anonymous", is_anonymous=True),
                recipient=Recipient(id=BOB.id, login="bob", name="Bob"),
            ),
        ),
        "a bomb": Case(
            "channel.chat.notification",
            "1",
            payloads.chat_notification(
                ANNA,
                "community_sub_gift",
                {"id": "g1", "total": 5, "sub_tier": "1000", "cumulative_total": 50},
            ),
            GiftSubscriptionBomb(
                **base("bomb:g1:begin"),
                group_id="g1",
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                count=5,
                given_total=50,
            ),
        ),
        "a gift goes on": Case(
            "channel.chat.notification",
            "1",
            payloads.chat_notification(ANNA, "gift_paid_upgrade", GIFTER),
            SubscriptionUpgraded(
                **base("id"),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                source="gift",
                gifter=who(BOB),
            ),
        ),
        "prime goes on": Case(
            "channel.chat.notification",
            "1",
            payloads.chat_notification(ANNA, "prime_paid_upgrade", {"sub_tier": "3000"}),
            SubscriptionUpgraded(
                **base("id"),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                tier=3,
                source="prime",
            ),
        ),
        "an announcement": Case(
            "channel.chat.notification",
            "1",
            payloads.chat_notification(ANNA, "announcement", {"color": "PURPLE"}, text="soon"),
            ChatAnnouncement(
                **base("id"),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                text="soon",
                fragments=(Fragment(kind=FragmentKind.TEXT, text="soon"),),
                color="purple",
            ),
        ),
        "a partner's announcement": Case(
            "channel.chat.notification",
            "1",
            payloads.from_partner(
                payloads.chat_notification(
                    ANNA, "shared_chat_announcement", {"color": "BLUE"}, text="hi"
                ),
                PARTNER,
            ),
            ChatAnnouncement(
                **base("id", channel=PARTNER),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                text="hi",
                fragments=(Fragment(kind=FragmentKind.TEXT, text="hi"),),
                color="blue",
                partner=brief(PARTNER),
            ),
        ),
        "a watch streak": Case(
            "channel.chat.notification",
            "1",
            payloads.chat_notification(
                ANNA, "watch_streak", {"streak_count": 7, "channel_points_awarded": 450}
            ),
            WatchStreak(
                **base("id"),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                streams=7,
                points=450,
            ),
        ),
        "a partner's subscriber": Case(
            "channel.chat.notification",
            "1",
            payloads.from_partner(
                payloads.chat_notification(
                    ANNA,
                    "shared_chat_sub",
                    {"sub_tier": "1000", "is_prime": False, "duration_months": 1},
                    system="Anna subscribed",
                ),
                PARTNER,
            ),
            PlatformNotice(
                **base("id", channel=PARTNER),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                name="shared_chat_sub",
                text="Anna subscribed",
                raw_type="channel.chat.notification/shared_chat_sub",
            ),
        ),
        "a notice of tomorrow": Case(
            "channel.chat.notification",
            "1",
            payloads.chat_notification(ANNA, "modiversary", {"months": 12}, system="A year!"),
            PlatformNotice(
                **base("id"),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                name="modiversary",
                text="A year!",
                raw_type="channel.chat.notification/modiversary",
            ),
        ),
    }
