"""Payloads of polls and predictions."""

from __future__ import annotations

from collections.abc import Sequence

from tests.fakes.twitch.payloads.basics import Payload, broadcaster, stamp
from tests.fakes.twitch.people import Person

__all__ = [
    "choice",
    "outcome",
    "poll",
    "poll_end",
    "prediction",
    "prediction_end",
    "prediction_lock",
    "predictor",
]


def choice(number: int, title: str, *, votes: int | None = None, paid: int = 0) -> Payload:
    """Return an answer; before the first vote it has no counts at all."""
    counts: Payload = {"bits_votes": 0, "channel_points_votes": paid, "votes": votes}
    return {"id": str(number), "title": title, **(counts if votes is not None else {})}


def poll(
    poll_id: str, title: str, choices: Sequence[Payload], *, points_per_vote: int = 0
) -> Payload:
    """Return a poll that runs, at its beginning or later."""
    return {
        "id": poll_id,
        **broadcaster(),
        "title": title,
        "choices": list(choices),
        "bits_voting": {"is_enabled": False, "amount_per_vote": 0},
        "channel_points_voting": {
            "is_enabled": points_per_vote > 0,
            "amount_per_vote": points_per_vote,
        },
        "started_at": stamp(),
        "ends_at": stamp(60),
    }


def poll_end(running: Payload, status: str = "completed") -> Payload:
    ended = {**running, "status": status, "ended_at": stamp(60)}
    del ended["ends_at"]
    return ended


def predictor(person: Person, points: int, won: int | None = None) -> Payload:
    return {**person.fields(), "channel_points_won": won, "channel_points_used": points}


def outcome(
    number: int,
    title: str,
    *,
    users: int | None = None,
    points: int = 0,
    top: Sequence[Payload] = (),
) -> Payload:
    """Return an outcome; before the first bet it has no counts at all."""
    counts: Payload = {"users": users, "channel_points": points, "top_predictors": list(top)}
    return {
        "id": str(number),
        "title": title,
        "color": "blue" if number == 1 else "pink",
        **(counts if users is not None else {}),
    }


def prediction(prediction_id: str, title: str, outcomes: Sequence[Payload]) -> Payload:
    """Return a prediction on which one may bet, at its beginning or later."""
    return {
        "id": prediction_id,
        **broadcaster(),
        "title": title,
        "outcomes": list(outcomes),
        "started_at": stamp(),
        "locks_at": stamp(120),
    }


def prediction_lock(running: Payload) -> Payload:
    locked = {**running, "locked_at": stamp(120)}
    locked.pop("locks_at", None)
    return locked


def prediction_end(
    running: Payload, winner: int | None = None, *, status: str = "resolved"
) -> Payload:
    ended = {
        **running,
        "winning_outcome_id": None if winner is None else str(winner),
        "status": status,
        "ended_at": stamp(180),
    }
    for name in ("locks_at", "locked_at"):
        ended.pop(name, None)
    return ended
