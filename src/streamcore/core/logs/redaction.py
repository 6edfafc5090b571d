"""Takes secrets out of texts, and makes control characters visible."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

__all__ = ["escape_controls", "redact", "register_secret"]

MASK = "***"
MIN_LENGTH = 6
"""A shorter value would be found everywhere."""

# What tokens stand behind, known or not: in headers, URLs, JSON and reprs of those.
_NAMES = (
    r"\w*(?:token|secret|password|passwd|api_?key|device_code|code_verifier|authorization|cookie)"
)
_PATTERNS = (
    re.compile(r"(?i)(\b(?:bearer|basic|oauth)[ :]+)[\w.~+/=:-]{8,}"),
    # name=value in a query or a fragment, where short names are common
    re.compile(rf"(?i)([?&#;](?:{_NAMES}|code|key|k)=)[^&\s\"'<>#]+"),
    # "name": "value" in JSON and in the repr of a mapping, also when it is JSON inside JSON
    re.compile(rf"(?i)(\\?[\"']{_NAMES}\\?[\"']\s*[:,=]\s*\\?[\"'])(?:[^\"'\\]|\\.)+"),
    # name=value in plain text
    re.compile(rf"(?i)(\b{_NAMES}\s*[=:]\s*)[\w.~+/=-]{{12,}}"),
    # user:password in an address
    re.compile(r"(\w://[^/\s:@]*:)[^/\s@]+(?=@)"),
)

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")

_known: set[str] = set()
_pattern: re.Pattern[str] | None = None


def register_secret(value: str) -> None:
    """Let a value never appear in any log, in whatever spelling it usually takes."""
    global _pattern  # the log's filter is the process's: a secret of anyone is one for everyone
    if len(value) < MIN_LENGTH:
        return
    spellings = {
        value,
        quote(value, safe=""),
        quote(value),
        json.dumps(value)[1:-1],
        repr(value)[1:-1],
    }
    if spellings <= _known:
        return
    _known.update(spellings)
    longest_first = sorted(_known, key=len, reverse=True)
    _pattern = re.compile("|".join(map(re.escape, longest_first)))


def redact(text: str) -> str:
    """Return the text without known secrets and without what looks like one."""
    if _pattern is not None:
        text = _pattern.sub(MASK, text)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<1>{MASK}", text)
    return text


def escape_controls(text: str, *, keep: str = "") -> str:
    """Spell control characters out: nobody's text may forge a line, move the cursor or hide."""
    text = _SURROGATES.sub("\ufffd", text)
    return _CONTROLS.sub(lambda found: _spelled(found[0], keep), text)


def _spelled(char: str, keep: str) -> str:
    if char in keep:
        return char
    if char in "\n\r\t":
        return repr(char)[1:-1]
    return f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"
