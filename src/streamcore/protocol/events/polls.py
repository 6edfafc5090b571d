"""Polls and predictions (permission `polls_read`)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from streamcore.protocol.events.base import Event
from streamcore.protocol.objects import Choice, Phase
from streamcore.protocol.permissions import Permission

__all__ = ["Poll", "Prediction"]


class Poll(Event, frozen=True, kw_only=True):
    """Viewers vote; `points_per_vote` is what a bought vote costs, 0 when none can be bought."""

    permission: ClassVar[Permission | None] = Permission.POLLS_READ

    phase: Phase = Phase.BEGIN
    poll_id: str = ""
    title: str = ""
    choices: tuple[Choice, ...] = ()
    started_at: datetime | None = None
    ends_at: datetime | None = None
    points_per_vote: int = 0
    status: str = ""


class Prediction(Event, frozen=True, kw_only=True):
    """Viewers bet points on an outcome."""

    permission: ClassVar[Permission | None] = Permission.POLLS_READ

    phase: Phase = Phase.BEGIN
    prediction_id: str = ""
    title: str = ""
    outcomes: tuple[Choice, ...] = ()
    winning_outcome_id: str | None = None
    started_at: datetime | None = None
    locks_at: datetime | None = None
    status: str = ""
