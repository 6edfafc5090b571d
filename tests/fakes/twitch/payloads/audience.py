"""Payloads of the audience: follows, subscriptions, bits, raids."""

from __future__ import annotations

from tests.fakes.twitch.payloads.basics import Payload, broadcaster, message, new_id, stamp
from tests.fakes.twitch.people import STREAMER, Person

__all__ = [
    "bits_use",
    "cheer",
    "custom_power_up",
    "follow",
    "goal",
    "hype_train",
    "hype_train_begin",
    "hype_train_end",
    "raid",
    "shoutout_create",
    "shoutout_receive",
    "subscribe",
    "subscription_gift",
    "subscription_message",
]


def follow(person: Person) -> Payload:
    return {**person.fields(), **broadcaster(), "followed_at": stamp()}


def subscribe(person: Person, *, tier: str = "1000", is_gift: bool = False) -> Payload:
    """Return `channel.subscribe`; `channel.subscription.end` has the same fields."""
    return {**person.fields(), **broadcaster(), "tier": tier, "is_gift": is_gift}


def subscription_gift(person: Person | None, total: int, *, tier: str = "1000") -> Payload:
    who = person.fields() if person is not None else dict.fromkeys(Person("", "", "").fields())
    return {
        **who,
        **broadcaster(),
        "total": total,
        "tier": tier,
        "cumulative_total": None if person is None else total,
        "is_anonymous": person is None,
    }


def subscription_message(
    person: Person, months: int, text: str, *, tier: str = "1000", streak: int | None = None
) -> Payload:
    return {
        **person.fields(),
        **broadcaster(),
        "tier": tier,
        "message": {"text": text, "emotes": None},
        "cumulative_months": months,
        "streak_months": streak,
        "duration_months": 1,
    }


def bits_use(person: Person, bits: int, text: str, kind: str = "cheer") -> Payload:
    effect: Payload = {"type": "message_effect", "emote": None, "message_effect_id": "rainbow"}
    return {
        **person.fields(),
        **broadcaster(),
        "bits": bits,
        "type": kind,
        "message": message(text),
        "power_up": effect if kind == "power_up" else None,
    }


def cheer(person: Person | None, bits: int, text: str) -> Payload:
    who = person.fields() if person is not None else dict.fromkeys(Person("", "", "").fields())
    return {
        "is_anonymous": person is None,
        **who,
        **broadcaster(),
        "message": text,
        "bits": bits,
    }


def custom_power_up(person: Person, bits: int, title: str, text: str = "") -> Payload:
    return {
        "id": new_id(),
        **broadcaster(),
        **person.fields(),
        "user_input": text,
        "status": "unfulfilled",
        "custom_power_up": {"id": new_id(), "title": title, "bits": bits, "prompt": ""},
        "redeemed_at": stamp(),
    }


def raid(person: Person, viewers: int, *, is_ours: bool = False) -> Payload:
    """Return a raid on the streamer, or the streamer's own."""
    begins, target = (STREAMER, person) if is_ours else (person, STREAMER)
    return {
        **begins.fields("from_broadcaster_user"),
        **target.fields("to_broadcaster_user"),
        "viewers": viewers,
    }


def shoutout_create(person: Person, moderator: Person, viewers: int) -> Payload:
    return {
        **broadcaster(),
        **moderator.fields("moderator_user"),
        **person.fields("to_broadcaster_user"),
        "started_at": stamp(),
        "viewer_count": viewers,
        "cooldown_ends_at": stamp(120),
        "target_cooldown_ends_at": stamp(3600),
    }


def shoutout_receive(person: Person, viewers: int) -> Payload:
    return {
        **broadcaster(),
        **person.fields("from_broadcaster_user"),
        "viewer_count": viewers,
        "started_at": stamp(),
    }


def hype_train(
    train_id: str,
    *,
    level: int,
    total: int,
    contributions: tuple[Payload, ...] = (),
    progress: int | None = None,
    goal: int = 500,
    kind: str = "regular",
) -> Payload:
    """Return the state of a train under way (`channel.hype_train.progress`, version 2)."""
    return {
        "id": train_id,
        **broadcaster(),
        "total": total,
        "progress": total if progress is None else progress,
        "goal": goal,
        "top_contributions": list(contributions),
        "shared_train_participants": None,
        "level": level,
        "started_at": stamp(),
        "expires_at": stamp(300),
        "is_shared_train": False,
        "type": kind,
    }


def hype_train_begin(train: Payload, *, best_level: int = 4, best_total: int = 2845) -> Payload:
    return {**train, "all_time_high_level": best_level, "all_time_high_total": best_total}


def hype_train_end(train: Payload) -> Payload:
    ended = {**train, "ended_at": stamp(), "cooldown_ends_at": stamp(3600)}
    for name in ("progress", "goal", "expires_at"):
        del ended[name]
    return ended


def goal(
    goal_id: str,
    *,
    kind: str = "follow",
    current: int,
    target: int,
    text: str = "",
    is_achieved: bool | None = None,
) -> Payload:
    """Return the state of a goal; `is_achieved` makes it the end of one."""
    ended: Payload = {"is_achieved": is_achieved, "ended_at": stamp()}
    return {
        "id": goal_id,
        **broadcaster(),
        "type": kind,
        "description": text,
        "current_amount": current,
        "target_amount": target,
        "started_at": stamp(),
        **(ended if is_achieved is not None else {}),
    }
