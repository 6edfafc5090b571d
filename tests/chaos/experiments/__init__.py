"""The experiments by their numbers in the reliability plan."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from tests.chaos.experiments.bad_frames import send_nonsense
from tests.chaos.experiments.bad_network import spoil_the_network
from tests.chaos.experiments.both_killed import kill_both
from tests.chaos.experiments.core_kills import kill_cores
from tests.chaos.experiments.deaf_clients import ignore_events
from tests.chaos.experiments.disk_full import fill_the_disk
from tests.chaos.experiments.hostile_modules import throw_bombs
from tests.chaos.experiments.lost_tokens import lose_tokens
from tests.chaos.experiments.module_kills import kill_modules
from tests.chaos.experiments.reconnects import reconnect_again_and_again
from tests.chaos.experiments.sleeping import sleep_and_wake
from tests.chaos.marks import Report
from tests.chaos.plan import Plan

__all__ = ["EXPERIMENTS", "Experiment"]

Experiment = Callable[[Plan, Path], Coroutine[Any, Any, Report]]
"""Runs on an empty home and returns what it found."""

EXPERIMENTS: dict[str, Experiment] = {
    "C1": kill_modules,
    "C2": kill_cores,
    "C3": kill_both,
    "C5": fill_the_disk,
    "C6": throw_bombs,
    "C7": ignore_events,
    "C8": send_nonsense,
    "C9": sleep_and_wake,
    "C10": spoil_the_network,
    "C11": lose_tokens,
    "C12": reconnect_again_and_again,
}
