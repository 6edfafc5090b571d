"""Effects that happen a single time across the lives of a module."""

from __future__ import annotations

from pathlib import Path

import pytest

from streamcore.protocol.commands import Command, SendChat
from streamcore.sdk import AlreadyDone, BaseModule, CommandFailed, Donation, Follow, on_event
from streamcore.sdk._runtime.once import OnceGuards, OnceLog
from streamcore.sdk.testing import ModuleHarness


class Counter(BaseModule):
    """Writes one line for each donation, in a file that outlives it."""

    @on_event("donation")
    async def note(self, event: Donation) -> None:
        async with event.once():
            with (self.data_dir / "effects").open("a") as file:
                file.write(f"{event.donor}\n")


def effects(folder: Path) -> list[str]:
    file = folder / "effects"
    return file.read_text().splitlines() if file.exists() else []


async def test_an_effect_is_not_repeated_when_the_acknowledgement_was_lost(tmp_path: Path) -> None:
    async with ModuleHarness(Counter, permissions=["donations_read"], data_dir=tmp_path) as bot:
        await bot.emit(Donation(donor="Anna"))
        await bot.crash()  # the acknowledgement waits 10 ms: it never went out
        await bot.start()
        await bot.settle()
        await bot.emit(Donation(donor="Boris"))
        assert effects(tmp_path) == ["Anna", "Boris"]


async def test_without_once_the_same_crash_repeats_the_effect() -> None:
    class Bot(BaseModule):
        @on_event("donation")
        async def note(self, event: Donation) -> None:
            await self.send_message(f"{event.origin}", platform="twitch")

    permissions = ["donations_read", "chat_send"]
    async with ModuleHarness(Bot, permissions=permissions, requirements=["twitch"]) as bot:
        await bot.emit(Donation())
        await bot.crash()
        await bot.start()
        await bot.settle()
        assert bot.messages == ["live", "catch_up"]


async def test_commands_of_the_block_carry_the_same_key_in_every_life(tmp_path: Path) -> None:
    keys: list[str | None] = []

    def refuse(command: Command) -> object:
        keys.append(command.idempotency_key)
        raise CommandFailed("not now", code="timeout")

    class Bot(BaseModule):
        @on_event("donation")
        async def thank(self, event: Donation) -> None:
            async with event.once():
                await self.send_message("1", platform="twitch")

    permissions = ["donations_read", "chat_send"]
    async with ModuleHarness(
        Bot, permissions=permissions, requirements=["twitch"], data_dir=tmp_path
    ) as bot:
        bot.answer(SendChat, refuse)
        await bot.emit(Donation())
        await bot.crash()
        await bot.start()
        await bot.settle()
        assert keys == ["event-1:thank#1:1"] * 2


async def test_the_handlers_of_one_event_do_not_stand_in_for_each_other() -> None:
    class Bot(BaseModule):
        @on_event("follow")
        async def first(self, event: Follow) -> None:
            async with event.once():
                await self.send_message("first", platform="twitch")
            async with event.once():
                await self.send_message("again", platform="twitch")

        @on_event("follow")
        async def second(self, event: Follow) -> None:
            async with self.once(event):
                await self.send_message("second", platform="twitch")

    async with ModuleHarness(
        Bot, permissions=["audience_read", "chat_send"], requirements=["twitch"]
    ) as bot:
        await bot.emit(Follow())
        assert bot.messages == ["first", "again", "second"]


async def test_a_block_that_failed_is_not_done(tmp_path: Path) -> None:
    guards, event = OnceGuards(tmp_path / "once"), Follow(id="e")
    with pytest.raises(KeyError):
        async with guards.guard(event, "a"):
            raise KeyError
    async with guards.guard(event, "a"):
        pass
    with pytest.raises(AlreadyDone):
        async with guards.guard(event, "a"):
            raise AssertionError("it ran")
    guards.close()


async def test_a_block_that_is_at_work_is_not_begun_beside(tmp_path: Path) -> None:
    guards, event = OnceGuards(tmp_path / "once"), Follow(id="e")
    async with guards.guard(event, "a"):
        with pytest.raises(AlreadyDone):
            async with guards.guard(event, "a"):
                raise AssertionError("it ran")
    guards.close()


def test_once_outside_of_a_handler_names_the_way_to_do_it() -> None:
    with pytest.raises(RuntimeError, match=r"self\.once"):
        Follow().once()


def test_the_log_survives_and_forgets_what_is_old(tmp_path: Path) -> None:
    path = tmp_path / "once"
    path.write_text("100 ancient\n9999999999 known\nbroken\n99")
    log = OnceLog(path)
    assert "known" in log
    assert "ancient" not in log
    log.add("new")
    log.close()
    again = OnceLog(path)
    assert "new" in again
    assert "known" in again
    assert "broken" not in path.read_text()
    again.close()


def test_the_log_does_not_grow_without_end(tmp_path: Path) -> None:
    log = OnceLog(tmp_path / "once")
    for number in range(50_010):
        log.add(str(number))
    assert "50009" in log
    assert "1" not in log
    log.close()
    assert len((tmp_path / "once").read_text().splitlines()) < 26_000
