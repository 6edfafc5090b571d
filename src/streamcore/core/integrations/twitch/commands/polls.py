"""Polls and predictions.

Source: dev.twitch.tv/docs/api/reference, "Polls" and "Predictions".
"""

from __future__ import annotations

import msgspec

from streamcore.core.integrations.twitch.commands.desk import (
    Desk,
    Result,
    checked_number,
    checked_text,
    invalid,
    unreadable,
)
from streamcore.protocol.commands import (
    EndPoll,
    LockPrediction,
    ResolvePrediction,
    StartPoll,
    StartPrediction,
)

__all__ = ["end_poll", "lock_prediction", "resolve_prediction", "start_poll", "start_prediction"]

_POLL_TITLE_MAX, _PREDICTION_TITLE_MAX, _CHOICE_MAX = 60, 45, 25
_POLL_CHOICES, _PREDICTION_OUTCOMES = (2, 5), (2, 10)
_POLL_S, _PREDICTION_S = (15, 1800), (30, 1800)


class _Choice(msgspec.Struct, frozen=True, kw_only=True):
    id: str = ""
    title: str = ""


class _Question(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    choices: tuple[_Choice, ...] = ()
    outcomes: tuple[_Choice, ...] = ()


class _Questions(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Question, ...] = ()


async def start_poll(desk: Desk, command: StartPoll) -> Result:
    body = {
        **desk.as_broadcaster,
        "title": checked_text("title", command.title, least=1, most=_POLL_TITLE_MAX),
        "choices": _titles("choice", command.choices, _POLL_CHOICES),
        "duration": _duration(command.duration_s, _POLL_S),
    }
    for poll in (await desk.helix.post("/polls", body, _Questions)).data:
        return {"poll_id": poll.id, "choices": _named(poll.choices)}
    raise unreadable("poll")


async def end_poll(desk: Desk, command: EndPoll) -> Result:
    status = "TERMINATED" if command.show_results else "ARCHIVED"
    body = {**desk.as_broadcaster, "id": command.poll_id, "status": status}
    await desk.helix.tell("PATCH", "/polls", body=body)
    return {"poll_id": command.poll_id}


async def start_prediction(desk: Desk, command: StartPrediction) -> Result:
    body = {
        **desk.as_broadcaster,
        "title": checked_text("title", command.title, least=1, most=_PREDICTION_TITLE_MAX),
        "outcomes": _titles("outcome", command.outcomes, _PREDICTION_OUTCOMES),
        "prediction_window": _duration(command.duration_s, _PREDICTION_S),
    }
    for prediction in (await desk.helix.post("/predictions", body, _Questions)).data:
        return {"prediction_id": prediction.id, "outcomes": _named(prediction.outcomes)}
    raise unreadable("prediction")


async def lock_prediction(desk: Desk, command: LockPrediction) -> Result:
    body = {**desk.as_broadcaster, "id": command.prediction_id, "status": "LOCKED"}
    await desk.helix.tell("PATCH", "/predictions", body=body)
    return {"prediction_id": command.prediction_id}


async def resolve_prediction(desk: Desk, command: ResolvePrediction) -> Result:
    body = {**desk.as_broadcaster, "id": command.prediction_id, "status": "CANCELED"}
    if command.outcome_id is not None:
        body |= {"status": "RESOLVED", "winning_outcome_id": command.outcome_id}
    await desk.helix.tell("PATCH", "/predictions", body=body)
    return {"prediction_id": command.prediction_id}


def _titles(name: str, titles: tuple[str, ...], bounds: tuple[int, int]) -> list[dict[str, str]]:
    least, most = bounds
    if not least <= len(titles) <= most:
        raise invalid(f"{len(titles)} {name}s were named, expected {least} to {most}.")
    return [
        {"title": checked_text(f"The {name} {title[:30]!r}", title, least=1, most=_CHOICE_MAX)}
        for title in titles
    ]


def _duration(seconds: int, bounds: tuple[int, int]) -> int:
    return checked_number("duration_s", seconds, least=bounds[0], most=bounds[1])


def _named(choices: tuple[_Choice, ...]) -> list[dict[str, str]]:
    return [{"id": choice.id, "title": choice.title} for choice in choices]
