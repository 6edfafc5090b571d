"""What a host process is given: its environment and the first line of its standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from streamcore.core.process.launcher import FdLink, LaunchSpec, Link

__all__ = ["environment", "handover_line"]

# A fresh pipe takes this much without blocking on every system.
_MAX_LINE_BYTES = 16 * 1024


def handover_line(
    spec: LaunchSpec, link: Link, environment: Mapping[str, str] | None = None
) -> bytes:
    """Return the line that tells the host what to run and how to reach the core.

    It travels by standard input because command lines and environments can be read by others. A
    forked host is told its environment here; a fresh one was started with it.
    """
    line = msgspec.json.encode(
        {
            "module_id": spec.module_id,
            "generation": spec.generation,
            "folder": str(spec.folder),
            "entry_point": spec.entry_point,
            "data_dir": str(spec.data_dir),
            "paths": spec.paths,
            "language": spec.language,
            "link": _link(link),
            "limits": spec.limits,
            "parent_pid": os.getpid(),
        }
        | ({"environment": environment} if environment is not None else {})
    )
    if len(line) >= _MAX_LINE_BYTES:
        raise ValueError(f"the start line of {spec.module_id} has {len(line)} bytes")
    return line + b"\n"


def environment(data_dir: Path | None = None) -> dict[str, str]:
    """Return a child's environment, built from nothing so that no secret can be in it."""
    made = {"LANG": "C.UTF-8"}
    wanted = ["TZ"]
    if sys.platform == "win32":
        wanted += ["SYSTEMROOT", "WINDIR", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"]
        root = os.environ.get("SYSTEMROOT", r"C:\Windows")
        made["PATH"] = rf"{root}\System32;{root}"
        if data_dir is not None:
            made["TEMP"] = made["TMP"] = str(data_dir)
    else:
        made["PATH"] = os.defpath
        if data_dir is not None:
            made["TMPDIR"] = str(data_dir)
    made.update({name: os.environ[name] for name in wanted if name in os.environ})
    return made


def _link(link: Link) -> dict[str, object]:
    if isinstance(link, FdLink):
        return {"kind": "fd", "fd": link.fd}
    return {"kind": "tcp", "host": link.host, "port": link.port, "token": link.token}
