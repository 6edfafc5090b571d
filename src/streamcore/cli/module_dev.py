"""`module dev`: brings every saved change into the running StreamCore and shows the log."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import Any

from streamcore.bundle import Bundle, fingerprint, read_bundle
from streamcore.cli.instance import CallError, call
from streamcore.core.run_file import RunFile

__all__ = ["develop"]

POLL_S = 0.5
SEEN_WITHIN_S = 10.0


def develop(folder: Path, run: RunFile) -> int:
    """Copy the folder into the home's modules at every change, allow it, and follow its log.

    Starting this command is the author's consent to what the manifest of their own folder asks.
    Ends with Ctrl-C.
    """
    source = folder.resolve()
    home = Path(call(run, "GET", "/api/system")["home"])
    target = home / "modules" / source.name
    if target == source:
        print("The module lies in the home folder already: changes there are seen by themselves.")
    last: object = None
    shown: set[str] = set()
    try:
        while True:
            now = fingerprint(source)
            if now != last:
                last = now
                _bring(source, target, run)
            _show_log(source.name, run, shown)
            time.sleep(POLL_S)
    except KeyboardInterrupt:
        return 0


def _bring(source: Path, target: Path, run: RunFile) -> None:
    bundle = read_bundle(source)
    for problem in bundle.problems:
        print(f"✗ {problem.file} {problem.path}: expected {problem.expected}; {problem.found}")
    if bundle.problems or bundle.manifest is None:
        return
    if target != source:
        beside = target.parent.parent / f".{target.name}.new"
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(source, beside, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        shutil.rmtree(target, ignore_errors=True)
        beside.rename(target)
    try:
        _approve(bundle, run)
    except CallError as error:
        print(f"✗ {error}", file=sys.stderr)


def _approve(bundle: Bundle, run: RunFile) -> None:
    manifest = bundle.manifest
    if manifest is None:
        return
    end = time.monotonic() + SEEN_WITHIN_S
    while time.monotonic() < end:
        record = _record(bundle.id, run)
        if record is not None and record["digest"] == bundle.digest:
            body = {"digest": bundle.digest, "permissions": [str(p) for p in manifest.permissions]}
            call(run, "POST", f"/api/modules/{bundle.id}/approve", body)
            print(f"— {bundle.id} {manifest.version} started")
            return
        time.sleep(POLL_S / 2)
    print(f"✗ StreamCore has not seen {bundle.id} within {SEEN_WITHIN_S:.0f} s", file=sys.stderr)


def _record(module_id: str, run: RunFile) -> dict[str, Any] | None:
    records: list[dict[str, Any]] = call(run, "GET", "/api/modules")["items"]
    return next((record for record in records if record["id"] == module_id), None)


def _show_log(module_id: str, run: RunFile, shown: set[str]) -> None:
    try:
        lines = call(run, "GET", f"/api/modules/{module_id}/logs?limit=100")["items"]
    except CallError:
        return
    for line in reversed(lines):
        key = f"{line['at']}{line['text']}"
        if key not in shown:
            shown.add(key)
            print(f"{line['at'][11:19]} {line['level']:<7} {line['text']}")
