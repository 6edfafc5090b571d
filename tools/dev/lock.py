"""The lock files: every package with its hashes, valid on each system and Python at once."""

from __future__ import annotations

from pathlib import Path

from tools.dev.console import announce, call
from tools.dev.layout import Checkout
from tools.dev.node import Node
from tools.dev.npm_lock import complete

__all__ = ["HEADER", "lock_frontend", "lock_python"]

HEADER = "# Made by `python dev.py lock` from pyproject.toml; do not edit.\n"


def lock_python(checkout: Checkout, *, upgrade: bool) -> None:
    """Compile both lock files; without `upgrade` what is locked stays as long as it fits.

    uv is used because it alone resolves for all systems and Python versions in one file, with
    environment markers where they differ.
    """
    runtime, tools = checkout.root / "requirements.txt", checkout.root / "requirements-dev.txt"
    _compile(checkout, runtime, [], upgrade=upgrade)
    _compile(checkout, tools, ["--group", "dev", "-c", str(runtime)], upgrade=upgrade)


def lock_frontend(checkout: Checkout, node: Node, *, upgrade: bool) -> None:
    """Bring `package-lock.json` in line with `package.json`, whole for every system."""
    call(
        [
            *(node.npm, "update" if upgrade else "install", "--package-lock-only"),
            *("--omit-lockfile-registry-resolved", "--no-audit", "--no-fund", "--loglevel=error"),
        ],
        cwd=checkout.frontend,
        failure="package-lock.json could not be made",
    )
    for name in complete(checkout.frontend / "package-lock.json"):
        announce(f"Added for another system: {name}")


def _compile(checkout: Checkout, into: Path, extra: list[str], *, upgrade: bool) -> None:
    call(
        [
            *(checkout.tool("uv"), "pip", "compile", "pyproject.toml", *extra),
            *("--universal", "--python-version", "3.11", "--generate-hashes"),
            *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
            *(["--upgrade"] if upgrade else []),
            *("--quiet", "--output-file", str(into)),
        ],
        cwd=checkout.root,
        failure=f"{into.name} could not be compiled",
    )
    into.write_bytes((HEADER + into.read_text(encoding="utf-8")).encode())
