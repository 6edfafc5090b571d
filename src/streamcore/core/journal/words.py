"""The words by which an event can be found: what was written, and by whom."""

from __future__ import annotations

import re
import unicodedata

import msgspec

__all__ = ["index_words", "query_words"]

# Runs of letters and digits, and runs of signs beyond ASCII (emoji). The index takes each as one
# word as it stands, so that text and question are cut by this one rule.
_WORD = re.compile(r"[^\W_]+|[^\x00-\x7f\w\s]+")
MAX_WORDS = 200
MAX_WORD = 64


class _Person(msgspec.Struct):
    login: str = ""
    name: str = ""


class _Findable(msgspec.Struct):
    """The parts of any event that are searched."""

    text: object = ""
    donor: object = ""
    user: _Person | None = None


_DECODER = msgspec.json.Decoder(_Findable)


def index_words(body: bytes) -> str:
    """Return the words of an encoded event, separated by spaces, each once."""
    try:
        event = _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""  # damaged on the disk: nobody can read it, so nobody need find it
    texts = [text for text in (event.donor, event.text) if isinstance(text, str)]
    if event.user is not None:
        texts[:0] = (event.user.login, event.user.name)
    return " ".join(query_words(" ".join(texts)))


def query_words(text: str) -> list[str]:
    """Cut a text into the words that the index knows."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return [word[:MAX_WORD] for word in dict.fromkeys(found[:MAX_WORDS])]
