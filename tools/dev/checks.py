"""Which steps make up `check` and `test`; the same everywhere, CI included."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tools.dev.browser import CHROMIUM_VARIABLE
from tools.dev.environment import python_path
from tools.dev.layout import Checkout
from tools.dev.steps import Step

__all__ = ["check_steps", "test_steps"]

_PYTHON = ("dev.py", "main.py", "benchmarks", "modules", "src", "tests", "tools")
_SYSTEMS = {"Linux": "linux", "Windows": "win32", "macOS": "darwin"}


def check_steps(checkout: Checkout, npm: str) -> list[Step]:
    """Everything that looks at the code without running it."""
    python = str(checkout.python)
    environment = python_path(checkout)

    def step(name: str, *command: str) -> Step:
        return Step(name, command, checkout.root, environment)

    return [
        *(_types(checkout, system, platform) for system, platform in _SYSTEMS.items()),
        Step("front end: types and lint", (npm, "run", "--silent", "check"), checkout.frontend),
        step("format", python, "-m", "ruff", "format", "--check", "."),
        step("lint", python, "-m", "ruff", "check", "."),
        step("import contracts", checkout.tool("lint-imports")),
        step("generated files", python, "-m", "tools.generate", "--check"),
    ]


def test_steps(
    checkout: Checkout, npm: str, chromium: Path | None, passed_on: Sequence[str]
) -> list[Step]:
    """Everything that runs the code, browser tests included."""
    environment = python_path(checkout)
    if chromium is not None:
        environment = {**environment, CHROMIUM_VARIABLE: str(chromium)}
    pytest = (str(checkout.python), "-m", "pytest", "-q", *passed_on)
    return [
        Step("Python tests", pytest, checkout.root, environment, alone=True),
        Step("front-end tests", (npm, "test"), checkout.frontend, alone=True),
    ]


def _types(checkout: Checkout, system: str, platform: str) -> Step:
    sources = [name for name in _PYTHON if (checkout.root / name).exists()]
    # A cache for each system: one cache would be thrown away at every change of platform.
    cache = checkout.root / ".mypy_cache" / platform
    return Step(
        f"types on {system}",
        (
            *(str(checkout.python), "-m", "mypy", "--platform", platform),
            *("--cache-dir", str(cache), "--no-error-summary", *sources),
        ),
        checkout.root,
        python_path(checkout),
    )
