"""A module's standard output and error as lines, without letting them grow the core."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Iterator

from streamcore.core.process.bucket import TokenBucket
from streamcore.core.process.launcher import OutputSink

__all__ = ["MAX_LINE_BYTES", "READ_AHEAD_BYTES", "LineSplitter", "Output"]

logger = logging.getLogger(__name__)

MAX_LINE_BYTES = 8 * 1024
READ_AHEAD_BYTES = 16 * 1024
"""The limit that a stream's reader is made with."""

_KEPT_BYTES_PER_S = 64 * 1024
_KEPT_BURST_BYTES = 256 * 1024
# What is not kept is read all the same, or one that prints a lot at once would stand still in it
# and be taken for dead. A flood without end still has to wait: reading costs the core time.
_READ_BYTES_PER_S = 8 * 1024 * 1024
_READ_BURST_BYTES = 1024 * 1024
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


class _Dropped:
    """What was read of one stream and not delivered since the last line that was."""

    def __init__(self) -> None:
        self._lines = 0
        self._bytes = 0

    def add(self, chunk: bytes) -> None:
        self._lines += chunk.count(b"\n")
        self._bytes += len(chunk)

    def rest_of(self, chunk: bytes) -> bytes:
        """Return what follows the line in whose middle the dropping ended."""
        if not self._bytes:
            return chunk
        end = chunk.find(b"\n") + 1
        self.add(chunk[:end])
        return chunk[end:]

    def told(self) -> Iterator[str]:
        """Yield a line that says how much it was, once."""
        if self._bytes:
            kib = -(-self._bytes // 1024)
            yield f"({self._lines} lines, {kib} KiB, were left out: too much output at once)"
            self._lines = self._bytes = 0


class Output:
    """Reads both streams of one process and keeps 64 KiB/s of each.

    What exceeds that is dropped and its amount told; a flood of one stream takes nothing from the
    other, which may say why. Far beyond it nobody reads, the pipe fills, and the writer waits. A
    process that has ended cannot be slowed: its rest is taken at once.
    """

    def __init__(self, on_output: OutputSink) -> None:
        self._on_output = on_output
        self._read = TokenBucket(rate=_READ_BYTES_PER_S, burst=_READ_BURST_BYTES)
        self._finishing = asyncio.Event()

    async def pump(self, stream: str, reader: asyncio.StreamReader) -> None:
        """Deliver the lines of one stream until its end."""
        lines, dropped = LineSplitter(), _Dropped()
        kept = TokenBucket(rate=_KEPT_BYTES_PER_S, burst=_KEPT_BURST_BYTES)
        last_bytes = _LAST_BYTES
        while chunk := await reader.read(READ_AHEAD_BYTES):
            if self._finishing.is_set():
                last_bytes -= len(chunk)
                if last_bytes < 0:  # somebody else holds the pipe open and goes on writing
                    break
            elif not _fits(kept, len(chunk)):
                self._deliver(stream, lines.end())
                dropped.add(chunk)
                await self._pace(len(chunk))
                continue
            rest = dropped.rest_of(chunk)
            self._deliver(stream, dropped.told())
            self._deliver(stream, lines.feed(rest))
            await self._pace(len(chunk))
        self._deliver(stream, dropped.told())
        self._deliver(stream, lines.end())

    def finish(self) -> None:
        """The process has ended: stop pacing."""
        self._finishing.set()

    async def _pace(self, size: int) -> None:
        delay = self._read.take(size, time.monotonic())
        if delay > 0 and not self._finishing.is_set():
            try:
                async with asyncio.timeout(delay):
                    await self._finishing.wait()
            except TimeoutError:
                pass

    def _deliver(self, stream: str, lines: Iterable[str]) -> None:
        for line in lines:
            self._deliver_line(stream, line)

    def _deliver_line(self, stream: str, line: str) -> None:
        try:
            self._on_output(stream, line)
        except Exception:  # a listener's fault must not stop the pipe and with it the module
            logger.exception("a listener of module output failed")


def _fits(kept: TokenBucket, size: int) -> bool:
    """Take `size` bytes out of what may be kept, unless that is in debt."""
    now = time.monotonic()
    if kept.take(0, now) > 0:
        return False
    kept.take(size, now)
    return True
