"""Gift bombs end once, with everybody who got one."""

from __future__ import annotations

import random

import pytest
from msgspec.structs import replace

from streamcore.core.integrations.twitch.events.gifts import COMPLETE_AFTER_S, GiftBombs
from streamcore.core.integrations.twitch.events.people import ANONYMOUS
from streamcore.protocol.events import Event, GiftSubscription, GiftSubscriptionBomb
from streamcore.protocol.objects import Recipient


def bomb(group: str, count: int) -> GiftSubscriptionBomb:
    return GiftSubscriptionBomb(source_id=f"bomb:{group}:begin", group_id=group, count=count)


def gift(group: str | None, number: int) -> GiftSubscription:
    name = f"viewer{number}"
    return GiftSubscription(
        source_id=f"gift:{group}:{number}",
        group_id=group,
        recipient=Recipient(id=str(number), login=name, name=name),
    )


def ends(events: tuple[Event, ...]) -> list[GiftSubscriptionBomb]:
    found = [event for event in events if isinstance(event, GiftSubscriptionBomb)]
    return [event for event in found if event.is_complete]


def test_a_bomb_ends_with_its_last_gift() -> None:
    bombs = GiftBombs()
    first = bombs.observe([bomb("g", 2), gift("g", 1)], 0)
    assert ends(first) == []
    second = bombs.observe([gift("g", 2)], 1)
    assert isinstance(second[0], GiftSubscription)
    (end,) = ends(second)
    assert [recipient.id for recipient in end.recipients] == ["1", "2"]
    assert (end.group_id, end.count, end.source_id) == ("g", 2, "bomb:g:end")
    assert bombs.due_s() is None


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_parts_does_not_matter(seed: int) -> None:
    parts: list[Event] = [bomb("g", 5), *(gift("g", number) for number in range(5))]
    random.Random(seed).shuffle(parts)
    bombs = GiftBombs()
    out = tuple(event for part in parts for event in bombs.observe([part], 0))
    (end,) = ends(out)
    assert {recipient.id for recipient in end.recipients} == {str(number) for number in range(5)}
    assert out[-1] is end


def test_a_bomb_whose_gifts_do_not_all_come_ends_after_its_time() -> None:
    bombs = GiftBombs()
    bombs.observe([bomb("g", 50), gift("g", 1)], 100.0)
    assert bombs.due_s() == 100.0 + COMPLETE_AFTER_S
    assert bombs.overdue(129.9) == ()
    (end,) = ends(bombs.overdue(130.0))
    assert len(end.recipients) == 1
    assert bombs.overdue(1000.0) == ()


def test_a_gift_that_comes_late_does_not_end_the_bomb_again() -> None:
    bombs = GiftBombs()
    bombs.observe([bomb("g", 2), gift("g", 1)], 0)
    bombs.overdue(30.0)
    assert ends(bombs.observe([gift("g", 2)], 31)) == []
    assert bombs.due_s() is None


def test_a_bomb_of_a_thousand_ends_with_everybody_in_it() -> None:
    bombs = GiftBombs()
    out = list(bombs.observe([bomb("g", 1000)], 0))
    for number in range(1000):
        out += bombs.observe([gift("g", number)], number / 50)
    (end,) = ends(tuple(out))
    assert len({recipient.id for recipient in end.recipients}) == 1000
    assert out[-1] is end


def test_more_gifts_than_were_told_are_gifts_and_no_second_end() -> None:
    bombs = GiftBombs()
    out = bombs.observe([bomb("g", 2), *(gift("g", number) for number in range(4))], 0)
    (end,) = ends(out)
    assert len(end.recipients) == 2
    assert sum(isinstance(event, GiftSubscription) for event in out) == 4
    assert bombs.due_s() is None


def test_a_gift_that_is_told_twice_counts_once() -> None:
    bombs = GiftBombs()
    twice = bombs.observe([bomb("g", 2), bomb("g", 2), gift("g", 1), gift("g", 1)], 0)
    assert ends(twice) == []
    (end,) = ends(bombs.observe([gift("g", 2)], 1))
    assert [recipient.id for recipient in end.recipients] == ["1", "2"]
    assert ends(bombs.observe([bomb("g", 2), gift("g", 1), gift("g", 2)], 2)) == []


def test_the_end_of_an_anonymous_bomb_is_anonymous_too() -> None:
    bombs = GiftBombs()
    nobody = replace(bomb("g", 1), user=ANONYMOUS, given_total=None)
    (end,) = ends(bombs.observe([nobody, gift("g", 1)], 0))
    assert end.user == ANONYMOUS


def test_two_bombs_at_once_are_told_apart() -> None:
    bombs = GiftBombs()
    parts = [bomb("a", 2), bomb("b", 1), gift("a", 1), gift("b", 9), gift("a", 2)]
    found = ends(bombs.observe(parts, 0))
    assert [(end.group_id, len(end.recipients)) for end in found] == [("b", 1), ("a", 2)]


def test_a_single_gift_is_no_bomb() -> None:
    bombs = GiftBombs()
    assert bombs.observe([gift(None, 1)], 0) == (gift(None, 1),)
    assert bombs.due_s() is None


def test_closing_ends_what_is_open() -> None:
    bombs = GiftBombs()
    bombs.observe([bomb("g", 3), gift("g", 1)], 0)
    (end,) = ends(bombs.close())
    assert end.is_complete
    assert bombs.close() == ()
