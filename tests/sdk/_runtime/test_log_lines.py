"""A module's log lines on their way to the core."""

from __future__ import annotations

import logging

import pytest

from streamcore.protocol.commands import Log
from streamcore.sdk import (
    BaseModule,
)
from tests.sdk._runtime.bot import bot_and_core, running
from tests.sdk.fake_core import fake_core


async def test_log_lines_reach_the_core_with_their_level(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bot_and_core() as (bot, core):
        monkeypatch.setattr(bot.log, "propagate", False)  # pytest raises on a broken format
        bot.log.info("the number is %d", 5)
        bot.log.debug("not by default")
        bot.log.warning("broken %d format", "text")
        try:
            raise KeyError("lost")
        except KeyError:
            bot.log.exception("it failed")
        bot.log.info("x" * 20_000)
        await core.until(lambda: len(core.sent(Log)) == 4)
        lines = core.sent(Log)
    assert [line.level for line in lines] == ["info", "warning", "error", "info"]
    assert lines[0].text == "the number is 5"
    assert "KeyError: 'lost'" in lines[2].text
    assert len(lines[3].text) < 8_100


async def test_a_flood_of_log_lines_gives_way_and_is_counted() -> None:
    async with bot_and_core() as (bot, core):
        for number in range(3_000):
            bot.log.info("line %d", number)
        await core.until(lambda: any("were left out" in line.text for line in core.sent(Log)))
        assert len(core.sent(Log)) < 200
        await bot.send_message("commands still go", platform="twitch")


async def test_log_lines_of_before_the_connection_are_kept() -> None:
    class Early(BaseModule):
        async def setup(self) -> None:
            self.log.info("from setup")

    async with fake_core() as core, running(core, Early()):
        await core.until(lambda: core.sent(Log))
        assert core.sent(Log)[0].text == "from setup"


def test_library_logs_are_the_modules_own() -> None:
    assert logging.getLogger("module.bot").propagate
