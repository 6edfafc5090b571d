"""The automatic copies of the database: where they lie, and how many are kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from streamcore.core.config import BACKUPS_NAME

__all__ = ["KEPT", "PARTIAL", "copies", "drop_old_copies", "name_for", "newest_copy"]

KEPT = 3
PARTIAL = ".partial"
"""What ends the name of a copy that is being made."""
_PREFIX = "auto-"


def copies(home: Path) -> list[Path]:
    """Return all copies, the oldest first."""
    return sorted((home / BACKUPS_NAME).glob(f"{_PREFIX}*.db"))


def newest_copy(home: Path) -> Path | None:
    """Return the newest copy, None when there is none."""
    return next(reversed(copies(home)), None)


def name_for(home: Path, now: datetime) -> Path:
    """Return where a copy of this moment belongs: names sort by time."""
    return home / BACKUPS_NAME / f"{_PREFIX}{now:%Y%m%d-%H%M%S}.db"


def drop_old_copies(home: Path) -> None:
    """Remove all but the newest few, and what a crash left of one that was being made.

    What the streamer made is not ours to remove.
    """
    unfinished = (home / BACKUPS_NAME).glob(f"{_PREFIX}*.db{PARTIAL}*")
    for old in (*copies(home)[:-KEPT], *unfinished):
        old.unlink(missing_ok=True)
