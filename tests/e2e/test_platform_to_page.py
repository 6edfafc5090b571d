"""One message all the way: platform, core, module, page in a browser, and the answer back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.browser import chromium, errors_of
from tests.e2e.core_process import Core, until, write_module
from tests.e2e.login import log_in
from tests.fakes.twitch import FakeTwitch

BOT = """
from streamcore.sdk import BaseModule, on_call, on_event


class Bot(BaseModule):
    @on_event("chat_message")
    async def answer(self, event):
        if event.text == "!hello":
            await self.send_message(f"Hello, {event.user.name}!", platform=event.platform)
            await self.state.set("last", event.user.name)

    @on_call("roll")
    async def roll(self, sides):
        return {"sides": sides, "rolled": 4}
"""

PAGE = """<!doctype html>
<meta charset="utf-8">
<p id="event"></p><p id="state">no state</p><p id="call">no answer</p>
<script type="module" src="page.js"></script>
"""

SCRIPT = """
import { connect } from '/sdk/v1/streamcore.js';

const show = (id, text) => { document.getElementById(id).textContent = text; };
const sc = await connect();
sc.on('chat_message', (event) => {
  document.getElementById('event').textContent += `${event.user.name}: ${event.text}; `;
});
sc.state.on('last', (value) => show('state', `last was ${value}`));
const answer = await sc.call('roll', { sides: 6 });
show('call', `rolled ${answer.rolled} of ${answer.sides}`);
"""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def twitch() -> AsyncIterator[FakeTwitch]:
    async with FakeTwitch() as fake:
        yield fake


@pytest.fixture
async def connected(tmp_path: Path, twitch: FakeTwitch) -> AsyncIterator[Core]:
    core = Core(tmp_path / "home", twitch.env)
    _write_bot(core.home)
    await core.start()
    await log_in(core, twitch)
    await core.approve("bot")
    yield core
    await core.close()


def _write_bot(home: Path) -> None:
    folder = write_module(
        home,
        "bot",
        BOT,
        permissions=("chat_read", "chat_send"),
        requirements=("twitch",),
        views=[{"id": "overlay", "title": "Overlay", "path": "overlay.html"}],
    )
    (folder / "dist").mkdir()
    (folder / "dist" / "overlay.html").write_text(PAGE)
    (folder / "dist" / "page.js").write_text(SCRIPT)


async def _address(core: Core) -> str:
    (view,) = (await core.api("GET", "/api/modules/bot/views"))["items"]
    return str(view["url"])


async def test_a_message_reaches_module_and_page_and_the_answer_the_platform(
    connected: Core, twitch: FakeTwitch, browser: Browser
) -> None:
    page = await browser.new_page()
    errors = errors_of(page)
    await page.goto(await _address(connected))
    overlay = page.frame_locator("iframe")
    await expect(overlay.locator("#call")).to_have_text("rolled 4 of 6")
    await twitch.wait_subscribed("channel.chat.message")
    await twitch.chat("Mira", "!hello")
    await expect(overlay.locator("#event")).to_have_text("Mira: !hello; Streamer: Hello, Mira!; ")
    await expect(overlay.locator("#state")).to_have_text("last was Mira")
    await twitch.wait_sent()
    assert twitch.sent_messages == ["Hello, Mira!"]
    assert errors == []


async def test_a_page_heals_by_itself_after_the_core_was_killed(
    connected: Core, browser: Browser
) -> None:
    port = connected.run["port"]
    page = await browser.new_page()
    await page.goto(await _address(connected))
    overlay = page.frame_locator("iframe")
    await expect(overlay.locator("#call")).to_have_text("rolled 4 of 6")
    await connected.kill()
    await connected.start("--port", str(port))
    await connected.reaches("bot", "running")

    async def arrives() -> bool:
        await connected.simulate("chat_message", text="after", platform="twitch")
        return "Mira: after" in (await overlay.locator("#event").text_content() or "")

    await until(arrives, within_s=15, what="the page shows what came after the restart")
    assert "error" not in (await page.locator("body").inner_text()).lower()


async def test_a_replaced_key_cuts_the_old_page_off(connected: Core, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(await _address(connected))
    overlay = page.frame_locator("iframe")
    await expect(overlay.locator("#call")).to_have_text("rolled 4 of 6")
    await connected.api("POST", "/api/modules/bot/views/overlay/rotate")
    fresh = await browser.new_page()
    await fresh.goto(await _address(connected))
    new_overlay = fresh.frame_locator("iframe")
    await expect(new_overlay.locator("#call")).to_have_text("rolled 4 of 6")

    async def arrives() -> bool:
        await connected.simulate("chat_message", text="secret", platform="twitch")
        return "secret" in (await new_overlay.locator("#event").text_content() or "")

    await until(arrives, what="the new address shows events")
    await expect(overlay.locator("#event")).to_have_text("")
