"""Believable values for every event type, so that a test event looks like a real one."""

from __future__ import annotations

from typing import Any

__all__ = ["BELIEVABLE", "VIEWER", "money", "person"]


def person(login: str, name: str, *roles: str) -> dict[str, Any]:
    """Return a viewer as it stands on the wire."""
    return {"id": f"sim-{login}", "login": login, "name": name, "roles": list(roles)}


def money(value: int, currency: str = "EUR", exponent: int = 2) -> dict[str, Any]:
    """Return an amount of minor units as it stands on the wire."""
    whole = f"{value / 10**exponent:.{exponent}f}" if exponent else str(value)
    return {
        "value": value,
        "exponent": exponent,
        "currency": currency,
        "display": f"{whole} {currency}",
    }


VIEWER = person("mira_plays", "Mira", "subscriber")
_FRIEND = {"id": "sim-juno", "login": "juno", "name": "Juno"}
_MODERATOR = person("kestrel", "Kestrel", "moderator")
_TEXT = "This is how a message looks on your stream."
_CHOICES = [
    {"id": "1", "title": "Forest", "votes": 34},
    {"id": "2", "title": "Desert", "votes": 21},
]

BELIEVABLE: dict[str, dict[str, Any]] = {
    "chat_message": {"text": _TEXT, "fragments": [{"kind": "text", "text": _TEXT}]},
    "chat_message_deleted": {"message_id": "sim-message"},
    "chat_mode_changed": {"slow_mode_s": 10},
    "shared_chat": {"session_id": "sim-shared", "participants": [_FRIEND]},
    "chat_announcement": {"text": "We start in five minutes!", "user": _MODERATOR},
    "platform_notice": {"name": "Something new", "text": "An unknown notice", "raw_type": "new"},
    "subscription": {"tier": 1},
    "resubscription": {"tier": 1, "months": 14, "streak_months": 14, "text": "Fourteen months!"},
    "gift_subscription": {"tier": 1, "recipient": _FRIEND},
    "gift_subscription_bomb": {"count": 5, "tier": 1},
    "subscription_upgraded": {"tier": 1, "source": "gift"},
    "subscription_ended": {"tier": 1},
    "raid": {"viewers": 120, "from": VIEWER},
    "cheer": {"bits": 500, "text": "Cheer500 what a round!"},
    "power_up": {"bits": 30, "power_up": "gigantify_an_emote"},
    "watch_streak": {"streams": 5},
    "shoutout": {"to_user": person("juno", "Juno"), "viewers": 300},
    "hype_train": {"phase": "begin", "level": 1, "total": 300, "goal": 1600},
    "goal": {"phase": "progress", "kind": "follower", "current": 950, "target": 1000},
    "viewer_count": {"viewers": 1984},
    "donation": {
        "service": "simulator",
        "donor": "Mira",
        "amount": money(1500),
        "text": "For the coffee!",
    },
    "super_chat": {"amount": money(500), "text": "Love the stream!", "level": 2},
    "super_sticker": {"amount": money(200), "text": "Hi-five", "sticker_id": "hi_five"},
    "platform_gift": {"amount": money(100, "jewels", 0), "gift_id": "rose", "name": "Rose"},
    "charity_donation": {"amount": money(2500), "charity": "A good cause"},
    "membership_payment": {"amount": money(499), "level_name": "Member"},
    "shop_order": {"amount": money(2400), "item": "T-shirt"},
    "reward_redemption": {"reward_id": "sim-reward", "title": "Hydrate!", "cost": 300},
    "reward_redemption_updated": {"reward_id": "sim-reward", "title": "Hydrate!", "cost": 300},
    "reward_changed": {"reward_id": "sim-reward", "title": "Hydrate!", "cost": 300},
    "poll": {"phase": "begin", "poll_id": "sim-poll", "title": "Where next?", "choices": _CHOICES},
    "prediction": {
        "phase": "begin",
        "prediction_id": "sim-prediction",
        "title": "Do we win?",
        "outcomes": [{"id": "1", "title": "Yes"}, {"id": "2", "title": "No"}],
    },
    "stream_online": {"title": "A new adventure", "category": "Just chatting"},
    "stream_updated": {"title": "A new title", "changed": ["title"]},
    "ad_break": {"phase": "begin", "duration_s": 60},
    "raid_outgoing": {"to_user": person("juno", "Juno"), "viewers": 800},
    "clip_created": {"clip_id": "sim-clip", "title": "What a save"},
    "user_banned": {"moderator": _MODERATOR, "reason": "Spam"},
    "user_unbanned": {"moderator": _MODERATOR},
    "user_warned": {"moderator": _MODERATOR, "reason": "Language"},
    "role_changed": {"role": "vip", "is_added": True},
    "unban_request": {"request_id": "sim-request", "text": "I am sorry."},
    "automod_message": {"message_id": "sim-message", "text": "…", "category": "swearing"},
    "shield_mode": {"is_active": True, "moderator": _MODERATOR},
    "suspicious_user": {"status": "monitored"},
    "obs_state": {"changed": "scene", "scene": "Game", "is_connected": True},
    "event_gap": {"reason": "A test"},
}
"""Values by event type; a type that is not here needs none beyond the base fields."""
