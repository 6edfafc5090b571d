"""The play: the same for the same seed, lively, and never twice the same id."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from streamcore.core.integrations.demo.play import FLAVOURS, Flavour, open_stage
from streamcore.core.integrations.demo.stage import Stage
from streamcore.protocol.events import (
    ChatMessage,
    Event,
    GiftSubscription,
    GiftSubscriptionBomb,
    Poll,
    StreamOnline,
    SuperChat,
    ViewerCount,
    event_type,
)
from streamcore.protocol.objects import Phase

STARTED_AT = datetime(2026, 1, 1, 20, tzinfo=UTC)


def stage(flavour: Flavour, *, seed: int = 1, run: str = "r", rate_per_s: float = 1.0) -> Stage:
    return open_stage(flavour, seed=seed, rate_per_s=rate_per_s, run=run, started_at=STARTED_AT)


def played(flavour: Flavour, seconds: float = 600.0, *, seed: int = 1) -> list[Event]:
    return stage(flavour, seed=seed).until(seconds)


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: str(flavour.id))
def flavour(request: pytest.FixtureRequest) -> Flavour:
    made: Flavour = request.param
    return made


def test_the_same_seed_plays_the_same_however_time_is_cut(flavour: Flavour) -> None:
    whole = played(flavour, 120.0)
    in_pieces = stage(flavour)
    pieces = [event for step in range(1, 1201) for event in in_pieces.until(step / 10)]
    assert msgspec.json.encode(pieces) == msgspec.json.encode(whole)


def test_another_seed_plays_another_stream(flavour: Flavour) -> None:
    assert played(flavour, 60.0, seed=1) != played(flavour, 60.0, seed=2)


def test_another_run_has_other_ids(flavour: Flavour) -> None:
    first = {event.source_id for event in stage(flavour, run="a").until(60)}
    second = {event.source_id for event in stage(flavour, run="b").until(60)}
    assert first
    assert not first & second


def test_the_stream_goes_live_first_and_time_goes_forward(flavour: Flavour) -> None:
    events = played(flavour)
    assert isinstance(events[0], StreamOnline)
    times = [event.at for event in events]
    assert times == sorted(times)
    assert times[0] == STARTED_AT
    assert times[-1] <= STARTED_AT + timedelta(seconds=600)


def test_within_two_minutes_everything_that_a_module_may_want_has_happened() -> None:
    seen = {event_type(e) for flavour in FLAVOURS for e in played(flavour, 150.0)}
    assert seen >= {
        "chat_announcement",
        "chat_message",
        "chat_message_deleted",
        "cheer",
        "donation",
        "follow",
        "gift_subscription",
        "gift_subscription_bomb",
        "hype_train",
        "membership_payment",
        "poll",
        "raid",
        "resubscription",
        "reward_redemption",
        "stream_online",
        "subscription",
        "super_chat",
        "super_sticker",
        "user_banned",
        "viewer_count",
        "watch_streak",
    }


def test_both_languages_are_spoken_and_people_answer_each_other() -> None:
    messages = [e for e in played(FLAVOURS[0]) if isinstance(e, ChatMessage)]
    cyrillic = sum(any("а" <= letter <= "я" for letter in m.text.lower()) for m in messages)
    assert 0.2 < cyrillic / len(messages) < 0.8
    assert any(message.reply_to is not None for message in messages)
    assert any(piece.emote is not None for m in messages for piece in m.fragments)
    assert all("".join(p.text for p in m.fragments) == m.text for m in messages)
    speakers = Counter(m.user.login for m in messages if m.user is not None)
    assert speakers.most_common(1)[0][1] > 10, "regulars are regular"
    assert len(speakers) > 50, "and not alone"


def test_gift_bombs_keep_the_protocols_order(flavour: Flavour) -> None:
    events = played(flavour, 3600.0)
    bombs = [e for e in events if isinstance(e, GiftSubscriptionBomb)]
    groups = {bomb.group_id for bomb in bombs}
    assert len(groups) >= 3
    for group in list(groups)[:-1]:
        parts = [e for e in events if e.group_id == group]
        begin, *gifts, end = parts
        assert isinstance(begin, GiftSubscriptionBomb)
        assert isinstance(end, GiftSubscriptionBomb)
        assert (begin.is_complete, end.is_complete) == (False, True)
        given = [g.recipient for g in gifts if isinstance(g, GiftSubscription)]
        assert tuple(given) == end.recipients
        assert len(given) == begin.count == end.count


def test_polls_run_from_begin_to_end() -> None:
    polls = [e for e in played(FLAVOURS[0], 300.0) if isinstance(e, Poll)]
    first = [poll for poll in polls if poll.poll_id == polls[0].poll_id]
    assert first[0].phase is Phase.BEGIN
    assert first[-1].phase is Phase.END
    totals = [sum(choice.votes for choice in poll.choices) for poll in first]
    assert totals == sorted(totals)
    assert totals[-1] > 10


def test_money_is_whole_and_reads_like_money() -> None:
    chats = [e for e in played(FLAVOURS[1], 3600.0) if isinstance(e, SuperChat)]
    assert len(chats) > 10
    for chat in chats:
        assert chat.amount.value > 0
        assert chat.amount.exponent == 2
        whole = str(chat.amount.value // 100)
        assert whole in chat.amount.display


def test_viewers_stay_believable(flavour: Flavour) -> None:
    counts = [e.viewers for e in played(flavour, 7200.0) if isinstance(e, ViewerCount)]
    assert min(counts) >= 12
    assert max(counts) < 5000


@pytest.mark.parametrize("rate_per_s", [1.0, 50.0, 5000.0])
def test_the_chat_keeps_the_rate(rate_per_s: float) -> None:
    seconds = 2000 / rate_per_s
    events = stage(FLAVOURS[0], rate_per_s=rate_per_s).until(seconds)
    chat = [e for e in events if isinstance(e, ChatMessage)]
    # A slow chat also holds the answers and cheers of the scenes.
    assert 1800 <= len(chat) <= (2200 if rate_per_s > 20 else 4500)


def test_skipped_time_is_skipped() -> None:
    made = stage(FLAVOURS[0])
    made.until(10)
    made.skip(3600)
    assert made.until(3610) == []
    later = made.until(3620)
    assert 0 < len(later) < 100
