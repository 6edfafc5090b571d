"""A break ends when its time is over, once."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from streamcore.core.integrations.twitch.events.ads import AdBreaks
from streamcore.core.integrations.twitch.events.endings import Endings
from streamcore.protocol.events import AdBreak, Follow, GiftSubscriptionBomb
from streamcore.protocol.objects import Phase
from tests.core.integrations.twitch.events.cases.common import AT


def begin(duration_s: int, number: int = 1) -> AdBreak:
    at = AT + timedelta(minutes=number)
    return AdBreak(
        source_id=f"ad:{number}:begin",
        at=at,
        duration_s=duration_s,
        ends_at=at + timedelta(seconds=duration_s),
        is_automatic=True,
    )


def test_a_break_ends_after_its_time() -> None:
    ads = AdBreaks()
    assert ads.observe([begin(90)], 100.0) == (begin(90),)
    assert ads.due_s() == 190.0
    assert ads.overdue(189.9) == ()
    (end,) = ads.overdue(190.0)
    assert end == replace(begin(90), phase=Phase.END, at=begin(90).ends_at, source_id="ad:1:end")
    assert (ads.due_s(), ads.overdue(1000.0)) == (None, ())


def test_a_break_that_is_told_twice_ends_once() -> None:
    ads = AdBreaks()
    ads.observe([begin(30), begin(30)], 0.0)
    assert len(ads.overdue(30.0)) == 1
    ads.observe([begin(30)], 31.0)
    assert ads.due_s() is None


def test_an_end_begins_nothing_and_other_events_pass() -> None:
    ads = AdBreaks()
    end = replace(begin(30), phase=Phase.END)
    assert ads.observe([end, Follow()], 0.0) == (end, Follow())
    assert ads.due_s() is None


def test_closing_tells_no_end_that_has_not_come() -> None:
    ads = AdBreaks()
    ads.observe([begin(180)], 0.0)
    assert ads.close() == ()
    assert ads.overdue(1000.0) == ()


def test_the_nearest_end_is_the_one_that_is_due() -> None:
    endings = Endings()
    endings.observe([begin(180)], 0.0)
    endings.observe([GiftSubscriptionBomb(source_id="b", group_id="g", count=2)], 10.0)
    assert endings.due_s() == 40.0
    (bomb,) = endings.overdue(40.0)
    assert isinstance(bomb, GiftSubscriptionBomb)
    assert bomb.is_complete
    assert endings.due_s() == 180.0
    assert [type(event) for event in endings.overdue(180.0)] == [AdBreak]
