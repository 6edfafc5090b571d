"""The table, the JSON file, and the words that describe the machine."""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil

from benchmarks.figures import FIGURES
from benchmarks.samples import median, percentile, spread

__all__ = ["Result", "lateness_ms", "loop_ns", "machine", "results", "table", "write_json"]

_HEADS = ("row", "figure", "unit", "median", "spread", "goal", "")


class Result(msgspec.Struct, frozen=True):
    """One figure as it was measured."""

    key: str
    title: str
    unit: str
    median: float
    low: float
    high: float
    samples: tuple[float, ...]
    goal: str | None
    met: bool | None
    was_busy: bool
    """The machine had other work meanwhile, and the figure goes by the clock."""


def results(measured: Mapping[str, Sequence[float]], busy: Collection[str] = ()) -> list[Result]:
    """Judge what was measured, in the order of the plan; `busy` are rows measured in company."""
    found = []
    for figure in FIGURES.values():
        samples = measured.get(figure.key)
        if not samples:
            continue
        middle, (low, high) = median(samples), spread(samples)
        met = figure.goal.is_met(middle) if figure.goal is not None else None
        goal = str(figure.goal) if figure.goal is not None else None
        found.append(
            Result(
                figure.key,
                figure.title,
                figure.unit,
                middle,
                low,
                high,
                tuple(samples),
                goal,
                met,
                figure.row in busy and figure.is_by_the_clock,
            )
        )
    return found


def table(found: Iterable[Result]) -> str:
    """Lay the results out as a Markdown table that is aligned for a terminal too."""
    lines = [_HEADS, *(_cells(result) for result in found)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(_HEADS))]
    rule = tuple(
        "-" * (width - 1) + (":" if 3 <= i <= 4 else "-") for i, width in enumerate(widths)
    )
    return "\n".join(
        "| " + " | ".join(_pad(cell, widths[i], i) for i, cell in enumerate(line)) + " |"
        for line in (lines[0], rule, *lines[1:])
    )


def machine() -> dict[str, object]:
    """Describe where this was measured, and how busy that was with other things."""
    frequency = psutil.cpu_freq()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "mhz": round(frequency.max or frequency.current),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_1_min": round(psutil.getloadavg()[0], 2),
        "late_ms": round(lateness_ms(), 2),
        "loop_ns": round(loop_ns(), 1),
    }


def loop_ns() -> float:
    """Return what one turn of an empty loop takes here and now, the best of ten tries.

    The processor of a shared machine is at times half as fast as at others, whatever its clock
    says: figures of two days, or of two machines, are compared by this.
    """
    turns = 100_000
    best = float("inf")
    for _ in range(10):
        begin = time.process_time()
        for _ in range(turns):
            pass
        best = min(best, time.process_time() - begin)
    return best / turns * 1e9


def lateness_ms() -> float:
    """Return how late a sleeper is woken here, p99 of half a second: neighbours make it late."""
    late = []
    for _ in range(400):
        begin = time.perf_counter()
        time.sleep(0.001)
        late.append((time.perf_counter() - begin - 0.001) * 1000)
    return percentile(late, 99)


def write_json(path: Path, found: Sequence[Result], about: Mapping[str, object]) -> None:
    """Keep the results for a later comparison."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"machine": about, "results": found}
    path.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")


def _cells(result: Result) -> tuple[str, ...]:
    same = result.low == result.high
    return (
        result.key.partition(".")[0],
        result.title,
        result.unit,
        _number(result.median),
        "" if same else f"{_number(result.low)} – {_number(result.high)}",
        result.goal or "",
        _verdict(result),
    )


def _verdict(result: Result) -> str:
    if result.met is None:
        return ""
    return ("met" if result.met else "missed") + (" (busy)" if result.was_busy else "")


def _pad(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if column in (3, 4) else cell.ljust(width)


def _number(value: float) -> str:
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.1f}"


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor()
