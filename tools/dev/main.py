"""The command line of `dev.py`."""

from __future__ import annotations

import argparse
import io
import sys

from tools.dev import tasks
from tools.dev.console import TaskError, colour
from tools.dev.layout import HERE

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Run one task; its exit code is the task's."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a redirected Windows console knows few letters
    arguments, passed_on = _split(arguments)
    options = _parser().parse_args(arguments)
    try:
        return _run(options, passed_on)
    except TaskError as error:
        print(colour(str(error), "31"), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Part what is ours from what stands behind `--`."""
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python dev.py", description="Tasks of the checkout.")
    task = parser.add_subparsers(dest="task", required=True, metavar="task")
    run = task.add_parser("run", help="start StreamCore; all behind -- goes to main.py")
    run.add_argument("--no-demo", action="store_true", help="start without the demo stream")
    task.add_parser("test", help="all checks and all tests; behind --: arguments of pytest")
    task.add_parser("check", help="format, lint, types, import contracts, generated files")
    task.add_parser("fix", help="format, mend what can be mended, generate")
    bench = task.add_parser("bench", help="measure and print a table")
    bench.add_argument("names", nargs="*", help="which measurements (all)")
    chaos = task.add_parser("chaos", help="break the running product and judge what is left")
    chaos.add_argument("names", nargs="*", help="which experiments, C1 to C11 (all)")
    chaos.add_argument("--long", action="store_true", help="the full numbers and times")
    for flag, what in _CHAOS_VALUES.items():
        chaos.add_argument(flag, help=what)
    task.add_parser("build", help="make the distributable program")
    task.add_parser("web", help="the dashboard with live reload on 5173, over a core on 8080")
    lock = task.add_parser("lock", help="compile the lock files from pyproject.toml")
    lock.add_argument("--upgrade", action="store_true", help="take the newest versions")
    task.add_parser("generate", help="make what is generated from the protocol's types")
    return parser


_CHAOS_VALUES = {
    "--minutes": "how long each goes on, kills or not",
    "--seed": "repeats what was left to chance",
    "--json": "write the marks there too",
}


def _chaos_arguments(options: argparse.Namespace) -> list[str]:
    """Return what the experiments are started with."""
    arguments = [*options.names, *(["--long"] if options.long else [])]
    for flag in _CHAOS_VALUES:
        value = getattr(options, flag[2:])
        arguments += [] if value is None else [flag, value]
    return arguments


def _run(options: argparse.Namespace, passed_on: list[str]) -> int:
    match options.task:
        case "run":
            return tasks.run(HERE, passed_on, demo=not options.no_demo)
        case "test":
            return tasks.test(HERE, passed_on)
        case "check":
            return tasks.check(HERE)
        case "fix":
            return tasks.fix(HERE)
        case "bench":
            return tasks.bench(HERE, [*options.names, *passed_on])
        case "chaos":
            return tasks.chaos(HERE, [*_chaos_arguments(options), *passed_on])
        case "build":
            return tasks.build(HERE)
        case "web":
            return tasks.web(HERE)
        case "lock":
            return tasks.lock_packages(HERE, upgrade=options.upgrade)
        case _:
            return tasks.generate(HERE)
