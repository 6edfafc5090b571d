"""What an author's handlers are given, in which order, and what their failures do."""

from __future__ import annotations

import asyncio

import pytest

from streamcore.protocol import events as protocol_events
from streamcore.sdk import (
    BaseModule,
    ChatMessage,
    Donation,
    Follow,
    Raid,
    User,
    on_event,
)
from streamcore.sdk.testing import ModuleHarness

ALL = ("chat_read", "chat_send", "audience_read", "donations_read")
ANNA = User(id="1", login="anna", name="Анна")


def harness(module: type[BaseModule]) -> ModuleHarness[BaseModule]:
    return ModuleHarness(module, permissions=ALL, requirements=["twitch", "youtube"])


async def test_the_two_lines_of_the_specification_work_as_written() -> None:
    class Bot(BaseModule):
        async def setup(self) -> None:
            @self.on_event("donation")
            async def thank(event: Donation) -> None:
                await self.send_message("Привет", platform="twitch")

    async with harness(Bot) as bot:
        await bot.emit(Donation(donor="Анна"))
        assert bot.messages == ["Привет"]
        assert bot.sent[0].target == "twitch"  # type: ignore[attr-defined]


async def test_a_decorated_method_gets_the_typed_event() -> None:
    got: list[object] = []

    class Bot(BaseModule):
        @on_event("chat_message")
        async def greet(self, event: ChatMessage) -> None:
            got.append(event)
            assert event.user is not None
            if event.text == "!hello":
                await self.send_message(f"Привет, {event.user.name}!", platform=event.platform)

    async with harness(Bot) as bot:
        await bot.emit(ChatMessage(platform="youtube", text="!hello", user=ANNA))
        assert bot.messages == ["Привет, Анна!"]
    assert isinstance(got[0], protocol_events.ChatMessage)


async def test_one_handler_may_be_for_many_types_and_one_type_have_many_handlers() -> None:
    got: list[str] = []

    class Bot(BaseModule):
        @on_event("follow", Raid)
        def first(self, event: Follow | Raid) -> None:
            got.append(f"first {type(event).__name__}")

        @on_event(Follow)
        async def second(self, event: Follow) -> None:
            got.append("second")

    async with harness(Bot) as bot:
        await bot.emit(Follow(user=ANNA), Raid(user=ANNA))
    assert got == ["first Follow", "second", "first Raid"]


async def test_a_subclass_of_a_module_keeps_and_replaces_handlers() -> None:
    got: list[str] = []

    class Base(BaseModule):
        @on_event("follow")
        async def kept(self, event: Follow) -> None:
            got.append("kept")

        @on_event("follow")
        async def replaced(self, event: Follow) -> None:
            got.append("old")

    class Bot(Base):
        @on_event("raid")
        async def replaced(self, event: Raid) -> None:  # type: ignore[override]
            got.append("new")

    async with harness(Bot) as bot:
        await bot.emit(Follow(), Raid())
    assert got == ["kept", "new"]


async def test_handlers_run_in_order_and_never_beside_each_other() -> None:
    got: list[str] = []

    class Bot(BaseModule):
        @on_event("chat_message")
        async def slow(self, event: ChatMessage) -> None:
            got.append(f"begin {event.text}")
            await asyncio.sleep(0.001 if event.text == "1" else 0)
            got.append(f"end {event.text}")

    async with harness(Bot) as bot:
        await bot.emit(*(ChatMessage(text=str(i)) for i in (1, 2, 3)))
    assert got == ["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]


async def test_a_concurrent_handler_does_not_hold_up_the_next_event() -> None:
    got: list[str] = []
    second_came = asyncio.Event()

    class Bot(BaseModule):
        @on_event("chat_message", concurrent=True)
        async def work(self, event: ChatMessage) -> None:
            if event.text == "1":
                await second_came.wait()
            else:
                second_came.set()
            got.append(event.text)

    async with harness(Bot) as bot:
        await bot.emit(ChatMessage(text="1"), ChatMessage(text="2"))
    assert got == ["2", "1"]


async def test_an_error_in_a_handler_is_logged_with_its_trace_and_ends_nothing() -> None:
    class Bot(BaseModule):
        @on_event("chat_message")
        async def shaky(self, event: ChatMessage) -> None:
            if event.text == "break":
                raise KeyError("lost")
            await self.send_message("fine", platform="twitch")

    async with harness(Bot) as bot:
        await bot.say("break")
        await bot.say("go on")
        assert bot.messages == ["fine"]
        [line] = bot.log_lines
    assert line.startswith("error: 'shaky' failed\nTraceback")
    assert "KeyError: 'lost'" in line


async def test_a_handler_that_awaits_something_cancelled_does_not_stop_the_module() -> None:
    class Bot(BaseModule):
        @on_event("follow")
        async def odd(self, event: Follow) -> None:
            raise asyncio.CancelledError

        @on_event("raid")
        async def fine(self, event: Raid) -> None:
            await self.send_message("still here", platform="twitch")

    async with harness(Bot) as bot:
        await bot.emit(Follow(), Raid())
        assert bot.messages == ["still here"]
        assert "was cancelled" in bot.log_lines[0]


async def test_handlers_can_be_added_while_the_module_runs() -> None:
    class Bot(BaseModule):
        @on_event("follow")
        async def begin(self, event: Follow) -> None:
            @self.on_event("raid")
            async def later(event: Raid) -> None:
                await self.send_message("raid!", platform="twitch")

    async with harness(Bot) as bot:
        await bot.emit(Raid())
        assert bot.messages == []
        await bot.emit(Follow())
        await bot.advance()
        await bot.emit(Raid())
        assert bot.messages == ["raid!"]


async def test_events_that_the_grants_do_not_cover_are_a_warning_and_do_not_come() -> None:
    class Bot(BaseModule):
        @on_event("donation")
        async def thank(self, event: Donation) -> None:
            raise AssertionError("it came")

    async with ModuleHarness(Bot, permissions=["chat_read"]) as bot:
        await bot.emit(Donation())
        assert bot.log_lines == [
            "warning: events of type 'donation' will not come: it needs 'donations_read'"
        ]


async def test_events_of_platforms_that_were_not_declared_do_not_come() -> None:
    class Bot(BaseModule):
        @on_event("chat_message")
        async def answer(self, event: ChatMessage) -> None:
            await self.send_message("seen", platform="twitch")

    async with ModuleHarness(Bot, permissions=ALL, requirements=["twitch"]) as bot:
        await bot.emit(ChatMessage(platform="youtube"), ChatMessage(platform="twitch"))
        assert bot.messages == ["seen"]


async def test_an_error_in_setup_ends_the_module() -> None:
    class Bot(BaseModule):
        async def setup(self) -> None:
            raise RuntimeError("no good")

    with pytest.raises(RuntimeError, match="no good"):
        async with harness(Bot):
            raise AssertionError("it started")


async def test_setup_and_teardown_may_use_commands() -> None:
    class Bot(BaseModule):
        async def setup(self) -> None:
            await self.send_message("hello", platform="twitch")

        async def teardown(self) -> None:
            await self.send_message("bye", platform="twitch")

    async with harness(Bot) as bot:
        assert bot.messages == ["hello"]
        await bot.stop()
        assert bot.messages == ["hello", "bye"]


async def test_a_failing_teardown_is_logged_and_the_module_ends() -> None:
    class Bot(BaseModule):
        async def teardown(self) -> None:
            raise ValueError("stuck")

    async with harness(Bot) as bot:
        await bot.stop()
        assert "error: teardown failed" in bot.log_lines[0]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        pytest.param(lambda: on_event("donatoin"), "did you mean 'donation'", id="misspelt"),
        pytest.param(lambda: on_event("x"), "no event of type 'x'$", id="unknown"),
        pytest.param(lambda: on_event(), "at least one event type", id="none"),
    ],
)
def test_a_mistaken_event_type_is_told_when_it_is_written(make: object, sentence: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=sentence):
        make()


def test_what_needs_a_running_module_says_so_before() -> None:
    with pytest.raises(RuntimeError, match=r"from setup\(\) on"):
        _ = BaseModule().settings


async def test_a_module_may_have_its_own_init_without_calling_ours() -> None:
    class Bot(BaseModule):
        def __init__(self) -> None:
            self.count = 0

        @on_event("follow")
        async def add(self, event: Follow) -> None:
            self.count += 1

    async with ModuleHarness(Bot, permissions=ALL) as bot:
        await bot.emit(Follow(), Follow())
        assert bot.module.count == 2
