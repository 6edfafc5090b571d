"""P5: a chat message from the platform's socket to a module, and its answer back to there."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.lean_api import LeanApi
from benchmarks.plan import Plan
from benchmarks.product import Product, running
from benchmarks.samples import percentile
from tests.e2e.core_process import until, write_module
from tests.fakes.twitch import FakeTwitch
from tests.fakes.twitch.people import STREAMER

__all__ = ["platform_round_trip"]

PLATFORM = "twitch"
MESSAGES = 60
BETWEEN_S = 0.33
"""Within the platform's allowance of 100 in 30 s, so that pacing is not what is measured."""

# The text holds when it was sent; what the module writes into its file is when it came here, and
# when the answer was acknowledged. The bot's own message comes back as an echo: it holds "!done".
MODULE = """
import time

from streamcore.sdk import BaseModule, on_event


class Bot(BaseModule):
    @on_event("chat_message")
    async def answer(self, event):
        came = time.time()
        word, _, sent = event.text.partition(" ")
        if word != "!go":
            return
        await self.send_message("!done " + sent, platform=event.platform)
        with (self.data_dir / "times").open("a") as file:
            file.write(f"{sent} {came} {time.time()}\\n")
"""


async def platform_round_trip(plan: Plan) -> None:
    """platform's socket → mapper → log → module handler → send_chat → ack, one at a time"""
    async with _platform() as (twitch, api, environment):
        twitch.oauth.approves_at_once = True
        with plan.home() as home:
            write_module(
                home,
                "bot",
                MODULE,
                permissions=("chat_read", "chat_send"),
                requirements=(PLATFORM,),
            )
            async with running(home, environment=environment) as product:
                await _log_in(product)
                await twitch.wait_subscribed()
                await product.approve("bot")
                for _ in plan.times(5):
                    await _measure(plan, product, twitch, api)


@asynccontextmanager
async def _platform() -> AsyncIterator[tuple[FakeTwitch, LeanApi, dict[str, str]]]:
    """Run the fake with a lean endpoint for messages, which come back as they do in a chat."""
    async with FakeTwitch() as twitch:

        async def echo(text: str) -> None:
            await twitch.chat(STREAMER.login, text)

        port = int(twitch.url.rpartition(":")[2])
        api = LeanApi("/helix/chat/messages", port, echo)
        address = f"http://127.0.0.1:{await api.start()}/helix"
        try:
            yield twitch, api, {**twitch.env, "STREAMCORE_TWITCH_API_URL": address}
        finally:
            api.stop()


async def _log_in(product: Product) -> None:
    await product.api("POST", f"/api/platforms/{PLATFORM}/connect")

    async def is_connected() -> bool:
        platforms = (await product.api("GET", "/api/platforms"))["items"]
        return any(each["id"] == PLATFORM and each["state"] == "connected" for each in platforms)

    await until(is_connected, within_s=20, what="the platform is connected")


async def _measure(plan: Plan, product: Product, twitch: FakeTwitch, api: LeanApi) -> None:
    times = product.home / "module_data" / "bot" / "times"
    await asyncio.to_thread(times.unlink, missing_ok=True)
    used = product.cpu_s()
    for number in range(MESSAGES):
        await twitch.chat("viewer", f"!go {time.time()!r}")
        await until(
            functools.partial(_has_lines, times, number + 1), what="the module was answered"
        )
        await asyncio.sleep(BETWEEN_S)
    plan.record("P5.core_ms", (product.cpu_s() - used) / MESSAGES * 1000)
    rows = [tuple(map(float, line.split())) for line in _lines(times)]
    # The first ones pay for connections that are kept afterwards.
    rows = rows[MESSAGES // 10 :]
    arrived = [api.came[f"!done {sent!r}"] for sent, _, _ in rows]
    whole = [(acked - sent) * 1000 for sent, _, acked in rows]
    plan.record("P5.p50", percentile(whole, 50))
    plan.record("P5.p99", percentile(whole, 99))
    parts = zip(rows, arrived, strict=True)
    split = [
        ((came - sent) * 1000, (at - came) * 1000, (acked - at) * 1000)
        for (sent, came, acked), at in parts
    ]
    for key, position in (("in", 0), ("out", 1), ("ack", 2)):
        plan.record(f"P5.{key}", percentile([part[position] for part in split], 50))


def _has_lines(file: Path, count: int) -> bool:
    return file.exists() and file.read_text().count("\n") >= count


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines()
