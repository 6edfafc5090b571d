"""Connecting an account in the real dashboard: from "Connect" to the first chat message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e import qr
from tests.e2e.browser import errors_of
from tests.e2e.core_process import Core, until, write_module
from tests.e2e.dashboard import open_dashboard
from tests.e2e.login import log_in
from tests.fakes.twitch import FakeTwitch

SLOW_MS = 15_000

WORDS = {
    "en": {
        "connect": "Connect",
        "done": "Twitch is connected.",
        "close": "Close",
        "account": "Account Streamer",
        "connected": "Connected",
        "asked": "Read the chat of your streams.",
        "live": "Live",
        "raid": "raids with 12 viewers",
    },
    "ru": {
        "connect": "Подключить",
        "again": "Получить новый код",
        "denied": "На Twitch вход отклонили",
        "done": "Готово: Twitch на связи.",
        "close": "Закрыть",
        "account": "Аккаунт Streamer",
        "connected": "Подключено",
        "asked": "Читать чат ваших трансляций.",
        "live": "Эфир",
        "raid": "приходит с рейдом: 12 зрителей",
    },
}


@pytest.fixture
async def twitch() -> AsyncIterator[FakeTwitch]:
    async with FakeTwitch() as twitch:
        yield twitch


@pytest.fixture
async def core(tmp_path: Path, twitch: FakeTwitch) -> AsyncIterator[Core]:
    core = Core(tmp_path / "home", twitch.env)
    await core.start()
    yield core
    await core.close()


async def _platforms(core: Core, browser: Browser, language: str = "en") -> Page:
    """Open the page of platforms and choose the language as somebody does who does not read it."""
    page = await open_dashboard(core, browser, "#/platforms")
    if language == "ru":
        await page.get_by_role("button", name="Language and theme").click()
        await page.get_by_role("menuitemradio", name="Русский").click()
        await page.keyboard.press("Escape")
    return page


def _card(page: Page) -> Locator:
    return page.get_by_role("article").filter(has_text="Twitch")


async def _confirm(dialog: Locator, *, user: str = "Streamer", button: str = "Authorize") -> None:
    """Follow the dialog's link and decide on the platform's page, in the tab that opens."""
    async with dialog.page.context.expect_page() as opening:
        await dialog.get_by_role("link").click()
    tab = await opening.value
    code = await dialog.get_by_role("status").first.inner_text()
    await expect(tab.get_by_text(code)).to_be_visible()
    await tab.get_by_role("combobox").select_option(label=user)
    await tab.get_by_role("button", name=button).click()
    await expect(tab.get_by_role("button")).to_have_count(0)
    await tab.close()


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_from_connect_to_the_first_message(
    core: Core, twitch: FakeTwitch, browser: Browser, language: str
) -> None:
    words = WORDS[language]
    page = await _platforms(core, browser, language)
    errors = errors_of(page)
    card = _card(page)
    await card.get_by_role("button", name=words["connect"]).click()
    dialog = page.get_by_role("dialog")
    await twitch.wait_login()
    (device,) = twitch.oauth.devices.values()
    await expect(dialog.get_by_text(device.user_code, exact=True)).to_be_visible()
    await expect(dialog.get_by_text(words["asked"])).to_be_visible()
    picture = dialog.locator("svg[role=img]")
    path = await picture.locator("path").get_attribute("d")
    box = await picture.get_attribute("viewBox")
    assert path is not None
    assert box is not None
    address = f"{twitch.url}/activate?public=true&device-code={device.user_code}"
    assert qr.read(path, int(box.split()[2])) == address
    assert await dialog.get_by_role("link").get_attribute("href") == address

    await _confirm(dialog)
    await expect(dialog.get_by_text(words["done"])).to_be_visible(timeout=SLOW_MS)
    await dialog.get_by_role("button", name=words["close"]).first.click()
    await expect(card.get_by_text(words["account"])).to_be_visible()
    await expect(card.get_by_text(words["connected"], exact=True)).to_be_visible()

    await twitch.wait_subscribed("channel.chat.message", "channel.raid")
    await page.get_by_role("link", name=words["live"]).first.click()
    await twitch.chat("Mira", "the very first message Kappa", badges=("vip",))
    line = page.get_by_role("log").get_by_text("the very first message")
    # The page's policy allows no pictures from elsewhere yet: their names stand in their place.
    await expect(line).to_contain_text("Kappa")
    await expect(page.get_by_role("log").get_by_role("img", name="VIP")).to_be_visible()
    await twitch.raid("Mira", 12)
    await expect(page.get_by_text(words["raid"])).to_be_visible()
    assert errors == []


async def test_a_refused_login_says_so_and_another_works(
    core: Core, twitch: FakeTwitch, browser: Browser
) -> None:
    words = WORDS["ru"]
    page = await _platforms(core, browser, "ru")
    await _card(page).get_by_role("button", name=words["connect"]).click()
    dialog = page.get_by_role("dialog")
    await _confirm(dialog, button="Cancel")
    await expect(dialog.get_by_role("alert")).to_contain_text(words["denied"], timeout=SLOW_MS)
    await dialog.get_by_role("button", name=words["again"]).click()
    await _confirm(dialog)
    await expect(dialog.get_by_text(words["done"])).to_be_visible(timeout=SLOW_MS)


async def test_a_code_that_ran_out_is_replaced(
    core: Core, twitch: FakeTwitch, browser: Browser
) -> None:
    twitch.oauth.login_expires_in_s = 2.0
    page = await _platforms(core, browser)
    await _card(page).get_by_role("button", name="Connect").click()
    dialog = page.get_by_role("dialog")
    await twitch.wait_login()
    (first,) = twitch.oauth.devices.values()
    await expect(dialog.get_by_text(first.user_code)).to_be_visible()
    await expect(dialog.get_by_text("has expired").first).to_be_visible(timeout=SLOW_MS)
    await expect(dialog.get_by_role("link")).to_have_count(0)
    twitch.oauth.login_expires_in_s = 1800.0
    await dialog.get_by_role("button", name="Get a new code").click()
    await expect(dialog.get_by_text(first.user_code)).to_have_count(0)
    await _confirm(dialog)
    await expect(dialog.get_by_text("Twitch is connected.")).to_be_visible(timeout=SLOW_MS)


async def test_closing_the_dialog_gives_the_login_up(
    core: Core, twitch: FakeTwitch, browser: Browser
) -> None:
    page = await _platforms(core, browser)
    card = _card(page)
    await card.get_by_role("button", name="Connect").click()
    await twitch.wait_login()
    await page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await expect(card.get_by_text("Not connected")).to_be_visible()
    await twitch.approve_login()
    assert twitch.oauth.grants == 0


async def test_more_is_allowed_while_the_connection_goes_on(
    core: Core, twitch: FakeTwitch, browser: Browser
) -> None:
    wishes = ("chat_read", "polls_manage")
    write_module(core.home, "voter", "import streamcore.sdk\n", permissions=wishes)
    await log_in(core, twitch)
    await twitch.wait_subscribed("channel.chat.message")
    connections = twitch.eventsub.connections
    page = await _platforms(core, browser)
    card = _card(page)
    await core.approve("voter", state="failed", within_s=30)
    await expect(card.get_by_text("1 more right is needed by voter")).to_be_visible()
    await card.get_by_role("button", name="Allow", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Start and end polls and predictions.")).to_be_visible()
    await _confirm(dialog)
    await expect(dialog.get_by_text("Twitch has the new rights.")).to_be_visible(timeout=SLOW_MS)
    await dialog.get_by_role("button", name="Close").first.click()
    await expect(card.get_by_text("more right")).to_have_count(0)
    assert "channel:manage:polls" in twitch.oauth.scopes_of()
    await page.get_by_role("link", name="Live").first.click()
    await twitch.chat("Mira", "still listening")
    await expect(page.get_by_role("log").get_by_text("still listening")).to_be_visible()
    assert twitch.eventsub.connections == connections


async def test_a_second_account_speaks(core: Core, twitch: FakeTwitch, browser: Browser) -> None:
    await log_in(core, twitch)
    page = await _platforms(core, browser)
    card = _card(page)
    await card.get_by_role("heading", name="Bot that speaks").click()
    await card.get_by_role("button", name="Connect the bot").click()
    dialog = page.get_by_role("dialog")
    await _confirm(dialog, user="Streamer")
    await expect(dialog.get_by_role("alert")).to_contain_text("your own", timeout=SLOW_MS)
    await dialog.get_by_role("button", name="Get a new code").click()
    await _confirm(dialog, user="Streamer_Bot")
    done = dialog.get_by_text("The bot is connected to Twitch.")
    await expect(done).to_be_visible(timeout=SLOW_MS)
    await dialog.get_by_role("button", name="Close").first.click()
    await expect(card.get_by_text("Streamer_Bot").first).to_be_visible()
    await card.get_by_role("button", name="Disconnect the bot").click()
    await page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    await expect(card.get_by_role("button", name="Connect the bot")).to_be_visible()
    await expect(card.get_by_text("Account Streamer").first).to_be_visible()


async def test_a_lost_login_is_said_and_mended(
    core: Core, twitch: FakeTwitch, browser: Browser
) -> None:
    await log_in(core, twitch)
    await twitch.wait_subscribed("channel.chat.message")
    page = await _platforms(core, browser)
    card = _card(page)
    await expect(card.get_by_text("Connected", exact=True)).to_be_visible()
    await twitch.revoke_app()
    again = card.get_by_role("button", name="Sign in again")
    await expect(again).to_be_visible(timeout=SLOW_MS)
    await again.click()
    dialog = page.get_by_role("dialog")
    await _confirm(dialog)
    await expect(dialog.get_by_text("Twitch is connected.")).to_be_visible(timeout=SLOW_MS)
    await dialog.get_by_role("button", name="Close").first.click()
    await page.get_by_role("link", name="Live").first.click()

    async def is_heard() -> bool:
        await twitch.chat("Mira", "back again")
        return await page.get_by_role("log").get_by_text("back again").count() > 0

    await until(is_heard, within_s=15, what="the chat is read again")
