"""Finding emotes in a text: one look-up for each word, however many emotes there are."""

from __future__ import annotations

from collections.abc import Mapping

from streamcore.protocol.objects import Fragment, FragmentKind

__all__ = ["Words", "with_emotes"]

_TEXT = FragmentKind.TEXT
_SPACE = Fragment(kind=_TEXT, text=" ")

Words = Mapping[str, Fragment]
"""The finished fragment of every emote, by its word."""


def with_emotes(fragments: tuple[Fragment, ...], words: Words) -> tuple[Fragment, ...]:
    """Return the fragments with the emotes cut out of their plain text, where spaces part words.

    The joined texts stay the same. What is already more than text, the platform's own emotes
    among it, is not touched. When nothing is found the very same tuple comes back.
    """
    if not words:
        return fragments
    found: list[Fragment] | None = None
    for i, fragment in enumerate(fragments):
        if fragment.kind is _TEXT:
            parts = fragment.text.split(" ")
            # The usual case ends here: no word of the text is an emote.
            if not words.keys().isdisjoint(parts):
                if found is None:
                    found = list(fragments[:i])
                _cut(fragment.text, parts, words, found)
                continue
        if found is not None:
            found.append(fragment)
    return fragments if found is None else tuple(found)


def _cut(text: str, parts: list[str], words: Words, into: list[Fragment]) -> None:
    """Add the pieces of a text, of which `parts` are the words."""
    begin = at = 0
    for part in parts:
        emote = words.get(part)
        if emote is not None:
            if begin < at:
                into.append(_plain(text[begin:at]))
            into.append(emote)
            begin = at + len(part)
        at += len(part) + 1
    if begin < len(text):
        into.append(_plain(text[begin:]))


def _plain(text: str) -> Fragment:
    return _SPACE if text == " " else Fragment(kind=_TEXT, text=text)
