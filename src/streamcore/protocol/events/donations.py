"""Money (permission `donations_read`)."""

from __future__ import annotations

from typing import ClassVar

from streamcore.protocol.events.base import Event
from streamcore.protocol.objects import Amount, Fragment
from streamcore.protocol.permissions import Permission

__all__ = [
    "CharityDonation",
    "Donation",
    "MembershipPayment",
    "PlatformGift",
    "ShopOrder",
    "SuperChat",
    "SuperSticker",
]

NOTHING = Amount(value=0, exponent=0, currency="XXX", display="")
"""ISO 4217's "no currency": the default of an amount that was not given."""


class _DonationEvent(Event, frozen=True, kw_only=True):
    permission: ClassVar[Permission | None] = Permission.DONATIONS_READ

    amount: Amount = NOTHING
    text: str = ""


class Donation(_DonationEvent, frozen=True, kw_only=True):
    """Money through a donation service; `donor` is the name that was given."""

    service: str = ""
    donor: str = ""


class SuperChat(_DonationEvent, frozen=True, kw_only=True):
    """A paid chat message."""

    message_id: str = ""
    fragments: tuple[Fragment, ...] = ()
    level: int = 1


class SuperSticker(_DonationEvent, frozen=True, kw_only=True):
    """A paid sticker; `text` describes it."""

    sticker_id: str = ""
    image_url: str | None = None
    level: int = 1


class PlatformGift(_DonationEvent, frozen=True, kw_only=True):
    """A gift in the platform's own currency; `combo` counts repeats of the same gift."""

    gift_id: str = ""
    name: str = ""
    combo: int = 1


class CharityDonation(_DonationEvent, frozen=True, kw_only=True):
    """Money for the charity that the channel supports; `charity` is its name."""

    charity: str = ""
    charity_url: str = ""
    campaign_id: str = ""


class MembershipPayment(_DonationEvent, frozen=True, kw_only=True):
    """A paid membership of the channel."""

    level_name: str = ""
    months: int = 1


class ShopOrder(_DonationEvent, frozen=True, kw_only=True):
    """Something was bought in the streamer's shop."""

    item: str = ""
    quantity: int = 1
