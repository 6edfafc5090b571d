"""The front end: Node.js found, packages installed, pages built when their sources changed."""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass

from tools.dev.console import TaskError, call, working
from tools.dev.layout import Checkout
from tools.dev.stamps import digest, digest_of_tree, is_current, stamp

__all__ = ["Node", "ensure_built", "ensure_packages", "find_node"]

BUILT = ("index.html", "sdk/v1/streamcore.js", "overlay/wrapper.js")
"""What a complete build has below `static_dist/`: dashboard, page SDK, overlay wrapper."""

_IRRELEVANT = frozenset(
    {
        *("node_modules", "coverage", "test"),
        *(".test.ts", ".test.tsx", ".tsbuildinfo", ".md"),
    }
)
"""Folders and endings below the front end that no built file depends on."""


@dataclass(frozen=True)
class Node:
    """The Node.js of this machine."""

    npm: str
    version: tuple[int, int]


def find_node(checkout: Checkout) -> Node:
    """Find Node.js and npm, or say in one sentence what is missing."""
    least = _least_version(checkout)
    wanted = f"StreamCore needs Node.js {least[0]}.{least[1]} or newer (with npm)"
    advice = "Install it from nodejs.org or with your package manager, then start this again."
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None:
        raise TaskError(f"{wanted}, found none on the PATH. {advice}")
    version = _version(node)
    if version < least:
        raise TaskError(f"{wanted}, found {version[0]}.{version[1]} ({node}). {advice}")
    if npm is None:
        raise TaskError(f"{wanted}, found {node} but no npm on the PATH. {advice}")
    return Node(npm, version)


def ensure_packages(checkout: Checkout, node: Node) -> None:
    """Install the locked packages of the front end, unless they are there already."""
    folder = checkout.frontend
    installed = folder / "node_modules" / ".installed"
    wanted = digest(
        [folder / "package-lock.json"],
        *(platform.system(), platform.machine(), str(node.version[0])),
    )
    if is_current(installed, wanted):
        return
    with working("Installing the packages of the front end"):
        call(
            [node.npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=folder,
            failure="The packages of the front end could not be installed",
        )
    stamp(installed, wanted)


def ensure_built(checkout: Checkout, node: Node) -> None:
    """Build the dashboard, the page SDK and the overlay wrapper when their sources changed."""
    built_from = checkout.static / ".built-from"
    wanted = digest_of_tree(checkout.frontend, without=_IRRELEVANT)
    if is_current(built_from, wanted) and not _missing(checkout):
        return
    ensure_packages(checkout, node)
    with working("Building the dashboard"):
        call(
            [node.npm, "run", "--silent", "build"],
            cwd=checkout.frontend,
            failure="The dashboard could not be built",
        )
    missing = _missing(checkout)
    if missing:
        raise TaskError(
            f"The build of the dashboard left out {', '.join(missing)}: expected below "
            f"{checkout.static}. Look at the script `build` of {checkout.frontend}."
        )
    stamp(built_from, wanted)


def _missing(checkout: Checkout) -> list[str]:
    return [name for name in BUILT if not (checkout.static / name).is_file()]


def _version(node: str) -> tuple[int, int]:
    try:
        said = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise TaskError(f"{node} does not start: {error}. Install Node.js anew.") from error
    return _numbers(said)


def _least_version(checkout: Checkout) -> tuple[int, int]:
    package = json.loads((checkout.frontend / "package.json").read_text(encoding="utf-8"))
    return _numbers(package["engines"]["node"])


def _numbers(text: str) -> tuple[int, int]:
    found = re.search(r"(\d+)(?:\.(\d+))?", text)
    return (int(found[1]), int(found[2] or 0)) if found else (0, 0)
