"""The automatic copies of the database: made while it is in use, checked, and only a few kept."""

from __future__ import annotations

from pathlib import Path

from streamcore.core.config import BACKUPS_NAME

__all__ = ["newest_copy"]

PREFIX = "auto-"


def newest_copy(home: Path) -> Path | None:
    """Return the newest copy, None when there is none."""
    return max((home / BACKUPS_NAME).glob(f"{PREFIX}*.db"), default=None)
