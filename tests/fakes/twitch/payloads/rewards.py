"""Payloads of channel rewards and their redemptions."""

from __future__ import annotations

from tests.fakes.twitch.payloads.basics import Payload, broadcaster, message, new_id, stamp
from tests.fakes.twitch.people import Person

__all__ = ["automatic_redemption", "automatic_redemption_v1", "redemption", "reward"]

_CDN = "https://static-cdn.jtvnw.net"


def reward(
    reward_id: str,
    title: str,
    cost: int,
    *,
    prompt: str = "",
    is_enabled: bool = True,
    is_paused: bool = False,
    is_input_required: bool = False,
    image: bool = False,
) -> Payload:
    """Return a reward as the events about rewards tell it; `image`: it has one of its own."""
    return {
        "id": reward_id,
        **broadcaster(),
        "is_enabled": is_enabled,
        "is_paused": is_paused,
        "is_in_stock": True,
        "title": title,
        "cost": cost,
        "prompt": prompt,
        "is_user_input_required": is_input_required,
        "should_redemptions_skip_request_queue": False,
        "cooldown_expires_at": None,
        "redemptions_redeemed_current_stream": None,
        "max_per_stream": {"is_enabled": False, "value": 0},
        "max_per_user_per_stream": {"is_enabled": False, "value": 0},
        "global_cooldown": {"is_enabled": False, "seconds": 0},
        "background_color": "#FA1ED2",
        "image": _images(f"custom-{reward_id}") if image else None,
        "default_image": _images("default"),
    }


def _images(name: str) -> Payload:
    return {f"url_{size}x": f"{_CDN}/{name}-{size}.png" for size in (1, 2, 4)}


def redemption(
    person: Person,
    title: str,
    cost: int,
    *,
    redemption_id: str = "",
    reward_id: str = "",
    text: str = "",
    status: str = "unfulfilled",
) -> Payload:
    """Return a redemption, as it comes and as it is updated."""
    return {
        "id": redemption_id or new_id(),
        **broadcaster(),
        **person.fields(),
        "user_input": text,
        "status": status,
        "reward": {
            "id": reward_id or f"reward-{title.lower()}",
            "title": title,
            "cost": cost,
            "prompt": "",
        },
        "redeemed_at": stamp(),
    }


def automatic_redemption(
    person: Person, kind: str, points: int, text: str = "", *, redemption_id: str = ""
) -> Payload:
    """Return a redemption of one of Twitch's own rewards, version 2."""
    return {
        **broadcaster(),
        **person.fields(),
        "id": redemption_id or new_id(),
        "reward": {"type": kind, "channel_points": points, "emote": None},
        "message": message(text) if text else None,
        "redeemed_at": stamp(),
    }


def automatic_redemption_v1(
    person: Person, kind: str, points: int, text: str = "", *, redemption_id: str = ""
) -> Payload:
    return {
        **broadcaster(),
        **person.fields(),
        "id": redemption_id or new_id(),
        "reward": {"type": kind, "cost": points, "unlocked_emote": None},
        "message": {"text": text, "emotes": None},
        "user_input": text,
        "redeemed_at": stamp(),
    }
