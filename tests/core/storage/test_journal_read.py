"""Reading: catch-up, paging, search, counting, pruning."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from streamcore.core.journal import EventPage, EventQuery, Journal, LoggedEvent
from streamcore.core.store import Store
from tests.core.storage.conftest import Published
from tests.core.storage.events import chat, donation, follow, own, viewers
from tests.fakes.clock import ManualClock

ALL = frozenset({"chat_message", "donation", "follow", "module_event", "viewer_count"})


async def read(
    journal: Journal,
    *,
    after: int = 0,
    limit: int = 100,
    types: frozenset[str] = ALL,
    platforms: frozenset[str] | None = None,
    module_id: str = "bot",
) -> tuple[list[int], int]:
    events, scanned = await journal.read(
        after=after,
        limit=limit,
        types=types,
        platforms=platforms,
        module_id=module_id,
        not_before=None,
    )
    return [event.seq for event in events], scanned


@pytest.fixture
async def filled(journal: Journal) -> Journal:
    """1 chat, 2 follow, 3 donation, 4 chat on youtube, 5 own of bot, 6 own of other, 7 chat."""
    await journal.append(
        [
            chat("good evening", by="Ann"),
            follow("Cid"),
            donation("for the cat", donor="Bob"),
            chat("Добрый ВЕЧЕР 😀", by="Дима", platform="youtube"),
            own("bot"),
            own("other"),
            viewers(),
            chat("good night", by="Ann"),
        ]
    )
    return journal


async def test_what_was_missed_comes_oldest_first(filled: Journal) -> None:
    assert await read(filled) == ([1, 2, 3, 4, 5, 7], 7)
    assert await read(filled, after=3) == ([4, 5, 7], 7)
    assert await read(filled, after=7) == ([], 7)


async def test_a_full_page_says_how_far_it_came(filled: Journal) -> None:
    assert await read(filled, limit=2) == ([1, 2], 2)
    assert await read(filled, after=2, limit=3) == ([3, 4, 5], 5)
    # The rest may hold nothing that matches: then all of it was looked at.
    assert await read(filled, types=frozenset({"follow"}), limit=2) == ([2], 7)
    assert await read(filled, types=frozenset({"poll"})) == ([], 7)


async def test_only_declared_platforms_and_what_has_none_are_read(filled: Journal) -> None:
    assert await read(filled, platforms=frozenset({"youtube"})) == ([4, 5], 7)
    assert await read(filled, platforms=frozenset()) == ([5], 7)


async def test_a_modules_own_events_are_its_own(filled: Journal) -> None:
    assert await read(filled, types=frozenset({"module_event"}), module_id="other") == ([6], 7)
    assert await read(filled, types=frozenset({"module_event"}), module_id="third") == ([], 7)


async def test_caught_up_events_say_so_and_are_otherwise_as_published(
    journal: Journal, published: Published
) -> None:
    trick = chat('"origin":"live"', by='"origin":"live"')
    simulated = msgspec.structs.replace(chat(), origin="simulated")
    await journal.append([trick, simulated])
    events, _ = await journal.read(
        after=0, limit=9, types=ALL, platforms=None, module_id="", not_before=None
    )
    first, second = (msgspec.json.decode(event.body) for event in events)
    expected = msgspec.json.decode(published.events[0].body) | {"origin": "catch_up"}
    assert first == expected
    assert second["origin"] == "simulated"
    assert events[0] == LoggedEvent(1, "chat_message", "twitch", "", events[0].body, None)


async def test_what_is_too_old_is_left_out(journal: Journal, clock: ManualClock) -> None:
    for _ in range(20):
        await journal.append([chat()])
        await clock.advance(60)
    since = clock.now() - timedelta(minutes=5)
    events, scanned = await journal.read(
        after=0, limit=100, types=ALL, platforms=None, module_id="", not_before=since
    )
    assert [event.seq for event in events] == [16, 17, 18, 19, 20]
    assert scanned == 20


async def test_counting_agrees_with_reading(filled: Journal) -> None:
    assert await filled.count_after(0, ALL, None, "bot") == 6
    assert await filled.count_after(3, ALL, frozenset({"twitch"}), "bot") == 2


def seqs(page: EventPage) -> list[int]:
    return [msgspec.json.decode(item)["seq"] for item in page.items]


async def test_pages_are_newest_first_and_follow_each_other(filled: Journal) -> None:
    first = await filled.page(EventQuery(limit=3))
    assert (seqs(first), first.next) == ([7, 6, 5], "5")
    second = await filled.page(EventQuery(limit=3, before=5))
    assert (seqs(second), second.next) == ([4, 3, 2], "2")
    last = await filled.page(EventQuery(limit=3, before=2))
    assert (seqs(last), last.next) == ([1], None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (EventQuery(types=("chat_message",)), [7, 4, 1]),
        (EventQuery(types=("chat_message", "follow"), platform="twitch"), [7, 2, 1]),
        (EventQuery(types=("chat_message",), platform="youtube"), [4]),
        (EventQuery(types=("poll",)), []),
        (EventQuery(platform="nowhere"), []),
        (EventQuery(after=4), [7, 6, 5]),
        (EventQuery(after=2, before=5), [4, 3]),
    ],
    ids=str,
)
async def test_a_page_shows_what_was_asked(
    filled: Journal, query: EventQuery, expected: list[int]
) -> None:
    assert seqs(await filled.page(query)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("good", [7, 1]),
        ("GOOD even", [1]),
        ("ann", [7, 1]),
        ("ann night", [7]),
        ("bob", [3]),
        ("cat", [3]),
        ("вечер", [4]),
        ("ДОБР", [4]),
        ("дима", [4]),
        ("😀", [4]),
        ("cid", [2]),
        ("ood", []),
        ("go", []),
        ("of", []),
        ('good" OR "cat', []),
        ("words:good", []),
        ("!!!", []),
        ("  ", [7, 6, 5, 4, 3, 2, 1]),
    ],
)
async def test_search_finds_words_of_text_and_person(
    filled: Journal, text: str, expected: list[int]
) -> None:
    assert seqs(await filled.page(EventQuery(q=text))) == expected


async def test_search_keeps_filters_and_pages(filled: Journal) -> None:
    first = await filled.page(EventQuery(q="good", limit=1))
    assert (seqs(first), first.next) == ([7], "7")
    second = await filled.page(EventQuery(q="good", limit=1, before=7))
    assert (seqs(second), second.next) == ([1], None)
    assert seqs(await filled.page(EventQuery(q="good", types=("follow",)))) == []
    assert seqs(await filled.page(EventQuery(q="good", types=("chat_message",)))) == [7, 1]
    assert seqs(await filled.page(EventQuery(q="дима", platform="twitch"))) == []


async def test_search_finds_what_was_logged_a_moment_ago(journal: Journal) -> None:
    await journal.append([chat(f"number {i}") for i in range(950)])
    assert seqs(await journal.page(EventQuery(q="number 949"))) == [950]
    await journal.append([chat("number last")])
    assert seqs(await journal.page(EventQuery(q="number last"))) == [951]


async def test_pruning_removes_the_old_but_no_donation(
    journal: Journal, clock: ManualClock, store: Store
) -> None:
    await journal.append([chat(f"old {i}") for i in range(500)])
    await journal.append([donation("old gift")])
    await clock.advance(91 * 24 * 3600)
    await journal.append([chat("new")])
    assert await journal.prune() == 500
    assert seqs(await journal.page(EventQuery())) == [502, 501]
    assert seqs(await journal.page(EventQuery(q="old"))) == [501]
    assert await journal.prune() == 0


async def test_pruning_by_size_removes_the_oldest_first(journal: Journal, store: Store) -> None:
    await journal.append([donation()])
    await journal.append([chat("x" * 1000, id=f"{i}") for i in range(3000)])
    size = 2_000_000
    removed = await journal.prune(max_bytes=size)
    assert 0 < removed < 3000
    left, _ = await read(journal, limit=5000)
    assert left == [1, *range(removed + 2, 3002)]
    used = await store.read(
        lambda c: [c.execute(f"PRAGMA {p}").fetchone()[0] for p in ("page_count", "freelist_count")]
    )
    assert (used[0] - used[1]) * 4096 <= size


async def test_numbers_go_on_when_everything_was_pruned(journal: Journal) -> None:
    await journal.append([chat(), chat()])
    assert await journal.prune(max_bytes=0) == 2
    (event,) = await journal.append([chat()])
    assert event is not None and event.seq == 3
