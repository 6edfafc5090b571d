"""Makes a home with a long log: the product's own schema and encoding, written in bulk.

The journal itself commits before it answers, which is right for it and slow for millions of rows;
so the rows are written here as it would write them, the word index included. People and words are
as frequent as they are in a chat: a few all the time, most hardly ever. Long logs are kept between
calls, in `benchmarks/results/`.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from benchmarks.plan import Plan
from benchmarks.source import chat, donation
from streamcore.core.config import INDEX_NAME
from streamcore.core.journal.chapters import WordFile
from streamcore.core.store import Store
from streamcore.core.store.opening import open_reader
from streamcore.protocol.events import Event
from streamcore.protocol.ids import new_id
from streamcore.protocol.objects import Fragment, FragmentKind, User

__all__ = ["Chatter", "cached", "fill", "login", "word"]

STEP = 50_000
WORDS = 20_000
PEOPLE = 50_000
_SYLLABLES = tuple(a + b for a in "bdfgklmnprstvz" for b in "aeiou")
DAYS = 60
"""The log is spread over so long, within what retention keeps."""
_FORM = 3
"""Goes up when the content changes, so that no older log is measured."""
_KINDS = ((1, "chat_message", "bench", ""), (2, "donation", "bench", ""))


def fill(plan: Plan, home: Path, events: int) -> None:
    """Give a home a log of so many events."""
    shutil.copytree(cached(plan, events), home, dirs_exist_ok=True)
    home.chmod(0o700)


def cached(plan: Plan, events: int) -> Path:
    """Return a home with so many events; made when it is not there yet."""
    found = plan.cache / f"log-{_FORM}-{events}"
    if not found.exists():
        part = plan.cache / f"part-{events}"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        print(f"    writes a log of {events:,} events …", flush=True)
        asyncio.run(_make(part / "streamcore.db"))
        _write(part / "streamcore.db", events)
        part.rename(found)
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
    chatter = Chatter()
    begin = datetime.now(UTC) - timedelta(days=DAYS)
    for start in range(1, events + 1, STEP):
        rows = [
            _row(seq, begin + timedelta(days=DAYS) * (seq / events), chatter)
            for seq in range(start, min(start + STEP, events + 1))
        ]
        connection.executemany("INSERT INTO log VALUES (?, ?, ?, ?)", rows)
    connection.execute("INSERT INTO meta VALUES ('leased', ?)", (events + 4096,))
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    _index(path, events)


def _index(path: Path, events: int) -> None:
    """Let the product index the log, in larger steps and without a rest."""
    file = WordFile(path.with_name(INDEX_NAME), open_reader(path), last=events)
    file.connection.execute("PRAGMA synchronous = OFF")
    while file.add(events, STEP) or file.merge():
        pass
    file.close()


class Chatter:
    """Invents who writes what: the n-th word and the n-th person come with a frequency of 1/n."""

    def __init__(self) -> None:
        self._random = random.Random(1)
        self._words = [word(number) for number in range(WORDS)]
        self._word_weights = _zipf(WORDS)
        self._person_weights = _zipf(PEOPLE)
        self._people = range(PEOPLE)

    def person(self) -> int:
        """Return the number of somebody."""
        return self._random.choices(self._people, cum_weights=self._person_weights)[0]

    def line(self) -> str:
        """Return eight words."""
        return " ".join(self._random.choices(self._words, cum_weights=self._word_weights, k=8))


def login(person: int) -> str:
    """Return a person's login."""
    return f"{word(person)}{person}"


def word(number: int) -> str:
    """Return a word of its own for a number: syllables, like a language's."""
    syllables = []
    number += len(_SYLLABLES)
    while number:
        number, digit = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[digit])
    return "".join(syllables)


def _zipf(count: int) -> list[float]:
    return list(itertools.accumulate(1 / rank for rank in range(1, count + 1)))


def _row(seq: int, at: datetime, chatter: Chatter) -> tuple[int, int, int, bytes]:
    event = _event(seq, chatter)
    event = msgspec.structs.replace(event, id=new_id(), seq=seq, at=at, received_at=at)
    kind = 2 if seq % 100 == 0 else 1
    return seq, kind, int(at.timestamp() * 1000), msgspec.json.encode(event)


def _event(seq: int, chatter: Chatter) -> Event:
    person, text = chatter.person(), chatter.line()
    if seq % 100 == 0:
        return msgspec.structs.replace(donation(seq), donor=login(person), text=text)
    user = User(id=str(person), login=login(person), name=login(person).title())
    fragments = (Fragment(kind=FragmentKind.TEXT, text=text),)
    return msgspec.structs.replace(chat(seq), user=user, text=text, fragments=fragments)
