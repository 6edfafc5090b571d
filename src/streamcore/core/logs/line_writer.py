"""Appends lines to rotating files on a thread of its own."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

__all__ = ["FILES", "MAX_BYTES", "LineWriter"]

MAX_BYTES = 2 * 1024 * 1024
FILES = 5
"""The file itself and four older ones, `.1` to `.4`."""
MAX_WAITING = 20_000
MAX_OPEN = 64


class LineWriter:
    """`write` takes a line at once; when the disk cannot follow, lines are dropped and counted."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[tuple[Path, bytes] | Callable[[], None] | None] = (
            queue.SimpleQueue()
        )
        self._files: dict[Path, IO[bytes]] = {}
        self._thread: threading.Thread | None = None
        self._start = threading.Lock()
        self._is_closed = False
        self.dropped = 0

    def write(self, path: Path, line: bytes) -> None:
        """Queue a line (without its end); from any thread, never waits."""
        if self._is_closed or self._queue.qsize() >= MAX_WAITING:
            self.dropped += 1
            return
        self._queue.put((path, line))
        self._ensure_thread()

    def run(self, fn: Callable[[], None]) -> None:
        """Run a function on the thread when all lines before it are in their files."""
        if self._is_closed:
            fn()
            return
        self._queue.put(fn)
        self._ensure_thread()

    def close(self, timeout_s: float = 2.0) -> None:
        """Write what is queued and end."""
        with self._start:
            if self._is_closed:
                return
            self._is_closed = True
            thread = self._thread
        self._queue.put(None)
        if thread is not None:
            thread.join(timeout_s)

    def _ensure_thread(self) -> None:
        with self._start:
            if self._thread is None and not self._is_closed:
                self._thread = threading.Thread(target=self._main, name="log-writer", daemon=True)
                self._thread.start()

    def _main(self) -> None:
        while True:
            item = self._queue.get()
            if item is None:
                break
            if callable(item):
                self._flush()
                item()
                continue
            # A full disk must not end the app: the line is lost and counted.
            try:
                self._append(*item)
            except OSError:
                self.dropped += 1
            if self._queue.empty():
                self._flush()
        for file in self._files.values():
            with contextlib.suppress(OSError):
                file.close()
        self._files.clear()

    def _flush(self) -> None:
        for file in self._files.values():
            try:
                file.flush()
            except OSError:
                self.dropped += 1

    def _append(self, path: Path, line: bytes) -> None:
        file = self._files.get(path)
        if file is None:
            file = self._open(path)
        if file.tell() + len(line) >= MAX_BYTES:
            file = self._rotate(path)
        file.write(line + b"\n")

    def _open(self, path: Path) -> IO[bytes]:
        while len(self._files) >= MAX_OPEN:
            self._files.pop(next(iter(self._files))).close()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        file = os.fdopen(descriptor, "ab")
        self._files[path] = file
        return file

    def _rotate(self, path: Path) -> IO[bytes]:
        file = self._files.pop(path)
        file.close()
        try:
            for number in range(FILES - 1, 0, -1):
                older = path if number == 1 else path.with_name(f"{path.name}.{number - 1}")
                with contextlib.suppress(FileNotFoundError):
                    older.replace(path.with_name(f"{path.name}.{number}"))
        except OSError:
            # Somebody (a viewer on Windows) holds a file open: start the newest one anew instead.
            if sys.platform == "win32":
                with contextlib.suppress(OSError):
                    path.write_bytes(b"")
        return self._open(path)
