"""The dashboard as somebody in front of the browser uses it."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.e2e.core_process import Core

__all__ = ["open_dashboard"]


async def open_dashboard(core: Core, browser: Browser, path: str = "", **options: Any) -> Page:
    """Open the dashboard by a one-time code, as the app does."""
    context = await browser.new_context(locale=options.pop("locale", "en-US"), **options)
    page = await context.new_page()
    code = (await core.api("POST", "/api/session/code"))["code"]
    await page.goto(f"{core.url}/#code={code}")
    await expect(page.get_by_role("navigation").first).to_be_visible()
    if path:
        await page.goto(f"{core.url}/{path}")
    return page
