"""What is behind a group of errors that tasks beside each other ended with."""

from __future__ import annotations

from streamcore.core.integrations.oauth import LoginLostError

__all__ = ["cause_of"]


def cause_of(error: Exception) -> Exception:
    """Return one error; a lost login weighs more than what it caused."""
    if not isinstance(error, ExceptionGroup):
        return error
    causes = [cause_of(each) for each in error.exceptions]
    return next((each for each in causes if isinstance(each, LoginLostError)), causes[0])
