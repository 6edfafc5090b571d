"""`@command`: which messages call it, how often, and for whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamcore.protocol.events import Origin
from streamcore.sdk import BaseModule, ChatMessage, command
from streamcore.sdk._runtime.words import split_word
from streamcore.sdk.testing import ModuleHarness


class Bot(BaseModule):
    """Answers with what it was given."""

    @command("!hello", "!hi")
    async def hello(self, event: ChatMessage) -> None:
        await self.send_message("hello", platform=event.platform)

    @command("!echo")
    async def echo(self, event: ChatMessage, rest: str) -> None:
        await self.send_message(f"[{rest}]", platform=event.platform)

    @command("!slow", cooldown=5)
    async def slow(self, event: ChatMessage) -> None:
        await self.send_message("slow", platform=event.platform)

    @command("!mine", user_cooldown=60)
    async def mine(self, event: ChatMessage) -> None:
        await self.send_message("mine", platform=event.platform)

    @command("!boss", roles=["broadcaster", "moderator"])
    async def boss(self, event: ChatMessage) -> None:
        await self.send_message("boss", platform=event.platform)

    async def setup(self) -> None:
        @self.command("!late")
        async def late(event: ChatMessage) -> None:
            await self.send_message("late", platform=event.platform)


def harness() -> ModuleHarness[Bot]:
    return ModuleHarness(Bot, permissions=["chat_read", "chat_send"], requirements=["twitch"])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("!hello", ["hello"]),
        ("  !HELLO there", ["hello"]),
        ("!hi", ["hello"]),
        ("!late", ["late"]),
        ("!echo  a  b ", ["[a  b]"]),
        ("!echo", ["[]"]),
        ("!helloo", []),
        ("say !hello", []),
        ("", []),
        ("   ", []),
    ],
)
async def test_the_first_word_decides_without_regard_to_case(text: str, answer: list[str]) -> None:
    async with harness() as bot:
        await bot.say(text)
        assert bot.messages == answer


async def test_a_cooldown_holds_for_everybody_until_it_is_over() -> None:
    async with harness() as bot:
        await bot.say("!slow", user="Anna")
        await bot.say("!slow", user="Boris")
        await bot.advance(seconds=4.9)
        await bot.say("!slow")
        assert bot.messages == ["slow"]
        await bot.advance(seconds=0.1)
        await bot.say("!slow")
        assert bot.messages == ["slow"] * 2


async def test_a_cooldown_of_one_person_leaves_the_others_alone() -> None:
    async with harness() as bot:
        for user in ("Anna", "Anna", "Boris"):
            await bot.say("!mine", user=user)
        assert bot.messages == ["mine"] * 2
        await bot.advance(minutes=1)
        await bot.say("!mine", user="Anna")
        assert bot.messages == ["mine"] * 3


async def test_a_command_for_roles_is_not_for_others() -> None:
    async with harness() as bot:
        await bot.say("!boss")
        await bot.say("!boss", roles=["vip"])
        await bot.emit(ChatMessage(platform="twitch", text="!boss"))
        assert bot.messages == []
        await bot.say("!boss", roles=["moderator", "vip"])
        assert bot.messages == ["boss"]


async def test_commands_of_the_past_are_not_answered() -> None:
    async with harness() as bot:
        for origin in (Origin.CATCH_UP, Origin.REPLAY):
            await bot.emit(ChatMessage(platform="twitch", text="!hello", origin=origin))
        assert bot.messages == []
        await bot.emit(ChatMessage(platform="twitch", text="!hello", origin=Origin.SIMULATED))
        assert bot.messages == ["hello"]


async def test_the_memory_of_cooldowns_does_not_grow_without_end() -> None:
    async with harness() as bot:
        for number in range(2_100):
            if number == 2_000:
                await bot.advance(minutes=2)
            await bot.say("!mine", user=f"user{number}")
        assert len(bot.messages) == 2_100


@pytest.mark.parametrize("names", [(), ("",), ("two words",), (" !x",)])
def test_a_command_is_one_word(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="one word"):
        command(*names)


def test_an_unknown_role_is_told_when_it_is_written() -> None:
    with pytest.raises(ValueError, match="king"):
        command("!x", roles=["king"])


@given(st.text(max_size=200))
def test_splitting_keeps_every_word(text: str) -> None:
    word, rest = split_word(text)
    assert [word, *rest.split()] == (
        [text.split()[0].casefold(), *text.split()[1:]] if text.split() else [""]
    )
