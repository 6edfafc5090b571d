"""Reads what can still be read out of a damaged database, row by row, into a fresh one.

What a row means is asked of the row itself where that is possible: an event names its type, its
platform and its module, so the log does not depend on the table that numbers them.

What the streamer granted is only taken when all of it can be read: a withdrawal that is lost with
its page would otherwise give back what was withdrawn. So modules ask again.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import msgspec

from streamcore.core.store.tables import small_tables

__all__ = ["Salvaged", "salvage"]

BATCH = 500
LEASE = 100_000
"""The numbers of what could not be read must not be given out again."""
LARGEST = 1 << 52
"""A number beyond it is damage: no reader in JavaScript could tell it from the next."""
TOP = (1 << 63) - 1
MAX_PLACES = 5_000
"""A table with more damage than that is given up: a start must come to an end."""
GRANTS = ("consents", "withdrawn", "enabled")
NEVER_FROM_BACKUP = frozenset({*GRANTS, "sessions", "view_keys", "cursors", "seen", "answers"})
"""What was withdrawn, ended or dealt with since must not come back."""

NAMES = {
    "log": "events",
    "seen": "what has come before",
    "audit": "the list of actions",
    "sessions": "logins of the dashboard",
    "view_keys": "addresses of overlays",
    "notes": "settings of platforms",
    **dict.fromkeys(GRANTS, "permissions"),
}
"""What the tables are to the streamer; all others hold data of modules."""
BY_THEMSELVES = frozenset({"kinds", "meta"})

_STORAGE_SIZE = """
    INSERT INTO storage_size
    SELECT module_id, sum(length(CAST(key AS BLOB)) + length(value)) FROM storage GROUP BY 1"""
_LOG = "SELECT seq, received_ms, body FROM log WHERE seq >= ? ORDER BY seq"
_SEEN = "SELECT key, at_ms FROM seen WHERE key >= ? ORDER BY key"


class _Event(msgspec.Struct):
    """What the log sorts an event by."""

    type: str
    platform: str = ""
    module_id: str = ""


_DECODER = msgspec.json.Decoder(_Event)


@dataclass(slots=True)
class Salvaged:
    """What came over, and where something is missing."""

    rows: int = 0
    """Of the small tables."""
    events: int = 0
    from_backup: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    """Places of each table that could not be read; how many rows lay there nobody knows."""

    @property
    def is_nothing(self) -> bool:
        """Tell whether the new database would be as empty as that of a first start."""
        return not (self.rows or self.events or self.from_backup)

    @property
    def asks_again(self) -> bool:
        """Tell whether what the streamer granted could not all be read."""
        return any(self.lost[table] for table in GRANTS)

    def told(self) -> list[str]:
        """Name what could not all be read, in the streamer's words."""
        return sorted({NAMES.get(table, "module data") for table in +self.lost})


def salvage(damaged: Path | None, fresh: sqlite3.Connection, backup: Path | None) -> Salvaged:
    """Fill an empty database of ours from a damaged one, and its gaps from a backup."""
    done = Salvaged()
    kinds = _Kinds(fresh)
    log_id, leased = None, 0
    if damaged is None:
        done.lost.update((*(table.name for table in _small_tables(fresh)), "log"))
    else:
        with closing(_open(damaged)) as source:
            log_id, leased = _meta(source, "log_id"), _meta(source, "leased") or 0
            _copy_tables(source, fresh, done)
            done.events = _copy_log(source, fresh, kinds, done)
            _copy_seen(source, fresh, done)
    if backup is not None and done.lost:
        with closing(_open(backup)) as source:
            if log_id is None or log_id == _meta(source, "log_id"):
                leased = max(leased, _meta(source, "leased") or 0)
                done.from_backup = _fill_from_backup(source, fresh, kinds, done)
    done.rows = sum(
        fresh.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]  # noqa: S608 - a name of ours
        for table in _small_tables(fresh)
    )
    fresh.execute("DELETE FROM storage_size")
    fresh.execute(_STORAGE_SIZE)
    (last,) = fresh.execute("SELECT ifnull(max(seq), 0) FROM log").fetchone()
    if not last <= leased <= LARGEST:
        leased = last
    fresh.execute("INSERT OR REPLACE INTO meta VALUES ('leased', ?)", (leased + LEASE,))
    return done


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    # A table of contents that is damaged in one place is still good for the others.
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _meta(source: sqlite3.Connection, name: str) -> int | None:
    try:
        row = source.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    except sqlite3.Error:
        return None
    return row[0] if row is not None and isinstance(row[0], int) else None


class _Kinds:
    """The numbers that the fresh database gives to type, platform and module."""

    def __init__(self, fresh: sqlite3.Connection) -> None:
        self._fresh = fresh
        self._known: dict[tuple[str, str, str], int] = {}

    def of(self, body: bytes) -> int | None:
        """Return the number for an encoded event, None when it is none."""
        try:
            event = _DECODER.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        kind = (event.type, event.platform, event.module_id)
        number = self._known.get(kind)
        if number is None:
            insert = "INSERT INTO kinds (type, platform, module_id) VALUES (?, ?, ?)"
            number = self._known[kind] = int(self._fresh.execute(insert, kind).lastrowid or 0)
        return number


def _copy_log(
    source: sqlite3.Connection, fresh: sqlite3.Connection, kinds: _Kinds, done: Salvaged
) -> int:
    """Copy every event that is whole and not there yet; return how many."""
    insert = "INSERT OR IGNORE INTO log VALUES (?, ?, ?, ?)"
    inserted = 0
    batch: list[tuple[int, int, int, bytes]] = []
    for seq, received_ms, body in _rows(source, _LOG, "log", done):
        kind = kinds.of(body) if isinstance(body, bytes) else None
        if kind is None or not isinstance(body, bytes) or seq > LARGEST:
            done.lost["log"] += 1
            continue
        batch.append((seq, kind, received_ms if isinstance(received_ms, int) else 0, body))
        if len(batch) == BATCH:
            inserted += fresh.executemany(insert, batch).rowcount
            batch.clear()
    inserted += fresh.executemany(insert, batch).rowcount
    return inserted


def _copy_seen(source: sqlite3.Connection, fresh: sqlite3.Connection, done: Salvaged) -> None:
    rows = _rows(source, _SEEN, "seen", done, start=-TOP - 1)
    fresh.executemany(
        "INSERT OR IGNORE INTO seen VALUES (?, ?)",
        (row for row in rows if isinstance(row[1], int)),
    )


def _rows(
    source: sqlite3.Connection, statement: str, table: str, done: Salvaged, *, start: int = 0
) -> Iterator[tuple[int, object, object]]:
    """Yield the rows of a table with numbers as keys, past every place that is damaged."""
    at = start
    while done.lost[table] < MAX_PLACES:
        try:
            for row in source.execute(statement, (at,)):
                # In a damaged tree rows may come again.
                if row[0] >= at:
                    yield row
                    at = row[0] + 1
            return
        except (sqlite3.Error, OverflowError):
            done.lost[table] += 1
        next_at = _past(source, statement, at)
        if next_at is None:
            return
        at = next_at


def _past(source: sqlite3.Connection, statement: str, broken: int) -> int | None:
    """Return the first key behind a damaged place: in leaps that double, then by halving."""

    def is_readable(key: int) -> bool:
        try:
            source.execute(statement + " LIMIT 1", (key,)).fetchone()
        except (sqlite3.Error, OverflowError):
            return False
        return True

    leap, bad = 1, broken
    while not is_readable(min(broken + leap, TOP)):
        bad = broken + leap
        if bad >= TOP:
            return None
        leap *= 2
    good = min(broken + leap, TOP)
    while good - bad > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if is_readable(middle) else (good, middle)
    return good


def _copy_tables(source: sqlite3.Connection, fresh: sqlite3.Connection, done: Salvaged) -> None:
    """Copy the small tables."""
    for table in _small_tables(fresh):
        _copy(source, fresh, table, done)
    if done.asks_again:
        for name in GRANTS:
            fresh.execute(f"DELETE FROM {name}")  # noqa: S608 - a name of ours


def _fill_from_backup(
    source: sqlite3.Connection, fresh: sqlite3.Connection, kinds: _Kinds, done: Salvaged
) -> int:
    """Take what is missing and does no harm by being old; return how many events that is."""
    unread = Salvaged()
    for table in _small_tables(fresh):
        if done.lost[table.name] and table.name not in NEVER_FROM_BACKUP:
            _copy(source, fresh, table, unread)
    return _copy_log(source, fresh, kinds, unread)


class _Table(NamedTuple):
    """A table as our schema has it."""

    name: str
    columns: tuple[str, ...]
    types: tuple[type | tuple[type, ...], ...]

    def is_sound(self, row: Sequence[object]) -> bool:
        """Tell whether every value is of its column's type."""
        return all(isinstance(value, kind) for value, kind in zip(row, self.types, strict=True))


_TYPES = {"INTEGER": int, "TEXT": str, "BLOB": bytes}


def _small_tables(fresh: sqlite3.Connection) -> list[_Table]:
    tables = []
    for name in small_tables(fresh):
        if name in BY_THEMSELVES:
            continue
        columns = fresh.execute(f"PRAGMA table_info({name})").fetchall()
        types = [
            _TYPES[kind] if is_filled or is_key else (_TYPES[kind], type(None))
            for _, _, kind, is_filled, _, is_key in columns
        ]
        tables.append(_Table(name, tuple(column[1] for column in columns), tuple(types)))
    return tables


def _copy(
    source: sqlite3.Connection, fresh: sqlite3.Connection, table: _Table, done: Salvaged
) -> None:
    """Copy a table from its beginning up to a damaged place, and from its end down to one."""
    names = ", ".join(table.columns)
    insert = (
        f"INSERT OR IGNORE INTO {table.name} ({names}) "  # noqa: S608 - names of ours
        f"VALUES ({', '.join('?' * len(table.columns))})"
    )
    for order in ("ASC", "DESC"):
        statement = f"SELECT {names} FROM {table.name} ORDER BY {table.columns[0]} {order}"  # noqa: S608 - as above
        try:
            for row in source.execute(statement):
                if table.is_sound(row):
                    fresh.execute(insert, row)
                else:
                    done.lost[table.name] += 1
            return
        except (sqlite3.Error, OverflowError):
            done.lost[table.name] += 1
