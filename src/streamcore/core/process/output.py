"""A module's standard output and error as lines, without letting them grow the core."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator

from streamcore.core.process.bucket import TokenBucket
from streamcore.core.process.launcher import OutputSink

__all__ = ["MAX_LINE_BYTES", "READ_AHEAD_BYTES", "LineSplitter", "Output"]

logger = logging.getLogger(__name__)

MAX_LINE_BYTES = 8 * 1024
READ_AHEAD_BYTES = 16 * 1024
"""The limit that a stream's reader is made with."""

_BYTES_PER_S = 64 * 1024
_BURST_BYTES = 256 * 1024
# What a dead process can have left behind: a full pipe and a full reader for each stream.
_LAST_BYTES = 256 * 1024


class LineSplitter:
    """Cuts bytes into lines; a line over the limit is cut into several."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[str]:
        """Yield the lines that `chunk` completes."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            yield from self._pieces(line.removesuffix(b"\r"))
        while len(self._rest) > MAX_LINE_BYTES:
            yield self._text(self._rest[:MAX_LINE_BYTES])
            self._rest = self._rest[MAX_LINE_BYTES:]

    def end(self) -> Iterator[str]:
        """Yield what was left without a line end."""
        if self._rest:
            yield from self._pieces(self._rest)
            self._rest = b""

    def _pieces(self, line: bytes) -> Iterator[str]:
        for start in range(0, max(len(line), 1), MAX_LINE_BYTES):
            yield self._text(line[start : start + MAX_LINE_BYTES])

    @staticmethod
    def _text(line: bytes) -> str:
        return line.decode("utf-8", "replace")


class Output:
    """Reads both streams of one process at 64 KiB/s together.

    Nothing is dropped here: while the bucket is in debt nobody reads, the pipe fills, and the
    writer waits. A process that has ended cannot be slowed, so its rest is taken at once.
    """

    def __init__(self, on_output: OutputSink) -> None:
        self._on_output = on_output
        self._bucket = TokenBucket(rate=_BYTES_PER_S, burst=_BURST_BYTES)
        self._finishing = asyncio.Event()

    async def pump(self, stream: str, reader: asyncio.StreamReader) -> None:
        """Deliver the lines of one stream until its end."""
        lines = LineSplitter()
        last_bytes = _LAST_BYTES
        while chunk := await reader.read(READ_AHEAD_BYTES):
            for line in lines.feed(chunk):
                self._deliver(stream, line)
            if self._finishing.is_set():
                last_bytes -= len(chunk)
                if last_bytes < 0:  # somebody else holds the pipe open and goes on writing
                    return
            else:
                await self._pace(len(chunk))
        for line in lines.end():
            self._deliver(stream, line)

    def finish(self) -> None:
        """The process has ended: stop pacing."""
        self._finishing.set()

    async def _pace(self, size: int) -> None:
        delay = self._bucket.take(size, time.monotonic())
        if delay > 0:
            try:
                async with asyncio.timeout(delay):
                    await self._finishing.wait()
            except TimeoutError:
                pass

    def _deliver(self, stream: str, line: str) -> None:
        try:
            self._on_output(stream, line)
        except Exception:  # a listener's fault must not stop the pipe and with it the module
            logger.exception("a listener of module output failed")
