"""Twitch's own words in ours: short, in one line, and without anything that looks like a token."""

from __future__ import annotations

import re

from streamcore.core.logs.redaction import escape_controls, redact

__all__ = ["quoted"]

_LONGEST = 200
# A server may quote what we do not know yet, such as tokens that it gave out in an answer that got
# lost. No sentence has a word of this length with a digit in it.
_OPAQUE = re.compile(r"(?=[\w%+/=~-]*\d)[\w%+/=~-]{20,}")


def quoted(text: str) -> str:
    """Return what a server said, fit for an error's text."""
    return escape_controls(_OPAQUE.sub("…", redact(text[: _LONGEST * 4])))[:_LONGEST]
