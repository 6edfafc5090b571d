"""Payloads and their events: who comes, pays and recommends."""

from __future__ import annotations

from streamcore.protocol.events import (
    Cheer,
    Follow,
    PowerUp,
    Raid,
    RaidOutgoing,
    Shoutout,
    SubscriptionEnded,
)
from streamcore.protocol.objects import Fragment, FragmentKind
from tests.core.integrations.twitch.events.cases.common import (
    ANNA,
    AT,
    MODERATOR,
    STREAMER,
    Case,
    base,
    who,
)
from tests.fakes.twitch import payloads
from tests.fakes.twitch.payloads import standing_still

__all__ = ["AUDIENCE"]


with standing_still(AT):
    AUDIENCE = {
        "a follow": Case(
            "channel.follow",
            "2",
            payloads.follow(ANNA),
            Follow(**base(f"follow:{ANNA.id}:2026-05-01T12:00:00"), user=who(ANNA)),
        ),
        "a cheer": Case(
            "channel.bits.use",
            "1",
            payloads.bits_use(ANNA, 100, "Cheer100 wow"),
            Cheer(
                **base(),
                user=who(ANNA),
                bits=100,
                text="Cheer100 wow",
                fragments=(
                    Fragment(kind=FragmentKind.CHEERMOTE, text="Cheer100", bits=100),
                    Fragment(kind=FragmentKind.TEXT, text=" wow"),
                ),
            ),
        ),
        "a power-up": Case(
            "channel.bits.use",
            "1",
            payloads.bits_use(ANNA, 30, "look", kind="power_up"),
            PowerUp(
                **base(),
                user=who(ANNA),
                bits=30,
                power_up="message_effect",
                text="look",
                fragments=(Fragment(kind=FragmentKind.TEXT, text="look"),),
            ),
        ),
        "a custom power-up": Case(
            "channel.custom_power_up_redemption.add",
            "1",
            payloads.custom_power_up(ANNA, 200, "Confetti", "now"),
            PowerUp(
                **base("power_up:id"),
                user=who(ANNA),
                bits=200,
                power_up="Confetti",
                power_up_id="id",
                is_custom=True,
                text="now",
                fragments=(Fragment(kind=FragmentKind.TEXT, text="now"),),
            ),
        ),
        "a subscription ends": Case(
            "channel.subscription.end",
            "1",
            payloads.subscribe(ANNA, tier="2000", is_gift=True),
            SubscriptionEnded(
                **base(f"ended:{ANNA.id}:2:2026-05-01"), user=who(ANNA), tier=2, is_gift=True
            ),
        ),
        "a raid": Case(
            "channel.raid",
            "1",
            payloads.raid(ANNA, 9001),
            Raid(**base(), user=who(ANNA), from_user=who(ANNA), viewers=9001),
        ),
        "our raid": Case(
            "channel.raid",
            "1",
            payloads.raid(ANNA, 12, is_ours=True),
            RaidOutgoing(**base(), user=who(STREAMER), to_user=who(ANNA), viewers=12),
        ),
        "a shout-out": Case(
            "channel.shoutout.create",
            "1",
            payloads.shoutout_create(ANNA, MODERATOR, 860),
            Shoutout(
                **base(f"shoutout:{ANNA.id}:2026-05-01T12:00:00"),
                user=who(MODERATOR),
                to_user=who(ANNA),
                viewers=860,
            ),
        ),
        "a shout-out for us": Case(
            "channel.shoutout.receive",
            "1",
            payloads.shoutout_receive(ANNA, 700),
            Shoutout(
                **base(f"shouted_out:{ANNA.id}:2026-05-01T12:00:00"),
                user=who(ANNA),
                viewers=700,
                is_received=True,
            ),
        ),
    }
