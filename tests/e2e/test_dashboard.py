"""The dashboard in a real browser: open it, watch the stream, allow a module, see it crash."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.e2e.browser import errors_of
from tests.e2e.core_process import Core, write_module
from tests.e2e.dashboard import open_dashboard
from tests.fakes.twitch import FakeTwitch

GREETER = """
from streamcore.sdk import BaseModule, on_event


class Bot(BaseModule):
    @on_event("chat_message")
    async def greet(self, event):
        if event.text == "!hello":
            await self.send_message(f"Hi {event.user.name}", platform=event.platform)
"""


async def test_the_demo_stream_fills_the_live_page(core: Core, browser: Browser) -> None:
    await core.start("--demo")
    page = await open_dashboard(core, browser)
    errors = errors_of(page)
    log = page.get_by_role("log")
    await expect(log.first).to_be_visible()
    await core.simulate("chat_message", text="a message to look for", platform="twitch")
    await expect(page.get_by_text("a message to look for")).to_be_visible()
    assert "#code" not in page.url
    assert errors == []


async def test_a_page_without_a_session_says_how_to_get_one(core: Core, browser: Browser) -> None:
    await core.start()
    page = await browser.new_page(locale="en-US")
    await page.goto(core.url)
    await expect(page.get_by_text("Open the dashboard from StreamCore")).to_be_visible()
    await page.goto(f"{core.url}/#code=guess")
    await page.reload()
    await expect(page.get_by_text("Open the dashboard").first).to_be_visible()


async def test_a_one_time_code_works_once(core: Core, browser: Browser) -> None:
    await core.start()
    code = (await core.api("POST", "/api/session/code"))["code"]
    first = await browser.new_page(locale="en-US")
    await first.goto(f"{core.url}/#code={code}")
    await expect(first.get_by_role("navigation").first).to_be_visible()
    context = await browser.new_context(locale="en-US")
    second = await context.new_page()
    await second.goto(f"{core.url}/#code={code}")
    await expect(second.get_by_text("Your session has ended")).to_be_visible()


async def test_a_module_is_allowed_in_the_dashboard_and_runs(core: Core, browser: Browser) -> None:
    write_module(core.home, "greeter", GREETER, permissions=("chat_read", "chat_send"))
    await core.start("--demo")
    page = await open_dashboard(core, browser, "#/modules")
    card = page.get_by_role("article").filter(has_text="greeter")
    await card.get_by_role("button", name="Review and approve").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Read the chat of your streams.")).to_be_visible()
    await expect(dialog.get_by_text("Write in the chat in your name.")).to_be_visible()
    await dialog.get_by_role("button", name="Approve and start").click()
    await core.reaches("greeter", "running")
    await expect(page.get_by_text("Running").first).to_be_visible()
    await core.simulate("chat_message", text="!hello", platform="twitch")
    await page.get_by_role("link", name="Live").first.click()
    await expect(page.get_by_text("Hi Mira").first).to_be_visible()


async def test_a_failed_modules_traceback_is_shown(core: Core, browser: Browser) -> None:
    write_module(core.home, "broken", "import streamcore.sdk\nraise RuntimeError('no luck')\n")
    await core.start()
    await core.approve("broken", state="failed", within_s=30)
    page = await open_dashboard(core, browser, "#/modules/broken")
    await expect(page.get_by_text("RuntimeError: no luck").first).to_be_visible()


async def test_a_lost_core_is_a_calm_banner_that_heals(core: Core, browser: Browser) -> None:
    await core.start("--port", "0")
    port = core.run["port"]
    page = await open_dashboard(core, browser)
    await core.simulate("chat_message", text="before the crash", platform="twitch")
    await expect(page.get_by_text("before the crash")).to_be_visible()
    await core.kill()
    await expect(page.get_by_text("Connection to StreamCore lost.")).to_be_visible()
    await expect(page.get_by_text("before the crash")).to_be_visible()
    await core.start("--port", str(port))
    await expect(page.get_by_text("Connection to StreamCore lost.")).to_be_hidden(timeout=15_000)
    await core.simulate("chat_message", text="after the crash", platform="twitch")
    await expect(page.get_by_text("after the crash")).to_be_visible()


async def test_hostile_text_stays_text(core: Core, browser: Browser) -> None:
    await core.start()
    page = await open_dashboard(core, browser)
    errors = errors_of(page)
    attacks = (
        "<img src=x onerror=\"document.title='owned'\">",
        "<script>document.title='owned'</script>",
        "javascript:document.title='owned'",
        "\u202egnihsihp\u202c " + "Z\u0337" * 300,
        "__proto__",
    )
    for attack in attacks:
        user = {"id": "1", "login": "x", "name": attack}
        await core.simulate("chat_message", text=attack, user=user, platform="twitch")
    await expect(page.get_by_text("<script>", exact=False).first).to_be_visible()
    await asyncio.sleep(0.2)
    assert await page.title() != "owned"
    assert errors == []


async def test_russian_is_complete(core: Core, browser: Browser) -> None:
    await core.start("--demo")
    page = await open_dashboard(core, browser, "#/modules", locale="ru-RU")
    await expect(page.get_by_role("heading", name="Модули")).to_be_visible()


async def test_an_account_takes_the_place_of_the_demo(tmp_path: Path, browser: Browser) -> None:
    async with FakeTwitch() as twitch:
        core = Core(tmp_path / "home", twitch.env)
        await core.start("--demo")
        try:
            page = await open_dashboard(core, browser, "#/platforms")
            card = page.get_by_role("article").filter(has_text="Twitch")
            await card.get_by_role("button", name="Connect your account").click()
            dialog = page.get_by_role("dialog")
            await expect(dialog.get_by_text("Waiting for your confirmation…")).to_be_visible()
            await twitch.approve_login()
            await expect(dialog.get_by_text("Twitch is connected.")).to_be_visible(timeout=20_000)
            await dialog.get_by_role("button", name="Close").first.click()
            await expect(card.get_by_text("Demo stream")).to_be_hidden()
            await twitch.wait_subscribed("channel.chat.message")
            await page.get_by_role("link", name="Live").first.click()
            await twitch.chat("Mira", "hello from the real platform")
            await expect(page.get_by_text("hello from the real platform")).to_be_visible()
        finally:
            await core.close()
