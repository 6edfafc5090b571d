"""The lock files: every package with its hashes, valid on each system and Python at once."""

from __future__ import annotations

from pathlib import Path

from tools.dev.console import call
from tools.dev.layout import Checkout

__all__ = ["HEADER", "lock"]

HEADER = "# Made by `python dev.py lock` from pyproject.toml; do not edit.\n"


def lock(checkout: Checkout, *, upgrade: bool) -> None:
    """Compile both lock files; without `upgrade` what is locked stays as long as it fits.

    uv is used because it alone resolves for all systems and Python versions in one file, with
    environment markers where they differ.
    """
    runtime, tools = checkout.root / "requirements.txt", checkout.root / "requirements-dev.txt"
    _compile(checkout, runtime, [], upgrade=upgrade)
    _compile(checkout, tools, ["--group", "dev", "-c", str(runtime)], upgrade=upgrade)


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
