"""The end of a module: shut down, refused, or left alone by its core."""

from __future__ import annotations

import asyncio

import pytest

from streamcore.sdk import (
    BaseModule,
    _link,
)
from streamcore.sdk._link import LinkEnded, WireLink
from streamcore.sdk._runtime.runtime import Runtime
from streamcore.sdk._time import SystemTime
from streamcore.sdk._wire.dial import TcpDialer
from tests.sdk._runtime.bot import Bot, running, texts
from tests.sdk.fake_core import fake_core


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
