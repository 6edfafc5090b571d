"""P13: the dashboard's first load in a real Chromium: time until it is ready, and its size."""

from __future__ import annotations

import gzip
import time

from playwright.async_api import Page, Response

from benchmarks.plan import Plan
from benchmarks.product import running
from tests.e2e.browser import chromium
from tests.e2e.core_process import ROOT

__all__ = ["dashboard"]

READY = "[role=log]"
GZIP_LEVEL = 9


async def dashboard(plan: Plan) -> None:
    """the dashboard's first load in Chromium, with an empty cache each time"""
    if not (ROOT / "static_dist" / "index.html").is_file():
        raise RuntimeError("static_dist is missing: `python dev.py bench` builds it")
    with plan.home() as home:
        async with running(home, "--demo") as product, chromium() as browser:
            for _ in plan.times(5):
                code = (await product.api("POST", "/api/session/code"))["code"]
                context = await browser.new_context()
                page = await context.new_page()
                responses = _collect(page)
                begin = time.perf_counter()
                await page.goto(f"{product.url}/#code={code}", wait_until="commit")
                await page.wait_for_selector(READY, state="visible")
                plan.record("P13.ready", (time.perf_counter() - begin) * 1000)
                await page.wait_for_load_state("load")
                sizes = [
                    len(gzip.compress(await response.body(), GZIP_LEVEL))
                    for response in responses
                    if response.request.resource_type == "script"
                ]
                plan.record("P13.js", sum(sizes) / 1000)
                await context.close()


def _collect(page: Page) -> list[Response]:
    """Return a list that every answer of the page goes into."""
    responses: list[Response] = []

    def keep(response: Response) -> None:
        responses.append(response)

    page.on("response", keep)
    return responses
