"""A module host in its smallest form: the child's side of the start line.

Runs the entry point as a script that is given `spec`, `connect()` and `say()`.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Any


def leave_with_the_core() -> None:
    """The end of standard input means that the core is gone."""
    os.read(0, 1)
    os._exit(0)


def connect() -> socket.socket:
    """Return a connection to the core."""
    link = spec["link"]
    if link["kind"] == "tcp":
        tcp = socket.create_connection((link["host"], link["port"]))
        tcp.sendall(link["token"].encode() + b"\n")
        return tcp
    if sys.platform == "win32":
        raise OSError("descriptors are not passed here")
    with socket.socket(fileno=os.dup(link["fd"])) as broker:
        broker.sendall(b"1")
        _, descriptors, _, _ = socket.recv_fds(broker, 1, 1)
    return socket.socket(fileno=descriptors[0])


def say(*words: object) -> None:
    """Print at once."""
    print(*words, flush=True)  # noqa: T201 - this is what is tested


def read_spec() -> dict[str, Any]:
    """Return the start line."""
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(0, 65536)
        if not piece:
            raise SystemExit("no start line")
        line += piece
    return dict(json.loads(line))


spec = read_spec()
sys.path.extend(path for path in spec["paths"] if path not in sys.path)
if spec.get("serve"):
    from streamcore.sdk._host.fork_server import serve

    serve()
    spec = read_spec()
    os.environ.clear()
    os.environ.update(spec["environment"])
threading.Thread(target=leave_with_the_core, daemon=True).start()
script = Path(spec["folder"]) / spec["entry_point"]
code = compile(script.read_text(encoding="utf-8"), str(script), "exec")
exec(code, {"__name__": "__main__", "spec": spec, "connect": connect, "say": say})  # noqa: S102
