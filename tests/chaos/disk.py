"""A small disk of its own, which can be filled up and emptied."""

from __future__ import annotations

import contextlib
import errno
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["CannotMountError", "SmallDisk", "small_disk"]

BLOCK = 1 << 16


class CannotMountError(Exception):
    """This system or this user has no way to make one; the text is why."""


class SmallDisk:
    """A folder that is a file system; `fill` takes all that is left of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Write until nothing more fits, what was freed since included."""
        with self._filler.open("ab", buffering=0) as file:
            size = BLOCK
            while size:
                try:
                    file.write(bytes(size))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    size //= 2

    def free(self) -> None:
        """Give everything back."""
        self._filler.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, size_mb: int) -> Iterator[SmallDisk]:
    """Mount a file system of this size; needs root on Linux."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={size_mb}m,mode=0700"
    try:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise CannotMountError(f"there is no mount command ({error})") from error
    if done.returncode:
        raise CannotMountError(f"a tmpfs cannot be mounted here: {done.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        with contextlib.suppress(OSError):
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
