"""Payloads of charity campaigns and their donations."""

from __future__ import annotations

from tests.fakes.twitch.payloads.basics import Payload, broadcaster, new_id, stamp
from tests.fakes.twitch.people import STREAMER, Person

__all__ = ["campaign", "campaign_start", "campaign_stop", "charity_donation", "money"]

_CHARITY: Payload = {
    "charity_name": "Example name",
    "charity_description": "Example description",
    "charity_logo": "https://abc.cloudfront.net/ppgf/1000/100.png",
    "charity_website": "https://www.example.com",
}


def money(value: int, currency: str = "USD", *, decimal_places: int = 2) -> Payload:
    return {"value": value, "decimal_places": decimal_places, "currency": currency}


def charity_donation(
    person: Person, amount: Payload, *, campaign_id: str = "campaign-1"
) -> Payload:
    return {
        "id": new_id(),
        "campaign_id": campaign_id,
        **broadcaster(),
        **person.fields(),
        **_CHARITY,
        "amount": amount,
    }


def campaign(campaign_id: str, current: Payload, target: Payload) -> Payload:
    """Return a campaign's state; here the channel's fields are named without `_user`."""
    return {
        "id": campaign_id,
        **STREAMER.fields("broadcaster"),
        **_CHARITY,
        "current_amount": current,
        "target_amount": target,
    }


def campaign_start(state: Payload) -> Payload:
    return {**state, "started_at": stamp()}


def campaign_stop(state: Payload) -> Payload:
    return {**state, "stopped_at": stamp(3600)}
