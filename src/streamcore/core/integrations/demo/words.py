"""What the demonstration tells the streamer about itself."""

from __future__ import annotations

from streamcore.core.errors import StorageError
from streamcore.core.integrations.words import Words

__all__ = ["FAULT", "not_logged"]

FAULT = Words(
    "Internal error: look into the log.",
    "Внутренняя ошибка: подробности в журнале.",
)


def not_logged(error: StorageError) -> Words:
    """Say that events are not logged; the database's own sentence exists in English only."""
    return Words(str(error), f"События не сохраняются: {error}")
