"""The test kit itself: what authors rely on."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from streamcore.protocol.commands import SendChat
from streamcore.sdk import BaseModule, ChatMessage, CommandFailed, Follow, on_event
from streamcore.sdk.testing import ModuleHarness, load_module, manual_time
from streamcore.sdk.testing.manual_time import ManualTime

SOURCE = """
from streamcore.sdk import BaseModule
class Bot(BaseModule):
    async def setup(self):
        await self.send_message(self.settings["word"], platform="twitch")
"""


def write_module(folder: Path, **manifest: object) -> None:
    folder.mkdir()
    whole = {
        "id": "kit_test",
        "name": "Kit",
        "version": "1.0.0",
        "entry_point": "backend.py",
        "requirements": ["twitch"],
        "permissions": ["chat_send"],
        "settings": {"type": "object", "properties": {"word": {"default": "hi"}, "other": {}}},
        **manifest,
    }
    (folder / "manifest.json").write_text(json.dumps(whole))
    (folder / "backend.py").write_text(SOURCE)


async def test_what_is_not_given_comes_from_the_manifest(tmp_path: Path) -> None:
    write_module(tmp_path / "kit_test")
    async with ModuleHarness(load_module(tmp_path / "kit_test")) as bot:
        assert bot.messages == ["hi"]
        assert dict(bot.module.settings) == {"word": "hi"}
        assert bot.module.granted == {"chat_send"}
        assert bot.module.id == "kit_test"


async def test_what_is_given_wins_over_the_manifest(tmp_path: Path) -> None:
    write_module(tmp_path / "kit_test")
    module = load_module(tmp_path / "kit_test")
    async with ModuleHarness(module, settings={"word": "salut"}) as bot:
        assert bot.messages == ["salut"]


def test_a_module_without_a_backend_cannot_be_loaded(tmp_path: Path) -> None:
    write_module(tmp_path / "kit_test", entry_point=None)
    with pytest.raises(ValueError, match="pages only"):
        load_module(tmp_path / "kit_test")


class Echo(BaseModule):
    """Writes what it reads."""

    @on_event("chat_message")
    async def echo(self, event: ChatMessage) -> None:
        await self.send_message(event.text, platform=event.platform)


def echo() -> ModuleHarness[Echo]:
    return ModuleHarness(Echo, permissions=["chat_read", "chat_send"], requirements=["*", "twitch"])


async def test_a_star_among_the_requirements_means_every_platform() -> None:
    async with echo() as bot:
        await bot.set_connected("elsewhere", connected=True)
        await bot.say("one", platform="elsewhere")
        assert bot.messages == ["one"]


async def test_an_answer_can_be_a_result_an_error_or_a_function() -> None:
    async with echo() as bot:
        bot.answer("send_chat", {"message_id": "fixed"})
        assert await bot.module.send_message("1", "twitch") == "fixed"
        bot.answer(SendChat, CommandFailed("broken", code="internal"))
        with pytest.raises(CommandFailed, match="broken"):
            await bot.module.send_message("2", "twitch")
        bot.answer(SendChat, lambda command: {"message_id": command.target})  # type: ignore[attr-defined]
        assert await bot.module.send_message("3", "twitch") == "twitch"


async def test_a_key_makes_a_command_take_effect_once() -> None:
    async with echo() as bot:
        first = await bot.module.send_message("1", "twitch", idempotency_key="k")
        again = await bot.module.send_message("1", "twitch", idempotency_key="k")
        assert (first, bot.messages) == (again, ["1"])


async def test_a_handler_that_never_ends_fails_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    from streamcore.sdk.testing import harness

    class Stuck(BaseModule):
        @on_event("follow")
        async def wait(self, event: Follow) -> None:
            await asyncio.Event().wait()

    monkeypatch.setattr(harness, "_DEADLINE_S", 0.7)
    async with ModuleHarness(Stuck, permissions=["audience_read"]) as bot:
        with pytest.raises(AssertionError, match="still busy"):
            await bot.emit(Follow())


async def test_the_data_folder_is_there_and_stays_over_a_restart() -> None:
    async with echo() as bot:
        (bot.module.data_dir / "file").write_text("kept")
        await bot.restart()
        assert (bot.module.data_dir / "file").read_text() == "kept"
        folder = bot.module.data_dir
    assert not folder.exists()


async def test_time_wakes_its_sleepers_in_order() -> None:
    time, woken = ManualTime(), []

    async def sleep(seconds: float) -> None:
        await time.sleep(seconds)
        woken.append((seconds, time.monotonic()))

    tasks = [asyncio.ensure_future(sleep(seconds)) for seconds in (3, 1, 2, 9)]
    await time.advance(5)
    assert woken == [(1, 1001.0), (2, 1002.0), (3, 1003.0)]
    assert manual_time.ManualTime is ManualTime
    tasks[-1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
