"""Steps: named commands that all run, each with its time, and a summary that says which failed."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tools.dev.console import TaskError, announce, colour

__all__ = ["Result", "Step", "attempt", "run_steps"]


@dataclass(frozen=True)
class Step:
    """One command of a check."""

    name: str
    command: Sequence[str]
    cwd: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    alone: bool = False
    """Runs by itself with its output live: tests, whose timing others would disturb."""


@dataclass(frozen=True)
class Result:
    """How a step ended."""

    name: str
    code: int
    seconds: float

    @property
    def is_good(self) -> bool:
        return self.code == 0


def run_steps(steps: Sequence[Step], *, before: Sequence[Result] = ()) -> int:
    """Run every step, whatever happens to the others; return 0 when all are good.

    `before` are results of what was done already; they belong to the summary.
    """
    results: list[Result] = [*before]
    quick = [step for step in steps if not step.alone]
    if quick:
        announce(f"Checks: {', '.join(step.name for step in quick)}")
        with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
            results += pool.map(_run_quietly, quick)
    for step in steps:
        if step.alone:
            results.append(_run_live(step))
    return _summary(results)


def attempt(name: str, work: Callable[[], None]) -> Result:
    """Do a part of the set-up that the other steps can go on without."""
    started = time.monotonic()
    code = 0
    try:
        work()
    except TaskError as error:
        print(colour(str(error), "31"), flush=True)
        code = 1
    return Result(name, code, time.monotonic() - started)


def _run_quietly(step: Step) -> Result:
    """Run a step and show its output only when it has something to say."""
    started = time.monotonic()
    code, output = _start(step, capture=True)
    result = Result(step.name, code, time.monotonic() - started)
    shown = "" if result.is_good else f"\n{output.rstrip()}"
    print(f"{_line(result)}{shown}", flush=True)
    return result


def _run_live(step: Step) -> Result:
    announce(step.name)
    started = time.monotonic()
    code, _ = _start(step, capture=False)
    return Result(step.name, code, time.monotonic() - started)


def _start(step: Step, *, capture: bool) -> tuple[int, str]:
    try:
        done = subprocess.run(
            step.command,
            cwd=step.cwd,
            env={**os.environ, **step.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if capture else None,
            stderr=subprocess.STDOUT if capture else None,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        return 127, f"{step.command[0]} did not start: {error}"
    return done.returncode, done.stdout or ""


def _summary(results: Sequence[Result]) -> int:
    print(flush=True)
    for result in results:
        print(_line(result), flush=True)
    failed = [result.name for result in results if not result.is_good]
    if failed:
        print(colour(f"\nFailed: {', '.join(failed)}", "31"), flush=True)
        return 1
    print(colour(f"\nAll {len(results)} steps are good.", "32"), flush=True)
    return 0


def _line(result: Result) -> str:
    word = colour("ok    ", "32") if result.is_good else colour("FAILED", "31")
    return f"  {word} {result.name:<28} {result.seconds:6.1f} s"
