"""Polls and predictions: one of each at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.twitch.helix.endpoints import Endpoint, problem
from tests.fakes.twitch.oauth import Grant
from tests.fakes.twitch.payloads import Payload, broadcaster, new_id, stamp
from tests.fakes.twitch.people import STREAMER

__all__ = ["FakeQuestions", "Question"]

Deliver = Callable[[str, Payload], Awaitable[object]]


@dataclass(slots=True)
class Question:
    """A poll or a prediction."""

    id: str
    title: str
    choices: list[tuple[str, str]]
    """Id and title of each."""
    ends_at: str
    status: str = "ACTIVE"
    winner: str | None = None

    @property
    def is_over(self) -> bool:
        return self.status not in {"ACTIVE", "LOCKED"}


@dataclass(slots=True)
class FakeQuestions:
    """What the viewers are asked, the last one at the end."""

    deliver: Deliver
    polls: list[Question] = field(default_factory=list)
    predictions: list[Question] = field(default_factory=list)
    is_affiliate: bool = True

    def endpoints(self) -> list[Endpoint]:
        polls, predictions = ("channel:manage:polls",), ("channel:manage:predictions",)
        return [
            Endpoint("POST", "/polls", self._start_poll, polls),
            Endpoint("PATCH", "/polls", self._end_poll, polls),
            Endpoint("POST", "/predictions", self._start_prediction, predictions),
            Endpoint("PATCH", "/predictions", self._end_prediction, predictions),
        ]

    def record(self) -> Payload:
        return {
            "polls": [{"id": p.id, "title": p.title, "status": p.status} for p in self.polls],
            "predictions": [
                {"id": p.id, "title": p.title, "status": p.status, "winner": p.winner}
                for p in self.predictions
            ],
        }

    def _refused(self, body: Payload, grant: Grant) -> Response | None:
        if body.get("broadcaster_id") != grant.user.id:
            return problem(401, "The ID in broadcaster_id must match the user ID in the token")
        if not self.is_affiliate:
            return problem(403, "The broadcaster is not a partner or affiliate")
        return None

    async def _start_poll(self, request: Request, grant: Grant) -> Response:
        body = await request.json()
        if (refused := self._refused(body, grant)) is not None:
            return refused
        wrong = _wrong(body, "choices", 5, 60) or _wrong_time(body, "duration", 15)
        if wrong is not None:
            return wrong
        if self.polls and not self.polls[-1].is_over:
            return problem(400, "The broadcaster already has a poll that's running")
        poll = _question(body, "choices", body["duration"])
        self.polls.append(poll)
        await self.deliver("channel.poll.begin", _poll_event(poll))
        return JSONResponse({"data": [_poll(poll)]})

    async def _end_poll(self, request: Request, grant: Grant) -> Response:
        body = await request.json()
        if (refused := self._refused(body, grant)) is not None:
            return refused
        found = next((poll for poll in self.polls if poll.id == body.get("id")), None)
        if found is None:
            return problem(404, "The poll was not found")
        if body.get("status") not in {"TERMINATED", "ARCHIVED"}:
            return problem(400, "The value in the status field is not valid")
        if found.is_over:
            return problem(400, "The poll must be active to terminate or archive it")
        found.status = body["status"]
        over = {"status": found.status.lower(), "ended_at": stamp()}
        await self.deliver("channel.poll.end", {**_poll_event(found), **over})
        return JSONResponse({"data": [_poll(found)]})

    async def _start_prediction(self, request: Request, grant: Grant) -> Response:
        body = await request.json()
        if (refused := self._refused(body, grant)) is not None:
            return refused
        wrong = _wrong(body, "outcomes", 10, 45) or _wrong_time(body, "prediction_window", 30)
        if wrong is not None:
            return wrong
        if self.predictions and not self.predictions[-1].is_over:
            return problem(400, "The broadcaster already has a prediction that's running")
        prediction = _question(body, "outcomes", body["prediction_window"])
        self.predictions.append(prediction)
        await self.deliver("channel.prediction.begin", _prediction_event(prediction))
        return JSONResponse({"data": [_prediction(prediction)]})

    async def _end_prediction(self, request: Request, grant: Grant) -> Response:
        body = await request.json()
        if (refused := self._refused(body, grant)) is not None:
            return refused
        found = next((each for each in self.predictions if each.id == body.get("id")), None)
        status, winner = body.get("status"), body.get("winning_outcome_id")
        if found is None:
            return problem(404, "The prediction in the id field was not found")
        if status not in {"RESOLVED", "CANCELED", "LOCKED"}:
            return problem(400, "The value in the status field is not valid")
        if found.is_over or (status == "LOCKED" and found.status != "ACTIVE"):
            return problem(400, "To update the status, the current status must be ACTIVE or LOCKED")
        if status == "RESOLVED" and winner not in {choice_id for choice_id, _ in found.choices}:
            return problem(404, "The outcome in the winning_outcome_id field was not found")
        found.status, found.winner = status, winner
        event = _prediction_event(found)
        if status == "LOCKED":
            await self.deliver("channel.prediction.lock", {**event, "locked_at": stamp()})
        else:
            over = {
                "status": status.lower(),
                "winning_outcome_id": winner,
                "ended_at": stamp(),
            }
            await self.deliver("channel.prediction.end", {**event, **over})
        return JSONResponse({"data": [_prediction(found)]})


def _wrong(body: Payload, key: str, most: int, title_most: int) -> Response | None:
    choices = body.get(key)
    if not isinstance(choices, list) or not 2 <= len(choices) <= most:
        return problem(400, f"The number of {key} may not be less than 2 or greater than {most}.")
    if any(not 1 <= len(choice.get("title", "")) <= 25 for choice in choices):
        return problem(400, "The choice's title is too long.")
    if not 1 <= len(str(body.get("title", ""))) <= title_most:
        return problem(400, "The title is too long.")
    if "badword" in str(body["title"]):
        return problem(400, "The title failed AutoMod checks.")
    return None


def _wrong_time(body: Payload, key: str, least: int) -> Response | None:
    seconds = body.get(key)
    if not isinstance(seconds, int) or not least <= seconds <= 1800:
        return problem(400, f"The value in {key} is outside the allowed range of values.")
    return None


def _question(body: Payload, key: str, seconds: float) -> Question:
    choices = body[key]
    assert isinstance(choices, list)
    return Question(
        new_id(),
        str(body["title"]),
        [(new_id(), choice["title"]) for choice in choices],
        stamp(seconds),
    )


def _poll(poll: Question) -> Payload:
    votes = {"votes": 0, "channel_points_votes": 0, "bits_votes": 0}
    return {
        "id": poll.id,
        "broadcaster_id": STREAMER.id,
        "title": poll.title,
        "choices": [{"id": i, "title": title, **votes} for i, title in poll.choices],
        "status": poll.status,
        "started_at": stamp(),
    }


def _poll_event(poll: Question) -> Payload:
    off = {"is_enabled": False, "amount_per_vote": 0}
    made = _poll(poll)
    del made["broadcaster_id"], made["status"]
    event = {**broadcaster(), **made, "bits_voting": off, "channel_points_voting": off}
    return {**event, "ends_at": poll.ends_at}


def _outcomes(prediction: Question) -> list[Payload]:
    return [
        {
            "id": i,
            "title": title,
            "users": 0,
            "channel_points": 0,
            "top_predictors": None,
            "color": "BLUE",
        }
        for i, title in prediction.choices
    ]


def _prediction(prediction: Question) -> Payload:
    return {
        "id": prediction.id,
        "broadcaster_id": STREAMER.id,
        "title": prediction.title,
        "winning_outcome_id": prediction.winner,
        "outcomes": _outcomes(prediction),
        "status": prediction.status,
        "created_at": stamp(),
    }


def _prediction_event(prediction: Question) -> Payload:
    return {
        **broadcaster(),
        "id": prediction.id,
        "title": prediction.title,
        "outcomes": [
            {**o, "color": str(o["color"]).lower(), "top_predictors": []}
            for o in _outcomes(prediction)
        ],
        "started_at": stamp(),
        "locks_at": prediction.ends_at,
    }
