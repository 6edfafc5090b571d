"""The tasks of `dev.py`, each from set-up to exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from tools.dev.browser import ensure_chromium
from tools.dev.checks import check_steps, test_steps
from tools.dev.console import TaskError, announce, call
from tools.dev.environment import ensure_environment, python_path
from tools.dev.layout import Checkout
from tools.dev.lock import lock_frontend, lock_python
from tools.dev.node import ensure_built, ensure_packages, find_node
from tools.dev.steps import attempt, run_steps

__all__ = [
    "bench",
    "build",
    "chaos",
    "check",
    "fix",
    "generate",
    "lock_packages",
    "run",
    "test",
    "web",
]


def run(checkout: Checkout, passed_on: Sequence[str], *, demo: bool) -> int:
    """Set up what is missing and become the application."""
    node = find_node(checkout)
    ensure_environment(checkout, with_tools=False)
    ensure_built(checkout, node)
    flags = ["--demo"] if demo else []
    command = [str(checkout.python), str(checkout.root / "main.py"), *flags, *passed_on]
    return _become(command, cwd=Path.cwd())


def test(checkout: Checkout, passed_on: Sequence[str]) -> int:
    """Run every check and every test."""
    node = find_node(checkout)
    ensure_environment(checkout, with_tools=True)
    ensure_packages(checkout, node)
    built = attempt("front-end build", lambda: ensure_built(checkout, node))
    chromium = ensure_chromium(checkout.root)
    return run_steps(
        [*check_steps(checkout, node.npm), *test_steps(checkout, node.npm, chromium, passed_on)],
        before=[built],
    )


def check(checkout: Checkout) -> int:
    """Run everything but the tests."""
    node = find_node(checkout)
    ensure_environment(checkout, with_tools=True)
    ensure_packages(checkout, node)
    return run_steps(check_steps(checkout, node.npm))


def fix(checkout: Checkout) -> int:
    """Mend what a tool can mend."""
    node = find_node(checkout)
    ensure_environment(checkout, with_tools=True)
    ensure_packages(checkout, node)
    ruff = [str(checkout.python), "-m", "ruff"]
    mended = [
        subprocess.call([*ruff, "check", "--fix", "."], cwd=checkout.root),
        subprocess.call([*ruff, "format", "."], cwd=checkout.root),
        generate(checkout),
        subprocess.call([node.npm, "run", "--silent", "fix"], cwd=checkout.frontend),
    ]
    return max(mended)


def bench(checkout: Checkout, arguments: Sequence[str]) -> int:
    """Measure; `benchmarks` prints its table."""
    node = find_node(checkout)
    ensure_environment(checkout, with_tools=True)
    ensure_built(checkout, node)
    command = [str(checkout.python), "-m", "benchmarks", *arguments]
    return _become(command, cwd=checkout.root, environment=python_path(checkout))


def chaos(checkout: Checkout, arguments: Sequence[str]) -> int:
    """Break the running product; `tests.chaos` prints a table for each experiment."""
    node = find_node(checkout)
    ensure_environment(checkout, with_tools=True)
    ensure_built(checkout, node)
    command = [str(checkout.python), "-m", "tests.chaos", *arguments]
    return _become(command, cwd=checkout.root, environment=python_path(checkout))


def web(checkout: Checkout) -> int:
    """Serve the dashboard's sources with live reload."""
    node = find_node(checkout)
    ensure_packages(checkout, node)
    announce("Vite forwards to a core on port 8080: start one with `python main.py --demo`.")
    return _become([node.npm, "run", "dev"], cwd=checkout.frontend)


def build(checkout: Checkout) -> int:
    """Compile one program file that needs neither Python nor Node.js."""
    node = find_node(checkout)
    ensure_environment(checkout, with_tools=False)
    ensure_built(checkout, node)
    _require_nuitka(checkout)
    call(
        [
            *(checkout.python, "-m", "nuitka", "--standalone", "--onefile"),
            "--include-data-dir=static_dist=static_dist",
            *("--include-package=streamcore", "--output-dir=build", "--assume-yes-for-downloads"),
            "main.py",
        ],
        cwd=checkout.root,
        failure="Nuitka could not compile the program",
        environment={"PYTHONPATH": str(checkout.root / "src")},
    )
    announce(f"The program is in {checkout.root / 'build'}.")
    return 0


def lock_packages(checkout: Checkout, *, upgrade: bool) -> int:
    """Compile the lock files."""
    node = find_node(checkout)
    ensure_environment(checkout, with_tools=True)
    lock_python(checkout, upgrade=upgrade)
    lock_frontend(checkout, node, upgrade=upgrade)
    return 0


def generate(checkout: Checkout) -> int:
    """Make what is generated from the protocol's types."""
    ensure_environment(checkout, with_tools=True)
    environment = {**os.environ, **python_path(checkout)}
    return subprocess.call(
        [str(checkout.python), "-m", "tools.generate"], cwd=checkout.root, env=environment
    )


def _require_nuitka(checkout: Checkout) -> None:
    probe = "import importlib.util, sys; sys.exit(importlib.util.find_spec('nuitka') is None)"
    if subprocess.call([str(checkout.python), "-c", probe]) != 0:
        raise TaskError(
            "The dashboard is built, but Nuitka, which compiles the program, is not installed. "
            f"Run `{checkout.python} -m pip install nuitka` (it also needs a C compiler), "
            "then start this again."
        )


def _become(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str] | None = None
) -> int:
    """Go on as another program: its signals, its output and its exit code are ours."""
    everything = {**os.environ, **(environment or {})}
    sys.stdout.flush()
    if sys.platform != "win32":
        _replace(command, cwd, everything)
    # Windows cannot replace a process. Ctrl+C reaches the child by the console itself, so waiting
    # on through our own interrupt is all there is to do.
    child = subprocess.Popen(command, cwd=cwd, env=everything)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def _replace(command: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> NoReturn:
    os.chdir(cwd)
    os.execve(command[0], list(command), dict(environment))  # noqa: S606 - no shell is the point
