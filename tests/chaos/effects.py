"""Modules that write down all they do, and the count of what is missing and what came twice."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.inside import is_money
from tests.chaos.marks import Report
from tests.e2e.core_process import write_module

__all__ = [
    "Life",
    "Logged",
    "blocks_run_again",
    "caught_up",
    "check_effects",
    "lives",
    "read_log",
    "round_trips",
    "write_effects",
]

CODE = '''
import os
import sqlite3
import time

from streamcore.protocol.commands import EmitEvent
from streamcore.sdk import BaseModule, every, on_event


class Effects(BaseModule):
    """Keeps each effect where a kill cannot take it back."""

    async def setup(self):
        self.db = sqlite3.connect(self.data_dir / "effects.db", isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")  # a kill takes nothing from the system
        self.db.execute("CREATE TABLE IF NOT EXISTS effects (event TEXT PRIMARY KEY, seq INTEGER)")
        self.db.execute("CREATE TABLE IF NOT EXISTS again (event TEXT)")
        self.chat = self.open("chat")
        self.times = self.open("times")
        self.is_new = True

    def open(self, name):
        return os.open(self.data_dir / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    @on_event("chat_message")
    async def hear(self, event):
        os.write(self.chat, b"%d\\n" % event.seq)
        self.begin()

    def begin(self):
        if self.is_new:
            self.is_new = False
            line = f"{os.getpid()} {time.time()}\\n"
            with open(self.data_dir / "lives", "a") as file:
                file.write(line)

    @on_event("donation", "subscription")
    async def keep(self, event):
        self.begin()
        async with event.once():
            try:
                self.db.execute("INSERT INTO effects VALUES (?, ?)", (event.id, event.seq))
            except sqlite3.IntegrityError:
                # The last life ended between this line and the end of the block.
                self.db.execute("INSERT INTO again VALUES (?)", (event.id,))

    @on_event("donation", "subscription")
    async def tell(self, event):
        async with event.once():
            await self.execute(EmitEvent(name="effect", data={"of": event.id}))

    @every(seconds=0.1)
    async def measure(self):
        begin = time.perf_counter()
        await self.storage.get("nothing")
        os.write(self.times, b"%.3f\\n" % ((time.perf_counter() - begin) * 1000))
'''


@dataclass(frozen=True, slots=True)
class Life:
    """One process of a module, and when it had its first event (wall time)."""

    pid: int
    at: float


@dataclass(frozen=True, slots=True)
class Logged:
    """What the log holds at the end."""

    numbers: Counter[int]
    """How often each of the sender's numbers is there."""
    money: dict[str, int]
    """Number of each money event by its id."""
    told: Counter[tuple[str, str]]
    """How often a module told of an effect: module and event."""
    integrity: str


def write_effects(home: Path, count: int) -> list[str]:
    """Write modules that keep their effects and return their ids."""
    module_ids = [f"effects_{number:02}" for number in range(count)]
    for module_id in module_ids:
        write_module(
            home,
            module_id,
            CODE,
            permissions=("chat_read", "donations_read", "audience_read"),
        )
    return module_ids


def read_log(home: Path, *, with_chat: bool = True) -> Logged:
    """Read the log from the database itself, and look whether it is whole; or a part of it."""
    numbers: Counter[int] = Counter()
    money: dict[str, int] = {}
    told: Counter[tuple[str, str]] = Counter()
    query = """
        SELECT body ->> '$.source_id', body ->> '$.id', body ->> '$.module_id', body ->> '$.data.of'
        FROM log"""
    if not with_chat:
        query += " WHERE kind NOT IN (SELECT id FROM kinds WHERE type = 'chat_message')"
    with closing(sqlite3.connect(f"file:{home / 'streamcore.db'}?mode=ro", uri=True)) as database:
        for source_id, id_, module_id, of in database.execute(query):
            if of:
                told[module_id, of] += 1
            elif source_id and source_id.startswith("chaos-"):
                number = int(source_id.removeprefix("chaos-"))
                numbers[number] += 1
                if is_money(number):
                    money[id_] = number
        integrity = ""
        if with_chat:
            (integrity,) = database.execute("PRAGMA integrity_check").fetchone()
    return Logged(numbers, money, told, integrity)


async def caught_up(home: Path, module_ids: Sequence[str], within_s: float) -> None:
    """Wait until every module did what the log asks for, or nothing more is done for so long."""
    end, done = time.monotonic() + within_s, -1
    while time.monotonic() < end:
        logged = await asyncio.to_thread(read_log, home, with_chat=False)
        effects = [_effects(home, module_id).keys() for module_id in module_ids]
        told = sum(logged.told[m, id_] > 0 for m in module_ids for id_ in logged.money)
        now = told + sum(len(logged.money.keys() & each) for each in effects)
        if now == 2 * len(module_ids) * len(logged.money):
            return
        if now > done:
            end, done = time.monotonic() + within_s, now
        await asyncio.sleep(0.25)


def check_effects(
    report: Report, home: Path, module_ids: Sequence[str], acknowledged: Iterable[int]
) -> None:
    """Hold what was logged and done against what was acknowledged."""
    logged = read_log(home)
    expected = set(acknowledged)
    report.tell("events acknowledged", len(expected))
    report.tell("of these money", sum(map(is_money, expected)))
    report.none("acknowledged, but not in the log", len(expected - logged.numbers.keys()))
    report.none("twice in the log", _doubled(logged.numbers))
    effects = {module_id: _effects(home, module_id) for module_id in module_ids}
    missing = sum(len(logged.money.keys() - done.keys()) for done in effects.values())
    report.none("money effects missing in a module", missing)
    untold = sum(not logged.told[m, id_] for m in module_ids for id_ in logged.money)
    report.none("money commands missing in the log", untold)
    report.none("money commands done twice (once + idempotency)", _doubled(logged.told))
    unordered = sum(not _ascends(list(done.values())) for done in effects.values())
    report.none("modules whose money came out of order", unordered)
    chats = [_numbers(home / "module_data" / m / "chat") for m in module_ids]
    report.none("modules with chat twice or out of order", sum(not _ascends(c) for c in chats))
    report.tell("chat messages handled", sum(map(len, chats)))
    report.true("the database is whole", holds=logged.integrity == "ok")


def blocks_run_again(home: Path, module_ids: Sequence[str]) -> int:
    """Count the `once` blocks that a kill interrupted behind their effect."""
    return sum(
        database.execute("SELECT count(*) FROM again").fetchone()[0]
        for module_id in module_ids
        for database in [sqlite3.connect(home / "module_data" / module_id / "effects.db")]
    )


def lives(home: Path, module_id: str) -> list[Life]:
    """Return a module's lives, oldest first."""
    path = home / "module_data" / module_id / "lives"
    lines = path.read_text().splitlines() if path.exists() else []
    return [Life(int(pid), float(at)) for pid, at in (line.split() for line in lines)]


def round_trips(home: Path, module_ids: Sequence[str]) -> list[float]:
    """Return the modules' round trips in ms."""
    return [
        float(line)
        for module_id in module_ids
        for line in _lines(home / "module_data" / module_id / "times")
    ]


def _effects(home: Path, module_id: str) -> dict[str, int]:
    """Return the log number of each event with an effect, in the order of the effects."""
    path = home / "module_data" / module_id / "effects.db"
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path, timeout=5)) as database:
        return dict(database.execute("SELECT event, seq FROM effects ORDER BY rowid").fetchall())


def _numbers(path: Path) -> list[int]:
    return [int(line) for line in _lines(path)]


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _doubled(counts: Counter[int] | Counter[tuple[str, str]]) -> int:
    return sum(count - 1 for count in counts.values())


def _ascends(numbers: Sequence[int]) -> bool:
    return all(a < b for a, b in itertools.pairwise(numbers))
