"""The built dashboard as a map from address to file, read again when it was built again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["DashboardFiles"]


class DashboardFiles:
    """Lookups go by exact key: no address is ever joined to a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: Mapping[str, Path] = {}
        self._built: tuple[int, int] | None = None

    async def find(self, key: str) -> Path | None:
        """Return the file of an address below the root (`assets/app.js`), None when not built."""
        return await asyncio.to_thread(self._find, key)

    def _find(self, key: str) -> Path | None:
        built = self._stamp()
        if built != self._built:
            self._files = _walk(self._folder)
            self._built = built
        return self._files.get(key)

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = (self._folder / "index.html").stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


def _walk(folder: Path) -> Mapping[str, Path]:
    root = folder.resolve()
    files: dict[str, Path] = {}
    for parent, _, names in os.walk(root):
        for name in names:
            path = Path(parent, name)
            if not path.is_symlink():
                files[path.relative_to(root).as_posix()] = path
    return files
