"""The demonstration at work: in batches when it is fast, patient when the log is slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from streamcore.core.errors import CommandError
from streamcore.core.integrations.demo.integration import DemoIntegration
from streamcore.core.integrations.demo.play import FLAVOURS
from streamcore.protocol.commands import (
    BanUser,
    DeleteChatMessage,
    PlatformCommand,
    SendAnnouncement,
    SendChat,
    SetChatMode,
    TimeoutUser,
    UnbanUser,
    UpdateStream,
)
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import (
    ChatAnnouncement,
    ChatMessage,
    ChatMessageDeleted,
    ChatModeChanged,
    Event,
    PlatformStateName,
    StreamOffline,
    StreamUpdated,
    UserBanned,
    UserUnbanned,
)
from streamcore.protocol.objects import Role
from tests.core.integrations.host import TestHost, eventually
from tests.fakes.clock import ManualClock

ID = FLAVOURS[0].id


@asynccontextmanager
async def playing(host: TestHost, rate_per_s: float = 1.0) -> AsyncIterator[DemoIntegration]:
    demo = DemoIntegration(host, FLAVOURS[0], rate_per_s=rate_per_s)
    await demo.start()
    try:
        yield demo
    finally:
        await demo.close()


class CountingHost(TestHost):
    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.batches: list[int] = []

    async def publish(self, events: Sequence[Event]) -> None:
        self.batches.append(len(events))
        await super().publish(events)


class SlowHost(CountingHost):
    """A log that answers when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def publish(self, events: Sequence[Event]) -> None:
        await self.gate.wait()
        await super().publish(events)


async def test_five_thousand_messages_a_second_come_in_few_batches() -> None:
    host = CountingHost()
    async with playing(host, rate_per_s=5000.0):
        assert isinstance(host.clock, ManualClock)
        await host.clock.advance(2.0)
    assert 9000 < len(host.of(ChatMessage)) < 11_000
    assert len(host.batches) <= 101


async def test_a_slow_log_slows_the_play_and_nothing_piles_up() -> None:
    host = SlowHost()
    async with playing(host, rate_per_s=100.0):
        assert isinstance(host.clock, ManualClock)
        await host.clock.advance(3600)
        host.gate.set()
        await host.clock.advance(1)
        assert len(host.of(ChatMessage)) < 400, "an hour's messages are not made up for"


async def test_a_full_disk_is_shown_and_gone_when_there_is_room_again() -> None:
    host = TestHost()
    async with playing(host) as demo:
        host.full_disk = True
        await eventually(lambda: demo.status.state is PlatformStateName.DEGRADED)
        assert "disk is full" in demo.status.reason.en
        host.full_disk = False
        await eventually(lambda: demo.status.state is PlatformStateName.CONNECTED)


async def test_the_end_of_the_demonstration_is_the_end_of_the_stream() -> None:
    host = TestHost()
    async with playing(host) as demo:
        await demo.disconnect()
        assert isinstance(host.events[-1], StreamOffline)


async def test_what_the_bot_says_is_marked_as_the_bots() -> None:
    host = TestHost()
    async with playing(host) as demo:
        (message, *_) = await host.wait_events(ChatMessage)
        command = SendChat(target=ID, msg="an answer", reply_to=message.message_id)
        result = await demo.execute(command, "module:example_bot")
        (echo,) = [m for m in host.of(ChatMessage) if m.message_id == result["message_id"]]
    assert echo.user is not None
    assert Role.BOT in echo.user.roles
    assert echo.reply_to is not None
    assert echo.reply_to.message_id == message.message_id


async def test_commands_have_the_effects_that_a_platform_would_send_back() -> None:
    host = TestHost()
    async with playing(host) as demo:
        (message, *_) = await host.wait_events(ChatMessage)
        assert message.user is not None
        who = message.user.id
        effects: list[tuple[PlatformCommand, type[Event]]] = [
            (DeleteChatMessage(target=ID, message_id=message.message_id), ChatMessageDeleted),
            (TimeoutUser(target=ID, user_id=who, duration_s=60), UserBanned),
            (BanUser(target=ID, user_id=who, reason="spam"), UserBanned),
            (UnbanUser(target=ID, user_id=who), UserUnbanned),
            (SetChatMode(target=ID, slow_mode_s=5), ChatModeChanged),
            (SendAnnouncement(target=ID, msg="soon", color="green"), ChatAnnouncement),
            (UpdateStream(target=ID, title="New"), StreamUpdated),
        ]
        for command, effect in effects:
            before = len(host.of(effect))
            assert await demo.execute(command, "module:x") == {}
            assert len(host.of(effect)) > before
        bans = [ban for ban in host.of(UserBanned) if ban.moderator is not None]
        assert {ban.is_permanent for ban in bans if ban.user and ban.user.id == who} == {
            True,
            False,
        }
        assert host.of(StreamUpdated)[-1].changed == ("title",)


@pytest.mark.parametrize(
    "command",
    [
        DeleteChatMessage(target=ID, message_id="nothing"),
        BanUser(target=ID, user_id="nobody"),
        SendChat(target=ID, msg="hi", reply_to="nothing"),
    ],
    ids=lambda command: type(command).__name__,
)
async def test_what_is_not_there_is_not_found(command: PlatformCommand) -> None:
    async with playing(TestHost()) as demo:
        with pytest.raises(CommandError) as caught:
            await demo.execute(command, "module:x")
        assert caught.value.body.code is ErrorCode.NOT_FOUND
