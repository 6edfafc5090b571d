"""What lies in a module folder: names, kinds, sizes and times, without opening a file."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

__all__ = ["MAX_BYTES", "MAX_ENTRIES", "Entry", "Kind", "Tree", "read_tree"]

MAX_ENTRIES = 5_000
MAX_BYTES = 256 * 2**20

# Written by Python, by version control and by file managers behind the author's back.
_IGNORED = frozenset({"__pycache__", ".git", ".ds_store", "thumbs.db", "desktop.ini"})
_MOUNT_POINT = 0xA0000003  # a junction, which Windows does not call a link


class Kind(StrEnum):
    """What an entry is; folders are not entries."""

    FILE = "file"
    LINK = "link"
    SPECIAL = "special"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Entry:
    """One name below the module folder, with `/` between its parts."""

    path: str
    kind: Kind
    size: int = 0
    stamp: tuple[int, int, int] = (0, 0, 0)
    """Changes whenever the content may have: modified, changed, inode."""
    detail: str = ""
    """A link's target, or why something cannot be read."""


@dataclass(frozen=True, slots=True)
class Tree:
    """All entries, sorted by name; `truncated` when there are more than are looked at."""

    root: Path
    entries: tuple[Entry, ...]
    truncated: bool = False

    @property
    def size(self) -> int:
        """Return the sum of the files' sizes."""
        return sum(entry.size for entry in self.entries)

    def inside(self, path: str) -> Path | None:
        """Return the regular file that `path` leads to, unless that is not part of the module."""
        try:
            target = (self.root / path).resolve(strict=True)
            parts = target.relative_to(self.root).parts
            if not stat.S_ISREG(target.stat().st_mode):
                return None
        except (OSError, ValueError, RuntimeError):  # absent, outside, a loop of links
            return None
        # What is not listed is not in the digest either, so nothing may lead there.
        return None if any(part.casefold() in _IGNORED for part in parts) else target


def read_tree(folder: Path) -> Tree:
    """List a folder; what cannot be read becomes an entry that says so."""
    try:
        root = folder.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        return Tree(folder, (Entry("", Kind.UNREADABLE, detail=_reason(error)),))
    entries: list[Entry] = []
    # Every folder is looked at each second: these are texts, paths take three times as long.
    waiting = [("", os.fspath(root))]
    while waiting:
        prefix, place = waiting.pop()
        try:
            names = sorted(os.listdir(place))  # noqa: PTH208 - names, not paths, are wanted
        except OSError as error:
            entries.append(Entry(prefix.rstrip("/"), Kind.UNREADABLE, detail=_reason(error)))
            continue
        for name in names:
            if name.casefold() in _IGNORED:
                continue
            if len(entries) + len(waiting) >= MAX_ENTRIES:
                return Tree(root, tuple(sorted(entries, key=_by_path)), truncated=True)
            path = os.path.join(place, name)  # noqa: PTH118 - see above
            try:
                status = os.lstat(path)
            except OSError as error:
                entries.append(Entry(prefix + name, Kind.UNREADABLE, detail=_reason(error)))
                continue
            if stat.S_ISDIR(status.st_mode) and not _is_junction(status):
                waiting.append((f"{prefix}{name}/", path))
            else:
                entries.append(_entry(prefix + name, path, status))
    return Tree(root, tuple(sorted(entries, key=_by_path)))


def _entry(name: str, path: str, status: os.stat_result) -> Entry:
    stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    if stat.S_ISREG(status.st_mode):
        return Entry(name, Kind.FILE, status.st_size, stamp)
    if stat.S_ISLNK(status.st_mode) or _is_junction(status):
        try:
            return Entry(name, Kind.LINK, 0, stamp, os.readlink(path))  # noqa: PTH115 - unchanged
        except OSError as error:
            return Entry(name, Kind.UNREADABLE, detail=_reason(error))
    return Entry(name, Kind.SPECIAL, 0, stamp)


def _is_junction(status: os.stat_result) -> bool:
    return getattr(status, "st_reparse_tag", 0) == _MOUNT_POINT


def _by_path(entry: Entry) -> str:
    return entry.path


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
