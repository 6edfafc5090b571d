"""Pauses that Twitch wants, texts that it drops, and one sender that floods."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from streamcore.core.clock import SystemClock
from streamcore.core.errors import CommandError
from streamcore.protocol import commands as c
from streamcore.protocol.errors import ErrorCode
from tests.core.integrations.twitch.commands.at_work import AtWork, at_work
from tests.fakes.twitch.helix import SentMessage

T = "twitch"
REJECTED = ErrorCode.REJECTED_BY_PLATFORM
LIMITED = ErrorCode.RATE_LIMITED


@pytest.fixture
async def desk() -> AsyncIterator[AtWork]:
    """Commands in real time: here a pause has to outlast a slow machine."""
    async with at_work(clock=SystemClock()) as made:
        yield made


async def test_what_twitch_wants_a_pause_for_is_known_here(desk: AtWork) -> None:
    await desk.fake.go_live()
    announcement = c.SendAnnouncement(target=T, msg="x")
    shoutout = c.SendShoutout(target=T, channel="anna")
    for command, longest_ms in (
        (announcement, 2_000),
        (shoutout, 3_600_000),
        (c.SendShoutout(target=T, channel="boris"), 120_000),
        (c.StartAd(target=T), 480_000),
    ):
        if command != c.SendShoutout(target=T, channel="boris"):
            await desk.do(command)
        calls = sum(desk.helix.calls.values())
        error = await desk.refused(command)
        assert error.code is LIMITED
        assert error.retry_after_ms is not None
        assert 0 < error.retry_after_ms <= longest_ms
        assert sum(desk.helix.calls.values()) - calls <= 1, "nothing but a look-up"


async def test_what_failed_costs_no_pause(desk: AtWork) -> None:
    desk.helix.chat.viewers = 0
    await desk.refused(c.SendShoutout(target=T, channel="anna"))
    desk.helix.chat.viewers = 5
    await desk.do(c.SendShoutout(target=T, channel="anna"))


async def test_a_repeated_text_that_is_dropped_is_explained(desk: AtWork) -> None:
    await desk.do(c.SendChat(target=T, msg="hi"))
    desk.helix.chat.drop_next = ["Your message was not sent."]
    error = await desk.refused(c.SendChat(target=T, msg="hi"))
    assert error.code is REJECTED
    assert "less than 30 s before" in error.message
    desk.helix.chat.drop_next = ["Your message was not sent."]
    assert "30 s" not in (await desk.refused(c.SendChat(target=T, msg="else"))).message


async def test_a_text_that_was_cut_short_says_how_much_went_out(desk: AtWork) -> None:
    async def drop_the_next(_sent: SentMessage) -> None:
        desk.helix.chat.drop_next = ["no"]

    desk.helix.chat.on_sent = drop_the_next
    error = await desk.refused(c.SendChat(target=T, msg="word " * 200))
    assert "Only 1 of 2 messages" in error.message
    assert error.code is REJECTED


async def test_a_module_that_floods_leaves_requests_to_others(desk: AtWork) -> None:
    desk.helix.limit = 60
    ask = c.GetViewers(target=T)
    done = 0
    for _ in range(60):
        try:
            await desk.do(ask, "flood")
        except CommandError as error:
            assert "half used up" in str(error)
            break
        done += 1
    assert 15 <= done <= 50
    for sender in ("quiet", "dashboard"):
        for _ in range(3):
            await desk.do(ask, sender)
