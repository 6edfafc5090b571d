"""`python -m benchmarks [rows] [--runs N] [--quick] [--json FILE]`: measure and print a table."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import ROWS
from benchmarks.plan import Plan
from benchmarks.report import lateness_ms, loop_ns, machine, results, table, write_json
from benchmarks.rows import MEASURES

__all__ = ["main"]

BUSY_MS = 1.0
"""Late by more than this, a machine is too busy with other things for figures by the clock."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the rows that were named, all without a name; 2 for an unknown one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="row", help=f"which of {', '.join(ROWS)} (all)")
    parser.add_argument("--runs", type=int, help="how often each is measured")
    parser.add_argument("--quick", action="store_true", help="one short run of each, less history")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    options = parser.parse_args(arguments)
    names = [_name(row) for row in options.rows] or list(ROWS)
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        print(
            f"expected rows out of {', '.join(ROWS)}; found {', '.join(unknown)}", file=sys.stderr
        )
        return 2
    about = machine()
    print(", ".join(f"{key} {value}" for key, value in about.items()), flush=True)
    plan = Plan(runs=options.runs, is_quick=options.quick)
    failed = 0
    for name in names:
        failed += not _measure(name, plan)
        if options.json is not None:
            # After each row: who breaks off a long run keeps what it has measured.
            write_json(options.json, results(plan.measured, plan.busy), about)
    print("\n" + table(results(plan.measured, plan.busy)))
    return 1 if failed else 0


def _measure(name: str, plan: Plan) -> bool:
    """Measure one row; a failure is told and does not stop the others."""
    print(f"{name}: {MEASURES[name].__doc__}", flush=True)
    started, late_ms = time.monotonic(), lateness_ms()
    try:
        asyncio.run(MEASURES[name](plan))
    except Exception as error:
        print(f"  {name} failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return False
    finally:
        late_ms = max(late_ms, lateness_ms())
        if late_ms > BUSY_MS:
            plan.busy.add(name)
    print(
        f"  took {time.monotonic() - started:.0f} s; sleepers woke {late_ms:.1f} ms late, "
        f"an empty loop took {loop_ns():.0f} ns a turn",
        flush=True,
    )
    return True


def _name(row: str) -> str:
    return row[:1].upper() + row[1:].lower()


if __name__ == "__main__":
    sys.exit(main())
