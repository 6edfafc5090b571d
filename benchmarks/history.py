"""Makes a home with a long log: the product's own schema and encoding, written in bulk.

The journal itself commits before it answers, which is right for it and slow for millions of rows;
so the rows are written here as it would write them, the word index included. Long logs are kept
between calls, in `benchmarks/results/`.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from benchmarks.plan import Plan
from benchmarks.source import chat, donation
from streamcore.core.journal.words import index_words
from streamcore.core.store import Store
from streamcore.protocol.events import Event, Origin
from streamcore.protocol.ids import new_id

__all__ = ["cached", "fill"]

STEP = 50_000
DAYS = 60
"""The log is spread over so long, within what retention keeps."""
_KINDS = ((1, "chat_message", "bench", ""), (2, "donation", "bench", ""))


def fill(plan: Plan, home: Path, events: int) -> None:
    """Give a home a log of so many events."""
    home.mkdir(parents=True, mode=0o700, exist_ok=True)
    shutil.copyfile(cached(plan, events), home / "streamcore.db")


def cached(plan: Plan, events: int) -> Path:
    """Return a database with so many events; made when it is not there yet."""
    plan.cache.mkdir(parents=True, exist_ok=True)
    found = plan.cache / f"log-{events}.db"
    if not found.exists():
        part = plan.cache / f"part-{events}" / "streamcore.db"
        shutil.rmtree(part.parent, ignore_errors=True)
        part.parent.mkdir()
        print(f"    writes a log of {events:,} events …", flush=True)
        asyncio.run(_make(part))
        _write(part, events)
        part.rename(found)
        shutil.rmtree(part.parent)
    return found


async def _make(path: Path) -> None:
    """Let the product make the tables."""
    store = await Store.open(path)
    await store.close()


def _write(path: Path, events: int) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -400000")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO kinds VALUES (?, ?, ?, ?)", _KINDS)
    begin = datetime.now(UTC) - timedelta(days=DAYS)
    for start in range(1, events + 1, STEP):
        rows = [
            _row(seq, begin + timedelta(days=DAYS) * (seq / events))
            for seq in range(start, min(start + STEP, events + 1))
        ]
        connection.executemany("INSERT INTO log VALUES (?, ?, ?, ?)", rows)
        connection.executemany(
            "INSERT INTO search (rowid, words, kind) VALUES (?, ?, ?)",
            ((seq, index_words(body), str(kind)) for seq, kind, _, body in rows),
        )
    meta = (("leased", events + 4096), ("indexed", events))
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def _row(seq: int, at: datetime) -> tuple[int, int, int, bytes]:
    event: Event = donation(seq) if seq % 100 == 0 else chat(seq)
    event = msgspec.structs.replace(
        event, id=new_id(), seq=seq, at=at, received_at=at, origin=Origin.LIVE
    )
    kind = 2 if seq % 100 == 0 else 1
    return seq, kind, int(at.timestamp() * 1000), msgspec.json.encode(event)
