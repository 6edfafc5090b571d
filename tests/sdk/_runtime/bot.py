"""A module on a real connection to a fake core."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from streamcore.sdk import (
    BaseModule,
    ChatMessage,
    Donation,
    on_call,
    on_event,
)
from streamcore.sdk._link import WireLink
from streamcore.sdk._runtime.runtime import Runtime
from streamcore.sdk._time import SystemTime
from streamcore.sdk._wire.dial import TcpDialer
from tests.sdk.fake_core import FakeCore, fake_core

__all__ = ["Bot", "bot_and_core", "running", "texts"]


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
