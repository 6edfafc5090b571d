"""Hands out one file: opened without following links, tagged by content, in ranges when asked."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import stat
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from streamcore.core.errors import NotFoundError
from streamcore.core.http.answers import Answer, send_answer
from streamcore.core.http.asgi import Headers
from streamcore.core.pages.request import PageRequest

__all__ = ["Files"]

CHUNK_BYTES = 256 * 1024
TAGS_KEPT = 4096
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    # A pipe put in a file's place would block the opening thread for ever.
    | getattr(os, "O_NONBLOCK", 0)
)


@dataclass(frozen=True, slots=True)
class _Opened:
    descriptor: int
    size: int
    tag: str
    head: bytes


class Files:
    """Remembers each file's tag for as long as its size and time stay the same."""

    def __init__(self) -> None:
        self._tags: OrderedDict[tuple[int, int, int, int], str] = OrderedDict()

    async def send(self, request: PageRequest, path: Path, headers: Headers) -> None:
        """Answer with the file's content; raises NotFoundError while nothing was sent yet."""
        opened = await asyncio.to_thread(self._open, path)
        try:
            await _send_opened(request, opened, headers)
        finally:
            os.close(opened.descriptor)

    def _open(self, path: Path) -> _Opened:
        try:
            # The map holds resolved paths: another result is a link put there since.
            if path.resolve(strict=True) != path:
                raise NotFoundError("This file is not what it was when the folder was read.")
            descriptor = os.open(path, _FLAGS)
        except OSError as error:
            raise NotFoundError("There is no such file.") from error
        try:
            return self._inspect(descriptor)
        except BaseException:
            os.close(descriptor)
            raise

    def _inspect(self, descriptor: int) -> _Opened:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise NotFoundError("There is no such file.")
        head = os.read(descriptor, CHUNK_BYTES)
        key = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
        tag = self._tags.get(key)
        if tag is None:
            digest = hashlib.sha256(head)
            while chunk := os.read(descriptor, CHUNK_BYTES):
                digest.update(chunk)
            tag = f'"{digest.hexdigest()[:32]}"'
            self._tags[key] = tag
            while len(self._tags) > TAGS_KEPT:
                self._tags.popitem(last=False)
        return _Opened(descriptor, found.st_size, tag, head)


async def _send_opened(request: PageRequest, opened: _Opened, headers: Headers) -> None:
    headers = (*headers, (b"etag", opened.tag.encode()), (b"accept-ranges", b"bytes"))
    if opened.tag in _tags_in(request.header(b"if-none-match")):
        await request.send({"type": "http.response.start", "status": 304, "headers": [*headers]})
        await request.send({"type": "http.response.body", "body": b""})
        return
    wanted = _wanted_range(request, opened)
    if wanted is None:
        refusal = (*headers, (b"content-range", f"bytes */{opened.size}".encode()))
        await send_answer(request.scope, request.send, Answer(416, refusal))
        return
    first, length = wanted
    is_part = length != opened.size
    if is_part:
        span = f"bytes {first}-{first + length - 1}/{opened.size}"
        headers = (*headers, (b"content-range", span.encode()))
    headers = (*headers, (b"content-length", str(length).encode()))
    status = 206 if is_part else 200
    await request.send({"type": "http.response.start", "status": status, "headers": [*headers]})
    if request.scope["method"] == "HEAD":
        await request.send({"type": "http.response.body", "body": b""})
        return
    await _send_body(request, opened, first, length)


async def _send_body(request: PageRequest, opened: _Opened, first: int, length: int) -> None:
    chunk = opened.head[first : first + length]
    while len(chunk) < length:
        await request.send({"type": "http.response.body", "body": chunk, "more_body": True})
        first, length = first + len(chunk), length - len(chunk)
        chunk = await asyncio.to_thread(_read_at, opened.descriptor, first, length)
        if not chunk:
            # Shorter than a moment ago; the announced length lets the browser notice.
            break
    await request.send({"type": "http.response.body", "body": chunk})


def _read_at(descriptor: int, first: int, length: int) -> bytes:
    os.lseek(descriptor, first, os.SEEK_SET)
    return os.read(descriptor, min(length, CHUNK_BYTES))


def _wanted_range(request: PageRequest, opened: _Opened) -> tuple[int, int] | None:
    """Return first byte and length; the whole file unless exactly one good range is asked for."""
    whole = (0, opened.size)
    match = _RANGE.fullmatch(request.header(b"range"))
    if match is None or match[0] == "bytes=-":
        return whole
    condition = request.header(b"if-range")
    if condition and condition != opened.tag:
        return whole
    start, end = match[1], match[2]
    if not start:
        length = min(int(end), opened.size)
        return (opened.size - length, length) if length else None
    first = int(start)
    last = min(int(end), opened.size - 1) if end else opened.size - 1
    if first >= opened.size:
        return None
    return (first, last - first + 1) if first <= last else whole


def _tags_in(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
