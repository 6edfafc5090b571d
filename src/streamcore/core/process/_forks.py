"""Module processes forked from a clean parent that has loaded the SDK: the core's side (Linux).

The parent is a process of its own, started before the first module. Each module becomes a child
of the core: what forks it is gone at once, and the core adopts orphans. So the end of a module is
seen as ever, and the end of the fork server is nobody else's.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import logging
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.process.handover import environment

if sys.platform != "linux":
    raise ImportError("a process with system libraries in it can be forked safely on Linux alone")

__all__ = ["LINK_FD", "Forked", "Forks"]

logger = logging.getLogger(__name__)

LINK_FD = 3
"""Where a forked module finds its link."""

_READY = b"ready"
_ENDED = "it ended"
_START_S = 15.0
_ANSWER_S = 5.0
_AT_ONCE = 8  # each holds eight descriptors here and five on their way, which the system counts
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 300.0
_HEALTHY_S = 60.0
_MESSAGE_BYTES = 4096
_PR_SET_CHILD_SUBREAPER = 36


class Forked:
    """A forked module host; what of `subprocess.Popen` the launcher uses."""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes], stderr: IO[bytes]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr

    def wait(self) -> int:
        """Wait for the end, which is reaped once."""
        if self.returncode is None:
            _, status = os.waitpid(self.pid, 0)
            self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def kill(self) -> None:
        """End it, unless it was reaped."""
        if self.returncode is None:
            os.kill(self.pid, 9)


class Forks:
    """Keeps a fork server; while there is none, the answer is None and the reason in the log."""

    def __init__(self, host_command: Sequence[str], preload: Sequence[str], clock: Clock) -> None:
        self._host_command = tuple(host_command)
        self._preload = tuple(preload)
        self._clock = clock
        self._server: _Server | None = None
        self._starting = asyncio.Lock()
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._pause_s = _FIRST_PAUSE_S
        self._not_before = 0.0
        self._started_at = 0.0
        self._closed = False

    async def prepare(self) -> None:
        """Start the fork server before anybody needs it."""
        await self._present()

    async def spawn(self, folder: Path, link_fd: int) -> Forked | None:
        """Fork a host in its own session that waits for its start line."""
        async with self._places:
            server = await self._present()
            if server is None:
                return None
            with contextlib.ExitStack() as theirs, contextlib.ExitStack() as ours:
                stdin, stdin_w = _pipe(reads=theirs, writes=ours)
                stdout_r, stdout = _pipe(reads=ours, writes=theirs)
                stderr_r, stderr = _pipe(reads=ours, writes=theirs)
                cwd = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
                theirs.callback(os.close, cwd)
                try:
                    number = await server.fork((stdin, stdout, stderr, link_fd, cwd))
                except (ConnectionError, TimeoutError) as error:
                    self._lose(server, str(error) or "it does not answer")
                    return None
                if number < 0:
                    raise OSError(-number, os.strerror(-number))
                ours.pop_all()
            return Forked(
                number,
                os.fdopen(stdin_w, "wb", 0),
                os.fdopen(stdout_r, "rb", 0),
                os.fdopen(stderr_r, "rb", 0),
            )

    def close(self) -> None:
        """End the fork server; nothing is forked any more."""
        self._closed = True
        if self._server is not None:
            self._server.close()
            self._server = None
            _adopt_orphans(False)

    async def _present(self) -> _Server | None:
        async with self._starting:
            if self._server is not None and self._server.ended:
                self._lose(self._server, self._server.ended)
            if self._server is None and not self._closed:
                if self._clock.monotonic() < self._not_before:
                    return None
                await self._start()
            return self._server

    async def _start(self) -> None:
        try:
            _adopt_orphans(True)
            server = _Server(self._host_command, self._preload)
        except OSError as error:
            self._blame(f"it could not be started: {error}")
            return
        try:
            await server.ready()
        except (ConnectionError, TimeoutError) as error:
            server.close()
            self._blame(str(error) or "it was not ready in time")
        except BaseException:
            server.close()
            raise
        else:
            self._server = server
            self._started_at = self._clock.monotonic()

    def _lose(self, server: _Server, reason: str) -> None:
        if self._server is server:
            server.close()
            self._server = None
            if self._clock.monotonic() - self._started_at > _HEALTHY_S:
                self._pause_s = _FIRST_PAUSE_S
            self._blame(reason)

    def _blame(self, reason: str) -> None:
        logger.warning(
            "the fork server is gone (%s): modules start in fresh interpreters; tried again in "
            "%.0f s",
            reason,
            self._pause_s,
        )
        self._not_before = self._clock.monotonic() + self._pause_s
        self._pause_s = min(_LONGEST_PAUSE_S, self._pause_s * 2)


class _Server:
    """One process that forks, and the questions that it has not answered yet."""

    def __init__(self, host_command: Sequence[str], preload: Sequence[str]) -> None:
        self.ended = ""
        """Why it answers no more."""
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[asyncio.Future[bytes]] = deque([self._loop.create_future()])
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setblocking(False)
        try:
            with theirs:
                self._process = subprocess.Popen(
                    host_command,
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    close_fds=True,
                    start_new_session=True,
                    cwd="/",
                    env=environment(),
                    umask=0o077,
                )
        except BaseException:
            self._control.close()
            raise
        order = {"serve": True, "paths": preload, "parent_pid": os.getpid()}
        with contextlib.suppress(OSError):  # it died already: the end of the socket says so
            self._control.send(msgspec.json.encode(order) + b"\n")
        self._loop.add_reader(self._control, self._hear)

    async def ready(self) -> None:
        """Wait until everything is loaded."""
        async with asyncio.timeout(_START_S):
            answer = await self._waiting[0]
        if answer != _READY:
            raise ConnectionError(answer.decode("utf-8", "replace"))

    async def fork(self, fds: Sequence[int]) -> int:
        """Return the number of a new process, or minus an `errno`."""
        if self.ended:
            raise ConnectionError(self.ended)
        try:
            socket.send_fds(self._control, [b"f"], fds)
        except BrokenPipeError:
            raise ConnectionError(_ENDED) from None
        except OSError as error:
            raise ConnectionError(str(error)) from error
        answer = self._loop.create_future()
        self._waiting.append(answer)
        async with asyncio.timeout(_ANSWER_S):
            return int(await answer)

    def close(self) -> None:
        """End it; what it forked lives on."""
        self._end("it was closed")
        self._process.kill()
        self._process.wait()

    def _hear(self) -> None:
        try:
            message = self._control.recv(_MESSAGE_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._end(str(error))
            return
        if not message:
            self._end(_ENDED)
        elif self._waiting:
            answer = self._waiting.popleft()
            if not answer.done():
                answer.set_result(message)
            # Else nobody waits any more: the end of its input ends the process.

    def _end(self, reason: str) -> None:
        if self.ended:
            return
        self.ended = reason
        self._loop.remove_reader(self._control)
        self._control.close()
        for answer in self._waiting:
            if not answer.done():
                answer.set_exception(ConnectionError(reason))
                answer.exception()  # looked at, so that one without a listener is no complaint
        self._waiting.clear()


def _pipe(*, reads: contextlib.ExitStack, writes: contextlib.ExitStack) -> tuple[int, int]:
    reader, writer = os.pipe()
    reads.callback(os.close, reader)
    writes.callback(os.close, writer)
    return reader, writer


def _adopt_orphans(adopt: bool) -> None:
    """Make the core the parent of processes whose own parent has ended, or stop that."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0) != 0:
        code = ctypes.get_errno() or errno.ENOSYS
        raise OSError(code, os.strerror(code))
