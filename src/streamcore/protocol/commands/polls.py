"""Starting and ending polls and predictions."""

from __future__ import annotations

from typing import ClassVar

from streamcore.protocol.commands.base import PlatformCommand
from streamcore.protocol.permissions import Permission

__all__ = ["EndPoll", "LockPrediction", "ResolvePrediction", "StartPoll", "StartPrediction"]


class _PollCommand(PlatformCommand, frozen=True, kw_only=True):
    permission: ClassVar[Permission | None] = Permission.POLLS_MANAGE


class StartPoll(_PollCommand, frozen=True, kw_only=True):
    """Ask the viewers; the result is `{"poll_id": …, "choices": [{"id", "title"}]}`."""

    title: str
    choices: tuple[str, ...]
    duration_s: int = 120


class EndPoll(_PollCommand, frozen=True, kw_only=True):
    """End a poll now."""

    poll_id: str
    show_results: bool = True


class StartPrediction(_PollCommand, frozen=True, kw_only=True):
    """Let viewers bet points.

    The result is `{"prediction_id": …, "outcomes": [{"id", "title"}]}`; one of these ids resolves
    it.
    """

    title: str
    outcomes: tuple[str, ...]
    duration_s: int = 120


class LockPrediction(_PollCommand, frozen=True, kw_only=True):
    """Take no more bets; the prediction waits to be resolved."""

    prediction_id: str


class ResolvePrediction(_PollCommand, frozen=True, kw_only=True):
    """Pay out the winning outcome, or cancel (no `outcome_id`) and give the points back."""

    prediction_id: str
    outcome_id: str | None = None
