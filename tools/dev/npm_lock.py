"""The front end's lock made whole: valid on every system, without anybody's address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["complete"]

_SYSTEMS = frozenset(
    [
        "aix",
        "android",
        "darwin",
        "freebsd",
        "linux",
        "netbsd",
        "openbsd",
        "openharmony",
        "sunos",
        "win32",
    ]
)
_PROCESSORS = frozenset(
    ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"]
)
_EXACT = re.compile(r"\d+\.\d+\.\d+(-[\w.]+)?")


def complete(file: Path) -> list[str]:
    """Add what is missing for other systems, drop download addresses; return the added names.

    npm leaves out of a lock what it cannot reach while it writes one, and `npm ci` then refuses
    that lock on every machine. A registry that mirrors only what one system asked for is enough.
    """
    document = json.loads(file.read_text(encoding="utf-8"))
    packages: dict[str, dict[str, Any]] = document["packages"]
    missing = dict(_missing(packages))
    packages.update(missing)
    for package in packages.values():
        package.pop("resolved", None)
    document["packages"] = {name: packages[name] for name in sorted(packages)}
    file.write_bytes((json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode())
    return sorted(name.removeprefix("node_modules/") for name in missing)


def _missing(packages: dict[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for owner, package in packages.items():
        for name, version in package.get("optionalDependencies", {}).items():
            platform = _platform(name)
            if platform and _EXACT.fullmatch(version) and not _is_there(packages, owner, name):
                kind = {"dev": True} if package.get("dev") else {}
                entry = {"version": version, **platform, **kind, "optional": True}
                yield f"node_modules/{name}", entry


def _platform(name: str) -> dict[str, list[str]]:
    """Read the system and processor that a prebuilt package is for from its name."""
    words = re.split(r"[-/]", name)
    systems = [word for word in words if word in _SYSTEMS]
    processors = [word for word in words if word in _PROCESSORS]
    found: dict[str, list[str]] = {}
    if processors:
        found["cpu"] = processors[-1:]
    if systems:
        found["os"] = systems[-1:]
    return found


def _is_there(packages: dict[str, dict[str, Any]], owner: str, name: str) -> bool:
    """Look a package up the way Node.js does: beside its owner, then in each folder above."""
    while True:
        if f"{owner}/node_modules/{name}".lstrip("/") in packages:
            return True
        if not owner:
            return False
        owner = owner.rpartition("node_modules/")[0].rstrip("/")
