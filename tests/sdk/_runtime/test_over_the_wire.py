"""A module on a real connection: order, acknowledgements, breaks, limits, the end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streamcore.protocol.commands import Log, SendChat, StorageSet
from streamcore.sdk import (
    BaseModule,
    ChatMessage,
    CommandFailed,
    Disconnected,
    Donation,
    RateLimited,
    User,
    _link,
    on_call,
    on_event,
)
from streamcore.sdk._link import LinkEnded, WireLink
from streamcore.sdk._runtime import commander
from streamcore.sdk._runtime.pace import Pace
from streamcore.sdk._runtime.runtime import Runtime
from streamcore.sdk._time import SystemTime
from streamcore.sdk._wire.dial import TcpDialer
from tests.sdk.fake_core import FakeCore, fake_core


class Bot(BaseModule):
    """Remembers what came and answers donations."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.heard: list[str] = []
        self.is_down = False

    @on_event("chat_message")
    async def note(self, event: ChatMessage) -> None:
        await self.gate.wait()
        self.texts.append(event.text)

    @on_event("donation")
    async def thank(self, event: Donation) -> None:
        await self.send_message("thanks", platform="twitch")

    @on_call("ask")
    async def ask(self, what: str) -> dict[str, str]:
        return {"answer": what.upper()}

    async def on_settings(self) -> None:
        self.heard.append(str(self.settings["volume"]))

    async def teardown(self) -> None:
        self.is_down = True


@contextlib.asynccontextmanager
async def running(
    core: FakeCore, bot: BaseModule | None = None, data_dir: Path | None = None
) -> AsyncIterator[tuple[BaseModule, Runtime, asyncio.Task[None]]]:
    """Run a module until the end of the block."""
    bot, time = bot or Bot(), SystemTime()
    link = WireLink(TcpDialer("127.0.0.1", core.port), core.token, time)
    runtime = Runtime(link, time, name="bot", data_dir=data_dir)
    runtime.log.addHandler(runtime.logs)
    bot.attach(runtime)
    task = asyncio.ensure_future(runtime.run(bot))
    try:
        await FakeCore.until(lambda: core.readies or task.done())
        yield bot, runtime, task
    finally:
        runtime.log.removeHandler(runtime.logs)
        runtime.stop(1.0)
        with contextlib.suppress(Exception):
            await task


@contextlib.asynccontextmanager
async def bot_and_core() -> AsyncIterator[tuple[Bot, FakeCore]]:
    """Run the bot above on a fake core."""
    bot = Bot()
    async with fake_core() as core, running(core, bot):
        yield bot, core


def texts(*words: str) -> list[ChatMessage]:
    return [ChatMessage(platform="twitch", text=word) for word in words]


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


async def test_a_well_meaning_loop_is_slowed_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    most = 0
    waiting = 0

    async with bot_and_core() as (bot, core):
        inner = core._command

        async def counted(sid: str, body: dict[str, object]) -> dict[str, object]:
            nonlocal most, waiting
            waiting += 1
            most = max(most, waiting)
            await asyncio.sleep(0.01)
            waiting -= 1
            return await inner(sid, body)

        core._sio.on("command", counted, namespace="/module")
        await asyncio.gather(*(bot.storage.set(str(n), n) for n in range(250)))
        assert len(core.sent(StorageSet)) == 250
    assert 32 < most <= 64


async def test_the_pace_lets_a_burst_pass_and_then_so_many_a_second() -> None:
    from streamcore.sdk.testing import ManualTime

    time = ManualTime()
    pace, taken = Pace(10, 3, time), []

    async def take(number: int) -> None:
        await pace.take()
        taken.append(number)

    tasks = [asyncio.ensure_future(take(number)) for number in range(6)]
    await time.advance(0)
    assert taken == [0, 1, 2]
    assert not pace.try_take()
    await time.advance(0.11)
    assert taken == [0, 1, 2, 3]
    await time.advance(0.25)
    assert taken == [0, 1, 2, 3, 4, 5]
    await asyncio.gather(*tasks)


async def test_a_command_in_flight_when_the_line_breaks_is_disconnected() -> None:
    async with bot_and_core() as (bot, core):
        never = asyncio.Event()

        async def hang(sid: str, body: object) -> None:
            never.set()
            await asyncio.Event().wait()

        core._sio.on("command", hang, namespace="/module")
        sending = asyncio.ensure_future(bot.send_message("?", platform="twitch"))
        await never.wait()
        await core.cut()
        with pytest.raises(Disconnected):
            await sending


async def test_a_command_with_a_key_is_sent_again_after_the_reconnect() -> None:
    async with bot_and_core() as (bot, core):
        inner, first = core._command, asyncio.Event()

        async def once_deaf(sid: str, body: dict[str, object]) -> dict[str, object] | None:
            if not first.is_set():
                first.set()
                await asyncio.Event().wait()
            return await inner(sid, body)

        core.answers["send_chat"] = lambda command: {"ok": True, "result": {"message_id": "m"}}
        core._sio.on("command", once_deaf, namespace="/module")
        sending = asyncio.ensure_future(
            bot.send_message("!", platform="twitch", idempotency_key="k")
        )
        await first.wait()
        await core.cut()
        assert await sending == "m"
        assert [command.idempotency_key for command in core.sent(SendChat)] == ["k"]


async def test_without_a_connection_a_command_waits_a_little_and_then_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(commander, "RECONNECT_WAIT_S", 0.05)
    async with bot_and_core() as (bot, core):
        core.refuse_connect = ("rate_limited", "later")
        await core.cut()
        await core.until(lambda: len(core.auths) > 1)
        with pytest.raises(Disconnected) as caught:
            await bot.send_message("?", platform="twitch")
        assert caught.value.code == "disconnected"
        monkeypatch.setattr(commander, "RECONNECT_WAIT_S", 5)
        core.refuse_connect = None
        await bot.send_message("!", platform="twitch")


async def test_a_slow_answer_is_a_timeout() -> None:
    async with bot_and_core() as (bot, core):

        async def hang(sid: str, body: object) -> None:
            await asyncio.Event().wait()

        core._sio.on("command", hang, namespace="/module")
        with pytest.raises(CommandFailed) as caught:
            await bot.execute(SendChat(msg="?", target="twitch"), timeout_s=0.02)
        assert caught.value.code == "timeout"


async def test_a_packet_over_the_limit_is_refused_here_and_the_line_stays() -> None:
    async with bot_and_core() as (bot, core):
        with pytest.raises(CommandFailed) as caught:
            await bot.storage.set("k", "x" * 300_000)
        assert caught.value.code == "too_large"
        await bot.storage.set("k", "x" * 200_000)
        assert len(core.auths) == 1


async def test_a_refusal_of_the_core_keeps_every_field() -> None:
    async with bot_and_core() as (bot, core):
        error = {"code": "rate_limited", "message": "slow down", "retry_after_ms": 250}
        core.answers["send_chat"] = lambda command: {"ok": False, "error": error}
        with pytest.raises(RateLimited, match="slow down") as caught:
            await bot.send_message("?", platform="twitch")
        assert caught.value.retry_after_s == 0.25


async def test_a_shutdown_lets_the_handler_end_and_acknowledges_it() -> None:
    async with fake_core() as core:
        bot = Bot()
        async with running(core, bot) as (_, _, task):
            bot.gate.clear()
            await core.send(*texts("at work", "waiting"))
            await core.call("ping", {})
            await core.emit("shutdown", {"deadline_ms": 3_000})
            await core.call("ping", {})
            assert not task.done()
            bot.gate.set()
            await task
        await core.until(lambda: core.acks)
        assert (bot.texts, bot.is_down, core.acks) == (["at work"], True, [1])


async def test_a_handler_that_will_not_end_does_not_outlive_the_deadline() -> None:
    async with fake_core() as core:
        bot = Bot()
        async with running(core, bot) as (_, _, task):
            bot.gate.clear()
            await core.send(*texts("for ever"))
            await core.call("ping", {})
            await core.emit("shutdown", {"deadline_ms": 600})
            await task
        assert (bot.texts, core.acks) == ([], [])


async def test_a_shutdown_during_setup_ends_the_module() -> None:
    class Slow(BaseModule):
        async def setup(self) -> None:
            await asyncio.Event().wait()

    async with fake_core() as core:
        time = SystemTime()
        link = WireLink(TcpDialer("127.0.0.1", core.port), core.token, time)
        runtime, module = Runtime(link, time, name="slow", data_dir=None), Slow()
        module.attach(runtime)
        task = asyncio.ensure_future(runtime.run(module))
        await core.until(lambda: core.sids)
        await core.emit("shutdown", {"deadline_ms": 1_000})
        await task


@pytest.mark.parametrize("code", ["permission_denied", "not_found", "conflict"])
async def test_a_module_that_is_refused_at_first_ends_with_the_reason(code: str) -> None:
    async with fake_core() as core:
        core.refuse_connect = (code, "the door is closed")
        async with running(core) as (_, _, task):
            with pytest.raises(LinkEnded, match="the door is closed") as caught:
                await task
    assert not caught.value.retry_later


async def test_a_module_that_is_refused_at_a_reconnect_may_be_started_again() -> None:
    async with fake_core() as core:
        bot = Bot()
        async with running(core, bot) as (_, _, task):
            core.refuse_connect = ("permission_denied", "the token is not known")
            await core.cut()
            with pytest.raises(LinkEnded, match="is not known") as caught:
                await task
    assert caught.value.retry_later
    assert bot.is_down  # the author's clean-up runs all the same


async def test_a_core_that_stays_away_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_link, "_GIVE_UP_S", 0.3)
    async with fake_core() as core:
        core.refuse_connect = ("rate_limited", "busy")
        async with running(core) as (_, _, task):
            with pytest.raises(LinkEnded, match="cannot be reached: busy") as caught:
                await task
        assert len(core.auths) >= 2
    assert caught.value.retry_later


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


def test_library_logs_are_the_modules_own() -> None:
    assert logging.getLogger("module.bot").propagate
