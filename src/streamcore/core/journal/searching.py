"""Finds events by their words, newest first, chapter by chapter, within a bounded time."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import NamedTuple

from streamcore.core.journal.chapters import WordFile
from streamcore.core.journal.reading import LogRow, rows_of
from streamcore.core.journal.words import index_words, query_words

__all__ = ["Found", "Question", "search"]

PREFIX_FROM = 3
"""Shorter words are found whole only: too much begins with them."""
FEW = 64
"""So many events are compared with the question one by one sooner than by the index."""
BUDGET_S = 0.03
"""After that a search gives what it has, and where to go on."""


class Question(NamedTuple):
    """What is looked for."""

    words: tuple[str, ...]
    kinds: frozenset[int] | None
    """None for all."""
    after: int
    before: int
    limit: int

    @classmethod
    def of(
        cls, text: str, kinds: Collection[int] | None, after: int, before: int, limit: int
    ) -> Question:
        """Cut a text into the words that are looked for, the longest (the rarest) first."""
        words = tuple(sorted(query_words(text), key=len, reverse=True))
        return cls(words, None if kinds is None else frozenset(kinds), after, before, limit)


class Found(NamedTuple):
    """The newest events that match, and the `before` of the next search, None at the end."""

    rows: list[LogRow]
    next: int | None


def search(file: WordFile, question: Question, *, budget_s: float = BUDGET_S) -> Found:
    """Return up to `limit` events, newest first; fewer, when the time is up, with a `next`."""
    if not question.words or question.kinds == frozenset():
        return Found([], None)
    end = time.monotonic() + budget_s
    with file.reading():
        return _search(file, question, end)


def _search(file: WordFile, question: Question, end: float) -> Found:
    rows: list[LogRow] = []
    chapters = file.chapters(question.after, question.before)
    for number in chapters:
        rows += _in_chapter(file, number, question, question.limit + 1 - len(rows))
        if len(rows) > question.limit:
            return Found(rows[: question.limit], rows[question.limit - 1].seq)
        if number != chapters[-1] and time.monotonic() > end:
            return Found(rows, file.first_of(number))
    return Found(rows, None)


def _in_chapter(file: WordFile, number: int, question: Question, limit: int) -> list[LogRow]:
    """Return the newest events of one chapter that match."""
    words, kinds, after, before, _ = question
    if len(words) > 1 or kinds is not None:
        # Words that begin alike are counted out, a chapter's worth: not when a rarer word decides.
        few = file.find(number, _match(words[:1], None), after, before, FEW + 1)
        if len(few) <= FEW:
            rows = rows_of(file.log, few, FEW, newest_first=True)
            return [row for row in rows if _is_match(row, question)][:limit]
    found: list[LogRow] = []
    ask = limit
    while True:
        seqs = file.find(number, _match(words, kinds), after, before, ask)
        found += rows_of(file.log, seqs, limit - len(found), newest_first=True)
        if len(found) >= limit or len(seqs) < ask:
            return found
        # What was pruned stands in the index until its whole chapter is.
        before, ask = seqs[-1], ask * 8


def _match(words: tuple[str, ...], kinds: frozenset[int] | None) -> str:
    terms = (f'"{word}"*' if len(word) >= PREFIX_FROM else f'"{word}"' for word in words)
    match = f"words : ({' AND '.join(terms)})"
    if kinds is not None:
        match += " AND kind : ({})".format(" OR ".join(f'"{kind}"' for kind in sorted(kinds)))
    return match


def _is_match(row: LogRow, question: Question) -> bool:
    """Tell what the index would tell."""
    if question.kinds is not None and row.kind not in question.kinds:
        return False
    there = index_words(row.body).split()
    return all(
        any(each.startswith(word) for each in there) if len(word) >= PREFIX_FROM else word in there
        for word in question.words
    )
