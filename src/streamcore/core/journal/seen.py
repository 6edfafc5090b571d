"""What the platforms sent in the last day, so that a fact that comes twice is logged once.

A key is 64 random bits. To put each into its table as it comes would write a page of its own for
it, and cost more than the event. So the newest keys are kept in memory and go to the table many at
a time, in the order of its pages; after a crash they are made again from the log itself.
"""

from __future__ import annotations

import hashlib
import sqlite3

import msgspec

from streamcore.protocol.limits import DEDUPE_WINDOW_S

__all__ = ["DEDUPE_WINDOW_MS", "Keys", "Seen", "dedupe_key"]

DEDUPE_WINDOW_MS = DEDUPE_WINDOW_S * 1000
BATCH = 4096
"""Keys that are put into the order of the table's pages at a time, and that a start after a crash
makes again: some milliseconds."""
SLICE = 64
"""Keys that ride with one commit, when it has no more events of its own."""

_REMEMBER = """
    INSERT INTO seen (key, at_ms) SELECT value ->> 0, value ->> 1 FROM json_each(?) WHERE true
    ON CONFLICT (key) DO UPDATE SET at_ms = excluded.at_ms"""
_BEHIND = "SELECT value FROM meta WHERE name = 'seen'"
_UP_TO = (
    "INSERT INTO meta VALUES ('seen', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)

Keys = list[tuple[int, int]]
"""Keys and when each was seen."""


def dedupe_key(platform: str, source_id: str, *, is_test: bool) -> int:
    """Return 64 bits that stand for a fact of a platform; a test never stands for a real one.

    The ids themselves are long and random: as the key of a table they cost more than the event.
    Two facts among a day's million share a key with a chance of one in forty million.
    """
    fact = f"{platform}\0{source_id}\0{'1' if is_test else '0'}"
    return int.from_bytes(
        hashlib.blake2b(fact.encode(), digest_size=8).digest(), "big", signed=True
    )


class _Fact(msgspec.Struct):
    """What a logged event is known by."""

    platform: str
    source_id: str = ""
    is_test: bool = False


class Seen:
    """The newest keys and how far the table has them; after `load` for the writing thread alone."""

    def __init__(self) -> None:
        self._recent: dict[int, int] = {}
        self._due: Keys = []
        """What is on its way to the table, the largest first."""
        self._due_to = 0
        self._last = 0
        self._saved_to = 0

    def load(self, connection: sqlite3.Connection, last: int) -> None:
        """Make the keys again that are in the log, which ends at `last`, but not in the table."""
        row = connection.execute(_BEHIND).fetchone()
        self._last = last
        self._saved_to = int(row[0]) if row is not None else last
        rows = connection.execute(
            "SELECT received_ms, body FROM log WHERE seq > ?", (self._saved_to,)
        )
        for at_ms, body in rows:
            fact = msgspec.json.decode(body, type=_Fact)
            if fact.source_id:
                key = dedupe_key(fact.platform, fact.source_id, is_test=fact.is_test)
                self._recent[key] = at_ms

    def has(self, key: int, after_ms: int) -> bool:
        """Tell whether a key is among the newest; otherwise it may still be in the table."""
        at_ms = self._recent.get(key)
        return at_ms is not None and at_ms > after_ms

    def remember(self, keys: Keys, last: int) -> None:
        """Everything up to `last` is logged, and these are the keys of it."""
        self._recent.update(keys)
        self._last = last
        if not self._due and len(self._recent) >= BATCH:
            self._gather()

    def next_slice(self, size: int) -> Keys:
        """Return what should be saved with a commit of `size` events; mostly nothing."""
        return self._due[-max(size, SLICE) :]

    def rest(self) -> Keys:
        """Return everything that is not in the table."""
        self._gather()
        return self._due

    def save(self, connection: sqlite3.Connection, keys: Keys) -> None:
        """Put a slice into the table."""
        connection.execute(_REMEMBER, (msgspec.json.encode(keys).decode(),))
        self.note(connection, self._due_to if len(keys) == len(self._due) else self._saved_to)

    def note(self, connection: sqlite3.Connection, up_to: int | None = None) -> None:
        """Write down how far the table goes, so that a start knows what it has to make again."""
        connection.execute(_UP_TO, (self._saved_to if up_to is None else up_to,))

    def saved(self, keys: Keys) -> None:
        """A slice is committed."""
        del self._due[len(self._due) - len(keys) :]
        for key, at_ms in keys:
            if self._recent.get(key) == at_ms:
                del self._recent[key]
        if not self._due:
            self._saved_to = self._due_to

    def _gather(self) -> None:
        self._due = sorted(self._recent.items(), reverse=True)
        self._due_to = self._last
