"""`run.json`: tells scripts and a second start where the running core is."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import msgspec

__all__ = ["RunFile", "read_run_file", "remove_run_file", "write_run_file"]


class RunFile(msgspec.Struct, frozen=True, kw_only=True):
    """Where the running core is; `token` is a session token for scripts."""

    url: str
    port: int
    pid: int
    token: str
    version: str
    started_at: datetime


def write_run_file(path: Path, run: RunFile) -> None:
    """Write the file whole or not at all, readable by this user alone."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(run))
    beside.replace(path)


def read_run_file(path: Path) -> RunFile | None:
    """Return the running core, None when the file is absent, broken or left over by a dead one."""
    try:
        run = msgspec.json.decode(path.read_bytes(), type=RunFile)
    except (OSError, msgspec.DecodeError):
        return None
    return run if _is_alive(run.pid) else None


def remove_run_file(path: Path) -> None:
    """Remove the file at a clean exit."""
    path.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    import psutil

    return bool(psutil.pid_exists(pid))
