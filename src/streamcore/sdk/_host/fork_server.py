"""The clean parent of module processes on Linux: has loaded the SDK, runs no module, only forks.

It knows nothing of any module: a request is one byte and five descriptors, and what the module is
comes down its own standard input, which only the forked process reads.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import socket
import sys

if sys.platform != "linux":
    raise ImportError("a process with system libraries in it can be forked safely on Linux alone")

__all__ = ["LINK_FD", "PARTS", "READY", "serve"]

READY = b"ready"
"""The first message to the core; every other one is a process's number, or minus an `errno`."""
PARTS = 5
"""What comes with a request: standard input, output, error, the link, the working folder."""
LINK_FD = 3
"""Where a forked module finds its link."""
_CONTROL_FD = 0
_NUMBER_BYTES = 4
# What is open here: the control socket, /dev/null, a request's descriptors and a pipe.
_FD_CEILING = 64
_EXIT_BROKEN = 70


def serve() -> None:
    """Answer the core's requests on standard input; returns in each forked module, only there."""
    gc.collect()
    gc.freeze()  # a collection in a module would otherwise touch, and so copy, what all share
    control = socket.socket(fileno=_CONTROL_FD)
    control.send(READY)
    while True:
        request, fds, _, _ = socket.recv_fds(control, 1, PARTS)
        if not request:
            os._exit(0)  # the core has gone, or wants no more
        if len(fds) != PARTS or fds[0] <= LINK_FD - 1 or fds != sorted(fds) or not _alone():
            os._exit(_EXIT_BROKEN)
        number = _fork_twice(fds)
        if number == 0:
            control.detach()  # the number belongs to the module's input now
            return
        for fd in fds:
            os.close(fd)
        control.send(str(number).encode())


def _alone() -> bool:
    """A fork copies only the thread that forks: locks held by another would stay locked."""
    with os.scandir("/proc/self/task") as threads:
        return sum(1 for _ in threads) == 1


def _fork_twice(fds: list[int]) -> int:
    """Return 0 in the new module, and its number (or minus an `errno`) here.

    The process in between ends at once, so the core, which adopts orphans, becomes the module's
    parent: it sees the end as of its own child, and our end is not the module's.
    """
    reader, writer = os.pipe()
    between = os.fork()
    if between == 0:
        try:
            if os.fork() != 0:
                os._exit(0)
            _settle(fds[:-1], fds[-1])
            # Only now may the core know of us: a signal to our group finds the group.
            os.write(writer, _encode(os.getpid()))
            os.closerange(LINK_FD + 1, _FD_CEILING)
            _open_streams()
        except OSError as error:
            os.write(writer, _encode(-(error.errno or 1)))
            os._exit(_EXIT_BROKEN)
        return 0
    os.close(writer)
    number = os.read(reader, _NUMBER_BYTES)
    os.close(reader)
    os.waitpid(between, 0)  # from here on the core is the parent
    return int.from_bytes(number, "little", signed=True) if number else -errno.EIO


def _encode(number: int) -> bytes:
    return number.to_bytes(_NUMBER_BYTES, "little", signed=True)


def _settle(streams: list[int], folder: int) -> None:
    """Become what a fresh interpreter is: a session, three pipes, the link, a folder."""
    os.setsid()
    # Ascending and all above their targets, so none is overwritten before its turn. The first of
    # them closes the control socket.
    for target, fd in enumerate(streams):
        os.dup2(fd, target)
    os.fchdir(folder)


def _open_streams() -> None:
    """Make the streams anew: those of the server remember what its descriptors were."""
    for fd, name in enumerate(("stdin", "stdout", "stderr")):
        old = getattr(sys, name)
        raw = io.FileIO(fd, old.mode, closefd=False)
        raw.name = old.name
        buffer = io.BufferedWriter(raw) if fd else io.BufferedReader(raw)
        new = io.TextIOWrapper(
            buffer, old.encoding, old.errors, newline="\n", line_buffering=old.line_buffering
        )
        vars(new)["mode"] = old.mode
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)
