"""`module dev`: brings every saved change into the running StreamCore and shows the log."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import Any

from streamcore.bundle import fingerprint, read_bundle
from streamcore.cli.check import sentence
from streamcore.cli.client import CallError, NoAnswerError, call
from streamcore.cli.install import TRASH, copy_module
from streamcore.core.errors import StartError
from streamcore.core.modules.trash import move_to_trash
from streamcore.core.run_file import RunFile

__all__ = ["develop"]

POLL_S = 0.5
SEEN_WITHIN_S = 10.0
LOG_LINES = 200


def develop(folder: Path, run: RunFile) -> int:
    """Copy the folder into the home's modules at every change, allow it, and follow its log.

    Starting this command is the author's consent to what the manifest of their own folder asks.
    Ends with Ctrl-C.
    """
    source = folder.resolve()
    if not source.is_dir():
        raise StartError(f"{folder}: expected the folder of a module; there is none.")
    return _Session(source, run).follow()


class _Session:
    """One author at work on one folder."""

    def __init__(self, source: Path, run: RunFile) -> None:
        self._source = source
        self._run = run
        self._home = Path(call(run, "GET", "/api/system")["home"])
        self._target = self._home / "modules" / source.name
        self._is_ours = False
        """Whether what lies in the target is a copy of this session's."""
        self._shown: set[str] = set()

    def follow(self) -> int:
        print(f"{self._source.name}: every change is tried at once. Ctrl-C ends this.", flush=True)
        last: object = None
        try:
            while True:
                now = fingerprint(self._source)
                if now != last:
                    last = now
                    self._try_change()
                self._show_log()
                time.sleep(POLL_S)
        except KeyboardInterrupt:
            return 0

    def _try_change(self) -> None:
        problems = read_bundle(self._source).problems
        for problem in problems:
            print(f"✗ {sentence(problem)}", flush=True)
        if problems:
            return
        try:
            if self._target != self._source:
                self._copy()
            self._approve()
        except NoAnswerError:
            raise
        except (CallError, OSError) as error:
            print(f"✗ {error}", file=sys.stderr, flush=True)

    def _copy(self) -> None:
        fresh = self._home / f".{self._target.name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        copy_module(self._source, fresh)
        if self._target.exists():
            self._make_way()
        fresh.rename(self._target)
        self._is_ours = True

    def _make_way(self) -> None:
        if self._is_ours:
            shutil.rmtree(self._target)
            return
        # It may be another module with the same id, and the only copy of it.
        kept = move_to_trash(self._target, self._home / TRASH, self._target.name)
        print(f"The former {self._target.name} is in {kept}", flush=True)

    def _approve(self) -> None:
        bundle = read_bundle(self._target)
        if bundle.manifest is None:
            return
        asked = [str(permission) for permission in bundle.manifest.permissions]
        end = time.monotonic() + SEEN_WITHIN_S
        while time.monotonic() < end:
            record = self._record(bundle.id)
            if record is not None and record["digest"] == bundle.digest:
                body = {"digest": bundle.digest, "permissions": asked}
                call(self._run, "POST", f"/api/modules/{bundle.id}/approve", body)
                print(f"— {bundle.id} {bundle.manifest.version} started", flush=True)
                return
            time.sleep(POLL_S / 2)
        print(
            f"✗ StreamCore has not seen {bundle.id} within {SEEN_WITHIN_S:.0f} s",
            file=sys.stderr,
            flush=True,
        )

    def _record(self, module_id: str) -> dict[str, Any] | None:
        records: list[dict[str, Any]] = call(self._run, "GET", "/api/modules")["items"]
        return next((record for record in records if record["id"] == module_id), None)

    def _show_log(self) -> None:
        path = f"/api/modules/{self._source.name}/logs?limit={LOG_LINES}"
        try:
            lines = call(self._run, "GET", path)["items"]
        except NoAnswerError:
            raise
        except CallError:
            return  # it is not known yet
        keys = {f"{line['at']}{line['text']}" for line in lines}
        for line in reversed(lines):
            if f"{line['at']}{line['text']}" not in self._shown:
                print(f"{line['at'][11:19]} {line['level']:<7} {line['text']}", flush=True)
        self._shown = keys
