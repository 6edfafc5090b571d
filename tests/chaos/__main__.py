"""`python -m tests.chaos [C1 …] [--long]`: break the product, print each table, judge it."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.experiments import EXPERIMENTS
from tests.chaos.marks import Report
from tests.chaos.plan import Plan

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the experiments that were named, all without a name; 1 when a mark is missed."""
    parser = argparse.ArgumentParser(prog="python dev.py chaos", description=__doc__)
    names = ", ".join(EXPERIMENTS)
    parser.add_argument("names", nargs="*", metavar="experiment", help=f"out of {names} (all)")
    parser.add_argument("--long", action="store_true", help="the full numbers and times")
    parser.add_argument("--minutes", type=float, help="how long each goes on, kills or not")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="repeats its chance")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the marks there too")
    options = parser.parse_args(arguments)
    chosen = [name.upper() for name in options.names] or list(EXPERIMENTS)
    if unknown := [name for name in chosen if name not in EXPERIMENTS]:
        print(f"expected experiments out of {names}; found {', '.join(unknown)}", file=sys.stderr)
        return 2
    # Whoever ends us wants no cores and folders left: then everything is cleaned up as at Ctrl+C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"seed {options.seed}", flush=True)
    reports = [
        _run(name, Plan(is_long=options.long, seed=options.seed, minutes=options.minutes))
        for name in chosen
    ]
    if options.json is not None:
        content = {"seed": options.seed, "experiments": [report.content() for report in reports]}
        options.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    missed = [mark for report in reports for mark in report.missed()]
    print(f"\n{len(missed)} marks missed" if missed else "\nevery mark met", flush=True)
    return 1 if missed else 0


def _run(name: str, plan: Plan) -> Report:
    """Run one experiment; one that fails is a missed mark and does not stop the others."""
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="streamcore-chaos-") as folder:
        try:
            report = asyncio.run(EXPERIMENTS[name](plan, Path(folder) / "home"))
        except Exception as error:
            report = Report(name)
            report.true(f"it ran to its end ({type(error).__name__}: {error})", holds=False)
    print(f"\n{report.table()}\n  took {time.monotonic() - begin:.0f} s", flush=True)
    return report


if __name__ == "__main__":
    sys.exit(main())
