"""Commands over a real connection: pace, breaks, timeouts, refusals."""

from __future__ import annotations

import asyncio

import pytest

from streamcore.protocol.commands import SendChat, StorageSet
from streamcore.protocol.limits import MAX_UNANSWERED_COMMANDS
from streamcore.sdk import (
    CommandFailed,
    Disconnected,
    RateLimited,
)
from streamcore.sdk._runtime import commander
from streamcore.sdk._runtime.pace import Pace
from tests.sdk._runtime.bot import bot_and_core


async def test_a_well_meaning_loop_is_slowed_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    most = 0
    waiting = 0
    all_are_there = asyncio.Event()

    async with bot_and_core() as (bot, core):
        inner = core._command

        async def counted(sid: str, body: dict[str, object]) -> dict[str, object]:
            nonlocal most, waiting
            waiting += 1
            most = max(most, waiting)
            if most == commander._IN_FLIGHT:
                all_are_there.set()
            await all_are_there.wait()
            waiting -= 1
            return await inner(sid, body)

        core._sio.on("command", counted, namespace="/module")
        await asyncio.gather(*(bot.storage.set(str(n), n) for n in range(250)))
        assert len(core.sent(StorageSet)) == 250
    assert 32 < most == commander._IN_FLIGHT < MAX_UNANSWERED_COMMANDS


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
