"""`events replay`: plays an export into the running StreamCore, as test events."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from typing import Any

from streamcore.cli.client import CallError, NoAnswerError, call, running_instance
from streamcore.cli.events.lines import read_lines
from streamcore.core.errors import StartError

__all__ = ["replay_events"]

SLOWEST, FASTEST = 1.0, 50.0
_GIVEN_ANEW = {"id", "seq", "at", "received_at", "origin", "is_test", "source_id"}
"""A replayed event is a new one: it happens now, and is known by an id of its own."""


def replay_events(flags: argparse.Namespace) -> int:
    """Play the events with the pauses that lay between them, over `speed`."""
    if not SLOWEST <= flags.speed <= FASTEST:
        raise StartError(
            f"--speed takes a number from {SLOWEST:.0f} to {FASTEST:.0f}; found {flags.speed:g}."
        )
    run = running_instance(flags)
    played = left_out = 0
    last: datetime | None = None
    try:
        for number, fields in read_lines(flags.file):
            at = _time_of(fields)
            if at is not None and last is not None and at > last:
                time.sleep((at - last).total_seconds() / flags.speed)
            last = at or last
            body = {key: value for key, value in fields.items() if key not in _GIVEN_ANEW}
            try:
                call(run, "POST", "/api/events/simulate", body)
                played += 1
            except NoAnswerError:
                raise
            except CallError as error:
                left_out += 1
                print(f"Line {number} was left out: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("Ended before its end.")
    print(f"{played:,} events replayed as test events")
    return 2 if left_out else 0


def _time_of(fields: dict[str, Any]) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(fields.get("at")))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
