"""Cutting a chat text so that a platform takes it."""

from __future__ import annotations

from streamcore.core.errors import CommandError
from streamcore.protocol.errors import ErrorCode

__all__ = ["MAX_PARTS", "split_message"]

MAX_PARTS = 3


def split_message(text: str, limit: int) -> tuple[str, ...]:
    """Return the text in at most three messages, cut at words; raises `too_large` beyond.

    A word that is longer than a whole message is cut where the message ends.
    """
    rest = " ".join(text.split())
    if not rest:
        raise CommandError(ErrorCode.INVALID_COMMAND, "msg has no text: write at least a word.")
    parts: list[str] = []
    while rest:
        if len(parts) == MAX_PARTS:
            raise CommandError(
                ErrorCode.TOO_LARGE,
                f"msg has {len(text)} characters and does not fit into {MAX_PARTS} messages of "
                f"{limit}: send a shorter one.",
            )
        cut = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return tuple(parts)


def _cut(text: str, limit: int) -> int:
    if len(text) <= limit:
        return len(text)
    space = text.rfind(" ", 0, limit + 1)
    return space if space > 0 else limit
