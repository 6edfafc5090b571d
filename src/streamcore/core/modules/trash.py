"""Moves a module's folder out of sight without destroying what is in it."""

from __future__ import annotations

from pathlib import Path

from streamcore.core.errors import ConflictError

__all__ = ["move_to_trash"]


def move_to_trash(folder: Path, trash: Path, name: str) -> Path:
    """Move a folder in one step and return where it is now."""
    trash.mkdir(mode=0o700, parents=True, exist_ok=True)
    goal = trash / name
    number = 1
    while goal.exists():
        number += 1
        goal = trash / f"{name}-{number}"
    try:
        folder.rename(goal)
    except OSError as error:
        raise ConflictError(
            f"The folder '{folder}' could not be moved ({error.strerror}). "
            "Close the programs that have its files open, then try again."
        ) from error
    return goal
