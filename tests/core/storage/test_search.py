"""The word index: chapters, paging, what is pruned, damaged, or of another log."""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from streamcore.core.config import INDEX_NAME
from streamcore.core.journal import EventQuery, Journal
from streamcore.core.journal.chapters import KEPT, WordFile
from streamcore.core.journal.searching import Question, search
from streamcore.core.journal.words import index_words
from streamcore.core.migrations import MIGRATIONS
from streamcore.core.store import Store
from streamcore.core.store.opening import open_reader, open_writer
from tests.core.storage.conftest import Published
from tests.core.storage.events import chat, donation
from tests.fakes.clock import ManualClock

LENGTH = 50
WORDS = ("hello", "help", "held", "he", "hi", "night", "nightfall", "rare", "кот", "котик", "😀")
PEOPLE = ("Ann", "Anna", "Bob", "Hel")
CHAT, GIFT = 1, 2


class Log:
    """A log of its own, and what a search of it must find."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "streamcore.db"
        self.words_path = folder / INDEX_NAME
        self.bodies: dict[int, tuple[int, str]] = {}
        open_writer(self.path).close()

    def fill(self, seqs: range, chance: random.Random) -> None:
        """Write a line of chat for each number, now and then a donation."""
        rows = []
        for seq in seqs:
            text = " ".join(chance.choices(WORDS, weights=(9, 9, 9, 9, 9, 3, 3, 1, 3, 3, 3), k=3))
            by = chance.choice(PEOPLE)
            kind = GIFT if seq % 17 == 0 else CHAT
            event = donation(text, donor=by) if kind == GIFT else chat(text, by=by)
            body = msgspec.json.encode(event)
            rows.append((seq, kind, 0, body))
            self.bodies[seq] = (kind, index_words(body))
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.executemany("INSERT INTO log VALUES (?, ?, ?, ?)", rows)

    def prune(self, seqs: list[int]) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.executemany("DELETE FROM log WHERE seq = ?", [(seq,) for seq in seqs])
        for seq in seqs:
            del self.bodies[seq]

    def open(self, *, last: int) -> WordFile:
        return WordFile(self.words_path, open_reader(self.path), last=last, chapter=LENGTH)

    def expected(self, text: str, kinds: set[int] | None) -> list[int]:
        """Look at every event, newest first."""
        return [
            seq
            for seq, (kind, there) in sorted(self.bodies.items(), reverse=True)
            if (kinds is None or kind in kinds)
            and all(
                any(word.startswith(asked) for word in there.split())
                if len(asked) >= 3
                else asked in there.split()
                for asked in text.split()
            )
        ]


def pages(
    file: WordFile, text: str, kinds: set[int] | None, limit: int, budget_s: float
) -> Iterator[list[int]]:
    before: int | None = 1 << 60
    while before is not None:
        found = search(file, Question.of(text, kinds, 0, before, limit), budget_s=budget_s)
        assert found.next is None or found.next < before
        yield [row.seq for row in found.rows]
        before = found.next


QUESTIONS = ("hel", "hello", "he", "help night", "rare", "ann", "anna rare", "кот", "😀 bob", "zzz")


@pytest.mark.parametrize("budget_s", [0.0, 9.0], ids=["out of time", "in time"])
@pytest.mark.parametrize("kinds", [None, {CHAT}, {GIFT}, {CHAT, GIFT}, set()], ids=str)
def test_pages_find_everything_once_and_newest_first(
    tmp_path: Path, kinds: set[int] | None, budget_s: float
) -> None:
    log = Log(tmp_path)
    log.fill(range(1, 731), random.Random(1))
    with closing(log.open(last=730)) as file:
        while file.add(730, 30):
            pass
        while file.merge():
            pass
        for text in QUESTIONS:
            for limit in (1, 7, 500):
                found = list(pages(file, text, kinds, limit, budget_s))
                assert all(len(page) <= limit for page in found)
                assert [seq for page in found for seq in page] == log.expected(text, kinds)


def test_a_search_that_is_out_of_time_says_where_to_go_on(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.fill(range(1, 300), random.Random(1))
    with closing(log.open(last=299)) as file:
        while file.add(299, 500):
            pass
        found = search(file, Question.of("zzz", None, 0, 300, 10), budget_s=0)
        assert found == ([], 250)


def test_what_was_pruned_is_not_found_and_what_is_left_is_kept_together(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.fill(range(1, 400), random.Random(2))
    with closing(log.open(last=399)) as file:
        while file.add(399, 500):
            pass
        log.prune([seq for seq in range(1, 320) if log.bodies[seq][0] == CHAT])
        for is_kept in (False, True):
            if is_kept:
                while file.keep(320):
                    pass
                # The chapter of 320 holds more than was pruned.
                assert file.chapters(0, 400) == [7, 6, KEPT]
            for text in QUESTIONS:
                found = [seq for page in pages(file, text, None, 9, 9) for seq in page]
                assert found == log.expected(text, None)
        log.fill(range(400, 450), random.Random(3))
        while file.add(449, 500):
            pass
    with closing(log.open(last=449)) as again:
        assert again.add(449, 500) == 0
        found = [seq for page in pages(again, "hel", None, 9, 9) for seq in page]
        assert found == log.expected("hel", None)


def test_an_older_log_in_its_place_is_indexed_anew_where_they_differ(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.fill(range(1, 120), random.Random(1))
    shutil.copyfile(log.path, tmp_path / "copy.db")
    log.fill(range(120, 260), random.Random(2))
    with closing(log.open(last=259)) as file:
        while file.add(259, 500):
            pass
    (tmp_path / "copy.db").replace(log.path)
    log.bodies = {seq: body for seq, body in log.bodies.items() if seq < 120}
    with closing(log.open(last=119)) as file:
        assert file.chapters(0, 1000) == [1, 0]
        log.fill(range(120, 260), random.Random(3))
        while file.add(259, 500):
            pass
        found = [seq for page in pages(file, "hel", None, 50, 9) for seq in page]
        assert found == log.expected("hel", None)


def test_the_index_of_another_log_is_thrown_away(tmp_path: Path) -> None:
    logs = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        log = Log(tmp_path / name)
        log.fill(range(1, 60), random.Random(name))
        with closing(log.open(last=59)) as file:
            while file.add(59, 500):
                pass
        logs.append(log)
    one, two = logs
    shutil.copyfile(one.words_path, two.words_path)
    with closing(two.open(last=59)) as file:
        assert file.chapters(0, 60) == []


def test_numbers_that_were_only_leased_do_not_make_the_index_look_like_another_logs(
    tmp_path: Path,
) -> None:
    log = Log(tmp_path)
    log.fill(range(1, 80), random.Random(1))
    for _ in range(2):
        with closing(log.open(last=79)) as file:
            while file.add(95, 500):
                pass
            assert file.add(95, 500) == 0
    with closing(log.open(last=79)) as file:
        assert file.chapters(0, 100) == [1, 0]


@pytest.mark.parametrize("where", [0, 100, 4096 * 3], ids=["header", "schema", "middle"])
async def test_a_damaged_index_is_made_anew(
    store: Store, clock: ManualClock, published: Published, tmp_path: Path, where: int
) -> None:
    path = tmp_path / INDEX_NAME
    for attempt in range(2):
        journal = Journal(store, clock, published)
        await journal.open()
        if not attempt:
            await journal.append([chat(f"line {i}") for i in range(600)])
        page = await journal.page(EventQuery(q="line", limit=500))
        assert len(page.items) == 500
        await journal.close()
        content = bytearray(path.read_bytes())
        content[where : where + 4096] = b"\xa5" * 4096
        path.write_bytes(content)


@pytest.mark.skipif(sys.platform == "win32", reason="which has no permission bits")
async def test_the_index_is_private(journal: Journal, tmp_path: Path) -> None:
    await journal.page(EventQuery(q="anything"))
    assert (tmp_path / INDEX_NAME).stat().st_mode & 0o777 == 0o600


async def test_closing_leaves_one_file_of_the_index(
    store: Store, clock: ManualClock, published: Published, tmp_path: Path
) -> None:
    journal = Journal(store, clock, published)
    await journal.open()
    await journal.append([chat(f"line {i}") for i in range(600)])
    await journal.page(EventQuery(q="line"))
    await journal.close()
    assert [path.name for path in tmp_path.glob(f"{INDEX_NAME}*")] == [INDEX_NAME]


async def test_a_log_of_the_first_schema_is_found_again(
    tmp_path: Path, clock: ManualClock, published: Published
) -> None:
    path = tmp_path / "streamcore.db"
    with closing(open_writer(path, MIGRATIONS[:1])) as connection:
        connection.execute("INSERT INTO kinds VALUES (1, 'chat_message', 'twitch', '')")
        connection.execute("INSERT INTO meta VALUES ('indexed', 1)")
        body = msgspec.json.encode(chat("from long ago"))
        connection.execute("INSERT INTO log VALUES (1, 1, 1, ?)", (body,))
        connection.execute("INSERT INTO search (rowid, words, kind) VALUES (1, 'ago ann', '1')")
    store = await Store.open(path)
    journal = Journal(store, clock, published)
    await journal.open()
    assert (await journal.page(EventQuery(q="ago ann"))).items == [body]
    await journal.close()
    await store.close()
