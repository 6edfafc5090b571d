"""The fork server by its socket alone: what it answers, and what ends it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

import streamcore

if sys.platform != "linux":
    pytest.skip("forks on Linux alone", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[3]
BOOT = Path(streamcore.__file__).parent / "sdk" / "_host" / "boot.py"
PATHS = [
    str(Path(streamcore.__file__).parent.parent),
    str(Path(msgspec.__file__).parent.parent),
]
WITH_A_THREAD = f"""
import sys, threading, time
sys.path.insert(0, {str(BOOT.parent)!r})
import boot
sys.path[0:1] = []
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
boot.main()
"""


@contextmanager
def serving(
    *command: str, paths: list[str] = PATHS
) -> Iterator[tuple[socket.socket, subprocess.Popen[bytes]]]:
    """Start a fork server as the core does; kill it when the block ends."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(8)
    with ours:
        with theirs:
            process = subprocess.Popen(
                command or (sys.executable, "-I", "-S", "-B", str(BOOT)), stdin=theirs.fileno()
            )
        try:
            order = {"serve": True, "paths": paths, "parent_pid": os.getpid()}
            ours.send(json.dumps(order).encode() + b"\n")
            yield ours, process
        finally:
            process.kill()
            process.wait()


def test_the_end_of_the_socket_ends_it() -> None:
    with serving() as (control, process):
        assert control.recv(100) == b"ready"
        control.shutdown(socket.SHUT_RDWR)
        assert process.wait(8) == 0


def test_a_request_without_its_descriptors_ends_it() -> None:
    with serving() as (control, process):
        assert control.recv(100) == b"ready"
        control.send(b"f")
        assert control.recv(100) == b""
        assert process.wait(8) == 70


def test_it_does_not_fork_beside_another_thread() -> None:
    with serving(sys.executable, "-I", "-S", "-B", "-c", WITH_A_THREAD) as (control, process):
        assert control.recv(100) == b"ready"
        socket.send_fds(control, [b"f"], [0, 1, 2, 0, 1])
        assert control.recv(100) == b""
        assert process.wait(8) == 70


def test_without_the_sdk_it_says_why_and_ends() -> None:
    with serving(paths=["/nowhere"]) as (control, process):
        assert b"No module named" in control.recv(1000)
        assert process.wait(8) == 64


def test_the_binary_in_its_other_mode_forks_as_well() -> None:
    command = (sys.executable, str(ROOT / "main.py"), "--module-host")
    with serving(*command) as (control, _):
        assert control.recv(100) == b"ready"
        line, writer = os.pipe()
        folder = os.open("/", os.O_PATH)
        quiet = os.open(os.devnull, os.O_WRONLY)
        socket.send_fds(control, [b"f"], [line, quiet, quiet, control.fileno(), folder])
        number = int(control.recv(100))
        assert number > 0
        stat = Path(f"/proc/{number}/stat").read_text()
        assert ") Z" not in stat
        for fd in (line, writer, folder, quiet):
            os.close(fd)
