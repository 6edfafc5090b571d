"""The word index on the disk: a file of its own, in chapters of 65,536 numbers of the log.

- A file of its own, because it can be made anew from the log at any time: it needs no sync, no
  backup and no rescue, and writing it never holds up the log.
- Chapters, because each bounds what one question costs, however common the word is: words that
  begin alike are counted out in one chapter at a time, newest first, until the page is full.
- Donations outlive the chat around them: what is left of pruned chapters goes into one, `kept`.

Used on one thread. Words are made by `words`, and taken by the `ascii` tokenizer as they are.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from streamcore.core.journal.words import index_words

__all__ = ["CHAPTER", "KEPT", "WordFile", "discard"]

CHAPTER = 1 << 16
KEPT = -1
"""The number of the chapter that holds what is left of all before it."""
FORM = 1
"""Goes up when words are cut or stored in another way: then the index is made anew."""
MERGE_PAGES = 64
"""Written by one step of merging: some milliseconds, so that a search need not wait for more."""

_ADD = "SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)"
_ROWS = "SELECT seq, kind, body FROM log WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
_CHAPTERS = "SELECT number, indexed, is_packed FROM chapters"
_SAVE = """
    INSERT INTO chapters VALUES (?, ?, ?) ON CONFLICT (number)
    DO UPDATE SET indexed = excluded.indexed, is_packed = excluded.is_packed"""


class WordFile:
    """An open word index; `log` reads the log it is about."""

    def __init__(
        self, path: Path, log: sqlite3.Connection, *, last: int, chapter: int = CHAPTER
    ) -> None:
        """Open or make the index; what it holds beyond the log's `last` number is not of this log.

        That happens when an older log was put in its place, or the newest events fell to a power
        cut.
        """
        self.log = log
        self._length = chapter
        (log_id,) = log.execute("SELECT value FROM meta WHERE name = 'log_id'").fetchone()
        self.connection = _open(path, int(log_id))
        self._chapters: dict[int, tuple[int, bool]] = {
            number: (indexed, bool(is_packed))
            for number, indexed, is_packed in self.connection.execute(_CHAPTERS).fetchall()
        }
        (first,) = log.execute("SELECT ifnull(min(seq), 1) FROM log").fetchone()
        self._first = int(first)
        with self._transaction():
            for number in [n for n, (indexed, _) in self._chapters.items() if indexed > last]:
                self._drop(number)

    def close(self) -> None:
        """Let go of both files."""
        self.connection.close()
        self.log.close()

    def chapters(self, after: int, before: int) -> list[int]:
        """Return the chapters that may hold numbers between two (both exclusive), newest first."""
        first, last = max(after + 1, 0) // self._length, (before - 1) // self._length
        found = (n for n in sorted(self._chapters, reverse=True) if n != KEPT)
        kept = [KEPT] if after < self._kept_to else []
        return [*(n for n in found if first <= n <= last), *kept]

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Look at many chapters as of one moment, which costs half as much."""
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("ROLLBACK")

    def first_of(self, number: int) -> int:
        """Return the first number that a chapter may hold."""
        return max(number, 0) * self._length

    def find(self, number: int, match: str, after: int, before: int, limit: int) -> list[int]:
        """Return the newest numbers of a chapter that match, newest first."""
        table = _table(number)
        statement = (
            f"SELECT rowid FROM {table} WHERE {table} MATCH ?1 AND rowid > ?2 AND rowid < ?3 "  # noqa: S608 - a name of ours
            "ORDER BY rowid DESC LIMIT ?4"
        )
        rows = self.connection.execute(statement, (match, after, before, limit)).fetchall()
        return [seq for (seq,) in rows]

    def size(self) -> int:
        """Return how many bytes it takes on the disk."""
        (pages,) = self.connection.execute("PRAGMA page_count").fetchone()
        (size,) = self.connection.execute("PRAGMA page_size").fetchone()
        return int(pages) * int(size)

    def add(self, head: int, limit: int, *, down_to: int = 0) -> int:
        """Put the next events up to `head` into the index, newest chapter first.

        Returns how many numbers it went on by, 0 when nothing is left to do.
        """
        oldest = max(self._first, self._kept_to + 1, down_to) // self._length
        for number in range(head // self._length, oldest - 1, -1):
            start = max(number * self._length - 1, self._kept_to)
            indexed, _ = self._chapters.get(number, (start, False))
            until = min((number + 1) * self._length - 1, head)
            if indexed >= until:
                continue
            rows = self.log.execute(_ROWS, (indexed, until, limit)).fetchall()
            # Not up to `head`: it may be a number that was leased, and never given to an event.
            reached = int(rows[-1][0]) if rows else indexed
            if len(rows) < limit and until == (number + 1) * self._length - 1:
                reached = until
            if reached == indexed:
                continue
            with self._transaction():
                self._make(number)
                self._insert(_table(number), rows)
                self._save(number, reached, is_packed=False)
            return reached - indexed
        return 0

    def merge(self) -> bool:
        """Do a piece of the merging that keeps searches fast; False when none is left."""
        for number, (indexed, is_packed) in sorted(self._chapters.items(), reverse=True):
            if is_packed:
                continue
            # A chapter that is complete becomes one segment, one that grows a few.
            is_full = indexed == (number + 1) * self._length - 1
            if self._merge(_table(number), -MERGE_PAGES if is_full else MERGE_PAGES):
                return True
            self._save(number, indexed, is_packed=True)
        return False

    def keep(self, pruned_to: int) -> bool:
        """Move what is left of one chapter that was pruned to the kept; False when none is left."""
        number = min((n for n in self._chapters if n != KEPT), default=None)
        if number is None:
            return False
        start, until = (
            max(number * self._length - 1, self._kept_to),
            (number + 1) * self._length - 1,
        )
        if until > pruned_to:
            return False
        rows = self.log.execute(_ROWS, (start, until, self._length)).fetchall()
        with self._transaction():
            self._make(KEPT)
            self._insert(_table(KEPT), rows)
            self._save(KEPT, until, is_packed=False)
            self._drop(number)
        return True

    @property
    def _kept_to(self) -> int:
        return self._chapters.get(KEPT, (0, True))[0]

    def _make(self, number: int) -> None:
        if number in self._chapters:
            return
        table = _table(number)
        self.connection.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5("
            "words, kind, content='', columnsize=0, detail=column, tokenize='ascii')"
        )
        # Merging happens in steps of its own, never inside an insert.
        for option, value in (("automerge", 0), ("crisismerge", 1999), ("usermerge", 8)):
            self.connection.execute(
                f"INSERT INTO {table} ({table}, rank) VALUES (?, ?)",  # noqa: S608 - a name of ours
                (option, value),
            )

    def _insert(self, table: str, rows: list[tuple[int, int, bytes]]) -> None:
        entries = [
            (seq, words, str(kind)) for seq, kind, body in rows if (words := index_words(body))
        ]
        if entries:
            self.connection.execute(
                f"INSERT INTO {table} (rowid, words, kind) {_ADD}",
                (msgspec.json.encode(entries).decode(),),
            )

    def _merge(self, table: str, pages: int) -> bool:
        before = self.connection.total_changes
        self.connection.execute(
            f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)",  # noqa: S608 - a name of ours
            (pages,),
        )
        # By SQLite's documentation: fewer than two changes, and there was nothing to merge.
        return self.connection.total_changes - before >= 2

    def _save(self, number: int, indexed: int, *, is_packed: bool) -> None:
        self.connection.execute(_SAVE, (number, indexed, is_packed))
        self._chapters[number] = (indexed, is_packed)

    def _drop(self, number: int) -> None:
        self.connection.execute(f"DROP TABLE IF EXISTS {_table(number)}")
        self.connection.execute("DELETE FROM chapters WHERE number = ?", (number,))
        del self._chapters[number]

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        chapters = dict(self._chapters)
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            self._chapters = chapters
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise


def _table(number: int) -> str:
    return "words_kept" if number == KEPT else f"words_{number}"


def _open(path: Path, log_id: int) -> sqlite3.Connection:
    """Open the index of this log; one of another log or form is thrown away."""
    connection = _connect(path)
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    found = connection.execute("SELECT name, value FROM meta").fetchall() if tables else []
    if dict(found) == {"log_id": log_id, "form": FORM}:
        return connection
    connection.close()
    discard(path)
    connection = _connect(path)
    connection.execute("BEGIN")
    connection.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID")
    connection.execute(
        "CREATE TABLE chapters "
        "(number INTEGER PRIMARY KEY, indexed INTEGER NOT NULL, is_packed INTEGER NOT NULL)"
    )
    connection.execute("INSERT INTO meta VALUES ('log_id', ?), ('form', ?)", (log_id, FORM))
    connection.execute("COMMIT")
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    connection = sqlite3.connect(
        path,
        isolation_level=None,
        check_same_thread=False,  # closed by another thread at the end
        cached_statements=512,  # one for each chapter
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def discard(path: Path) -> None:
    """Remove an index; it will be made anew."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
