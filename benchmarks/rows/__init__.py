"""One measurement for each row of the plan."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from benchmarks.plan import Plan
from benchmarks.rows.commands import command_round_trip
from benchmarks.rows.dashboard import dashboard
from benchmarks.rows.deaf import deaf_readers
from benchmarks.rows.fanout import fanout
from benchmarks.rows.flood import platform_flood
from benchmarks.rows.growth import growth
from benchmarks.rows.history import history
from benchmarks.rows.idle import idle
from benchmarks.rows.memory import memory
from benchmarks.rows.million import million
from benchmarks.rows.pictures import pictures
from benchmarks.rows.processes import fresh_interpreter, module_processes
from benchmarks.rows.round_trip import platform_round_trip
from benchmarks.rows.starting import starting
from benchmarks.rows.stream import cpu, delay, storm

__all__ = ["MEASURES", "Measure"]


Measure = Callable[[Plan], Coroutine[Any, Any, None]]

MEASURES: Mapping[str, Measure] = {
    "P1": fanout,
    "P2": delay,
    "P3": storm,
    "P4": cpu,
    "P5": platform_round_trip,
    "P6": command_round_trip,
    "P7": starting,
    "P8": memory,
    "P9": module_processes,
    "P9b": fresh_interpreter,
    "P10": idle,
    "P11": history,
    "P12": growth,
    "P13": dashboard,
    "P14": deaf_readers,
    "P15": million,
    "P16": platform_flood,
    "P17": pictures,
}
