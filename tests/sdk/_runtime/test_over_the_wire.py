"""A module on a real connection: order, acknowledgements, breaks, calls."""

from __future__ import annotations

import functools
import logging

import pytest

from streamcore.protocol.commands import Log
from streamcore.sdk import (
    BaseModule,
    ChatMessage,
    User,
    on_event,
)
from tests.sdk._runtime.bot import bot_and_core, running, texts
from tests.sdk.fake_core import FakeCore, fake_core


async def test_the_core_is_asked_for_what_the_handlers_need() -> None:
    async with bot_and_core() as (_, core):
        assert core.auths == [{"token": "launch-1", "protocol": 1, "sdk": core.auths[0]["sdk"]}]
        assert core.auths[0]["sdk"].startswith("python/")
        assert core.readies == [["chat_message", "donation", "platform_state"]]


async def test_events_are_handled_in_order_and_acknowledged_together() -> None:
    words = [str(number) for number in range(500)]
    async with bot_and_core() as (bot, core):
        await core.send(*texts(*words))
        await core.until(lambda: core.acks and core.acks[-1] == 500)
        assert bot.texts == words
        assert len(core.acks) < 10


async def test_nothing_is_acknowledged_before_its_handler_has_ended() -> None:
    async with bot_and_core() as (bot, core):
        await core.send(*texts("one"))
        await core.until(lambda: core.acks)
        bot.gate.clear()
        await core.send(*texts("two"))
        await core.call("ping", {})
        assert (core.acks, bot.texts) == ([1], ["one"])
        bot.gate.set()
        await core.until(lambda: core.acks[-1] == 2)


async def test_a_redelivered_event_is_not_handled_twice() -> None:
    async with bot_and_core() as (bot, core):
        bot.gate.clear()
        again = ChatMessage(id="e1", seq=1, platform="twitch", text="once")
        await core.send(again)
        await core.cut()
        await core.until(lambda: len(core.readies) == 2)
        await core.send(again)
        bot.gate.set()
        await core.until(lambda: core.acks)
        await core.cut()
        await core.until(lambda: len(core.readies) == 3)
        core.acks.clear()
        await core.send(again)
        await core.until(lambda: core.acks)  # said again, in case the first one got lost
        assert (bot.texts, core.acks[-1]) == (["once"], 1)


async def test_a_reconnect_uses_the_resume_token_and_asks_for_the_same() -> None:
    async with bot_and_core() as (bot, core):
        await core.send(*texts("before"))
        await core.until(lambda: core.acks)
        core.token = "used up"
        await core.cut()
        await core.until(lambda: len(core.readies) == 2)
        assert core.auths[1]["token"] == "resume-1"
        assert core.readies[0] == core.readies[1]
        await core.send(*texts("after"))
        await core.until(lambda: len(bot.texts) == 2)


async def test_each_loss_of_the_connection_is_told_once_with_its_reason(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="streamcore.sdk")
    async with bot_and_core() as (_, core):
        for number in (2, 3):
            await core.cut()
            await core.until(functools.partial(_has_readies, core, number))
        lines = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert [level for level, _ in lines] == ["WARNING", "INFO"] * 2
    assert "was lost: the core " in lines[0][1]
    assert "connected to StreamCore again after" in lines[1][1]


def _has_readies(core: FakeCore, count: int) -> bool:
    return len(core.readies) == count


async def test_a_goodbye_is_no_loss(caplog: pytest.LogCaptureFixture) -> None:
    async with bot_and_core():
        pass
    assert "was lost" not in caplog.text


async def test_what_changed_while_away_is_known_after_the_reconnect() -> None:
    async with bot_and_core() as (bot, core):
        core.welcome |= {
            "settings": {"volume": 7},
            "granted": ["chat_read"],
            "state": {"total": {"value": 3, "revision": 9}},
        }
        await core.cut()
        await core.until(lambda: bot.heard)
        assert bot.heard == ["7"]
        assert bot.granted == {"chat_read"}
        assert (bot.state["total"], bot.state.revision("total")) == (3, 9)


async def test_unknown_and_broken_events_are_logged_and_passed_over() -> None:
    async with bot_and_core() as (bot, core):
        await core.send(
            {"type": "chat_message", "id": "a", "seq": 1, "text": "good", "new_field": {"x": 1}},
            {"type": "chat_message", "id": "b", "seq": 2, "text": 5},
            {"type": "weather", "id": "c", "seq": 3},
            {"type": "follow", "id": "d", "seq": 4},
            {"type": 7},
        )
        await core.until(lambda: core.acks and core.acks[-1] == 4)
        await core.send({"type": "chat_message", "id": "e", "seq": 5, "text": "next"})
        await core.until(lambda: len(bot.texts) == 2)
        await core.until(lambda: len(core.sent(Log)) == 3)
        assert bot.texts == ["good", "next"]
        logged = " ".join(line.text for line in core.sent(Log))
    assert "a 'chat_message' was skipped" in logged
    assert "unknown type 'weather'" in logged
    assert "unknown shape" in logged


async def test_calls_settings_grants_and_pings_are_answered_while_a_handler_is_busy() -> None:
    async with bot_and_core() as (bot, core):
        bot.gate.clear()
        await core.send(*texts("busy"))
        call = {"name": "ask", "args": {"what": "time"}, "caller": "dashboard"}
        assert await core.call("call", call) == {"ok": True, "result": {"answer": "TIME"}}
        assert await core.call("ping", {}) == {}
        await core.emit("grants", {"granted": ["chat_read"], "denied": ["chat_send"]})
        await core.emit("settings", {"settings": {"volume": 3}})
        await core.until(lambda: bot.settings.get("volume") == 3)
        assert bot.granted == {"chat_read"}
        assert bot.heard == []  # the hook waits its turn between two events
        bot.gate.set()
        await core.until(lambda: bot.heard == ["3"])


async def test_packets_that_make_no_sense_are_logged_and_hurt_nobody() -> None:
    async with bot_and_core() as (bot, core):
        await core.emit("settings", {"settings": 5})
        await core.emit("events", {"not": "a list"})
        await core.emit("weather", None)
        await core.emit("gap", {"skipped": 12})
        assert (await core.call("call", {"name": 5}))["error"]["code"] == "invalid_command"
        await core.send(*texts("fine"))
        await core.until(lambda: bot.texts == ["fine"])
        await core.until(lambda: any("12 events" in line.text for line in core.sent(Log)))


async def test_an_event_with_a_person_is_typed_to_the_end() -> None:
    got: list[ChatMessage] = []

    class Typed(BaseModule):
        @on_event("chat_message")
        def note(self, event: ChatMessage) -> None:
            got.append(event)

    async with fake_core() as core, running(core, Typed()):
        user = User(id="1", login="anna", name="Анна 🎉")
        await core.send(ChatMessage(platform="twitch", text="привет", user=user))
        await core.until(lambda: got)
    assert (got[0].user, got[0].text) == (user, "привет")
