"""Polls and predictions, from their beginning to their result."""

from __future__ import annotations

from streamcore.core.integrations.twitch.events import wire
from streamcore.core.integrations.twitch.events.people import person
from streamcore.core.integrations.twitch.events.reading import Count, Items, Text, Time
from streamcore.core.integrations.twitch.events.source import Source, moment
from streamcore.core.integrations.twitch.events.table import phase_id, phases
from streamcore.protocol.events import Poll, Prediction
from streamcore.protocol.objects import Bet, Choice, Phase

__all__ = ["POLLS"]


class _Choice(wire.Wire, frozen=True, kw_only=True):
    id: Text
    title: Text = ""
    channel_points_votes: Count = 0
    votes: Count = 0


class _PointsVoting(wire.Wire, frozen=True, kw_only=True):
    is_enabled: bool = False
    amount_per_vote: Count = 0


class _Poll(wire.InChannel, frozen=True, kw_only=True):
    id: Text
    title: Text = ""
    choices: Items[_Choice] = ()
    channel_points_voting: _PointsVoting | None = None
    status: Text = ""
    started_at: Time | None = None
    ends_at: Time | None = None
    ended_at: Time | None = None


class _Predictor(wire.Wire, frozen=True, kw_only=True):
    user_id: Text
    user_login: Text = ""
    user_name: Text = ""
    channel_points_used: Count = 0
    channel_points_won: Count | None = None


class _Outcome(wire.Wire, frozen=True, kw_only=True):
    id: Text
    title: Text = ""
    color: Text = ""
    users: Count = 0
    channel_points: Count = 0
    top_predictors: Items[_Predictor] | None = None


class _Prediction(wire.InChannel, frozen=True, kw_only=True):
    id: Text
    title: Text = ""
    outcomes: Items[_Outcome] = ()
    winning_outcome_id: Text | None = None
    status: Text = ""
    started_at: Time | None = None
    locks_at: Time | None = None
    locked_at: Time | None = None
    ended_at: Time | None = None


def _poll(source: Source, data: _Poll, phase: Phase) -> Poll:
    when = {Phase.BEGIN: data.started_at, Phase.END: data.ended_at}.get(phase)
    voting = data.channel_points_voting
    price = voting.amount_per_vote if voting is not None and voting.is_enabled else 0
    return Poll(
        **source.base(phase_id("poll", data.id, phase), at=moment(when)),
        phase=phase,
        poll_id=data.id,
        title=data.title,
        choices=tuple(
            Choice(
                id=choice.id,
                title=choice.title,
                votes=choice.votes,
                paid_votes=choice.channel_points_votes,
                points=choice.channel_points_votes * price,
            )
            for choice in data.choices
        ),
        started_at=moment(data.started_at),
        ends_at=moment(data.ended_at or data.ends_at),
        points_per_vote=price,
        status=data.status.lower(),
    )


def _prediction(source: Source, data: _Prediction, phase: Phase) -> Prediction:
    when = {
        Phase.BEGIN: data.started_at,
        Phase.LOCK: data.locked_at,
        Phase.END: data.ended_at,
    }.get(phase)
    return Prediction(
        **source.base(phase_id("prediction", data.id, phase), at=moment(when)),
        phase=phase,
        prediction_id=data.id,
        title=data.title,
        outcomes=tuple(_outcome(outcome) for outcome in data.outcomes),
        winning_outcome_id=data.winning_outcome_id or None,
        started_at=moment(data.started_at),
        locks_at=moment(data.locked_at or data.locks_at),
        status=data.status.lower(),
    )


def _outcome(outcome: _Outcome) -> Choice:
    return Choice(
        id=outcome.id,
        title=outcome.title,
        votes=outcome.users,
        points=outcome.channel_points,
        color=outcome.color,
        top=tuple(
            Bet(
                user=person(each.user_id, each.user_login, each.user_name),
                points=each.channel_points_used,
                won=each.channel_points_won,
            )
            for each in outcome.top_predictors or ()
        ),
    )


_PHASES = {"begin": Phase.BEGIN, "progress": Phase.PROGRESS, "end": Phase.END}

POLLS = {
    **phases("channel.poll", _Poll, _poll, **_PHASES),
    **phases("channel.prediction", _Prediction, _prediction, lock=Phase.LOCK, **_PHASES),
}
