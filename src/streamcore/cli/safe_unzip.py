"""Takes a zip from outside apart; names and sizes are judged before the first byte is written."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from streamcore.core.errors import StreamCoreError

__all__ = ["UnzipError", "open_zip", "unzip"]

CHUNK = 1 << 16
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NOT_ON_WINDOWS = re.compile(
    r'[\x00-\x1f\\:*?"<>|]|[. ]\Z|\A(aux|con|nul|prn|com\d|lpt\d)(\.|\Z)', re.IGNORECASE
)
"""What Windows reads as a drive, a stream, a wildcard or a device, or drops."""
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)
"""What the library raises for a zip that is no good."""


class UnzipError(StreamCoreError):
    """The zip is refused; the text says what was found in it."""


@contextlib.contextmanager
def open_zip(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip; whatever turns out to be broken in it is an UnzipError."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except _BROKEN as error:
        raise UnzipError(f"expected a whole zip; found: {error}") from error


def unzip(
    archive: zipfile.ZipFile,
    into: Path,
    *,
    belongs: Callable[[Sequence[str]], bool],
    max_files: int,
    max_bytes: int,
) -> None:
    """Write the files of a zip below an empty folder.

    `belongs` is asked about each file, by the parts of its name. What is refused is an UnzipError.
    """
    members = [member for member in archive.infolist() if not member.filename.endswith("/")]
    if len(members) > max_files:
        raise UnzipError(f"expected at most {max_files:,} files; found {len(members):,}")
    size = sum(member.file_size for member in members)
    if size > max_bytes:
        raise UnzipError(f"expected at most {max_bytes:,} bytes; found {size:,}")
    for member in members:
        _judge(member)
        if not belongs(member.filename.split("/")):
            raise UnzipError(f"{_shown(member)} does not belong in it")
    for member in members:
        try:
            _write(archive, member, into.joinpath(*member.filename.split("/")))
        except (FileExistsError, NotADirectoryError) as error:
            raise UnzipError(f"{_shown(member)} is in it twice") from error


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "wb") as target, archive.open(member) as source:
        written = 0
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > member.file_size:
                raise UnzipError(f"{_shown(member)} is longer than the zip says")
            target.write(chunk)


def _judge(member: zipfile.ZipInfo) -> None:
    name = member.filename
    parts = name.split("/")
    # An empty part stands for an absolute path.
    is_inside = all(parts) and not {".", ".."}.intersection(parts) and "\0" not in name
    if os.name == "nt":
        is_inside = is_inside and not any(_NOT_ON_WINDOWS.search(part) for part in parts)
    if not is_inside or name != member.orig_filename:
        raise UnzipError(f"{_shown(member)} is no name of a file inside it")
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise UnzipError(f"{_shown(member)} is a link or a device")
    if member.flag_bits & 1:
        raise UnzipError(f"{_shown(member)} is encrypted")
    if member.compress_type not in _METHODS:
        raise UnzipError(f"{_shown(member)} is compressed in a way that is not supported")


def _shown(member: zipfile.ZipInfo) -> str:
    name = member.orig_filename[:80]
    return "'" + "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name) + "'"
