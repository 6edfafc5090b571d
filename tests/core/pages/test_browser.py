"""A module's page in a real Chromium: what it can load, and what it can not reach."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Error, Page, async_playwright

from streamcore.core.http.answers import Answer, json_answer, send_answer
from streamcore.core.http.asgi import Receive, Scope, Send
from streamcore.core.http.guard import Guard
from streamcore.core.pages.pages import Pages
from streamcore.core.realtime.http import HttpServer
from streamcore.protocol.manifest import View
from tests.core.pages.conftest import OneModule

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(30)]

PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
WRAPPER = """
const frame = document.createElement('iframe');
frame.setAttribute('sandbox', 'allow-scripts');
frame.src = document.querySelector('meta[name="streamcore"]').dataset.src;
window.addEventListener('message', (event) => {
  if (event.source === frame.contentWindow && event.origin === 'null') window.found = event.data;
});
document.body.append(frame);
"""
MODULE_PAGE = """<!doctype html>
<link rel="stylesheet" href="style.css"><script src="classic.js"></script>
<p id="styled">text</p><script>window.inline = true;</script>
<script type="module" src="app.js"></script>
"""
MODULE_SCRIPT = """
import { connect } from '/sdk/v1/streamcore.js';
import { part } from './part.js';
const tried = async (fn) => { try { return String(await fn()); } catch (e) { return e.name; } };
const image = (src) => new Promise((done) => {
  const img = new Image();
  img.onload = () => done('loaded');
  img.onerror = () => done('refused');
  img.src = src;
});
const found = {
  connect, part, classic: window.classic, inline: String(window.inline), origin: self.origin,
  color: getComputedStyle(document.getElementById('styled')).color,
  image: await image('pixel.gif'),
  other: await image('/modules-view/other/pixel.gif'),
  dashboard: await image('/favicon.svg'),
  storage: await tried(() => localStorage.length),
  cookie: await tried(() => document.cookie),
  parent: await tried(() => parent.document.title),
  api: await tried(() => fetch('/api/secret')),
  own: await tried(() => fetch('style.css')),
  top: await tried(() => { top.location = 'about:blank'; }),
  popup: String(window.open('about:blank')),
};
parent.postMessage(found, '*');
"""


class Core:
    """The gate and the pages on a real socket; beside them an address that counts its callers."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self.port = 0
        self.secret_reads = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def hosts(self) -> frozenset[str]:
        return frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/api/secret":
            self.secret_reads += 1
            await send_answer(scope, send, json_answer("secret"))
            return
        await self._pages(scope, receive, send)


@pytest.fixture
async def core(module: OneModule, dist: Path, static_dir: Path) -> AsyncIterator[Core]:
    for name, text in {
        "main.html": MODULE_PAGE,
        "app.js": MODULE_SCRIPT,
        "part.js": "export const part = 'imported';",
        "classic.js": "window.classic = 'ran';",
        "style.css": "#styled { color: rgb(1, 2, 3); }",
    }.items():
        (dist / name).write_text(text, encoding="utf-8")
        module.files[name] = dist / name
    (dist / "pixel.gif").write_bytes(PIXEL)
    module.files["pixel.gif"] = dist / "pixel.gif"
    (static_dir / "overlay" / "wrapper.js").write_text(WRAPPER, encoding="utf-8")
    core = Core(Pages(module, static_dir))
    server = HttpServer(Guard(core, core.hosts), "127.0.0.1", 0)
    core.port = await server.start()
    yield core
    await server.stop()


@pytest.fixture
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        await browser.close()


async def found_by_page(page: Page) -> dict[str, object]:
    found: dict[str, object] = await eventually(page, "window.found")
    return found


async def eventually(page: Page, expression: str) -> Any:
    """Ask until there is a value; the browser's own way to wait is forbidden by these policies."""
    for _ in range(200):
        with contextlib.suppress(Error):  # the page may be loading itself again
            if (value := await page.evaluate(f"{expression} ?? null")) is not None:
                return value
        await asyncio.sleep(0.05)
    raise AssertionError(f"{expression} never came")


async def test_a_page_loads_its_own_files_and_reaches_nothing_else(
    core: Core, browser: Browser
) -> None:
    page = await browser.new_page()
    await page.goto(f"{core.url}/overlay/bot/main#k=key")
    assert await found_by_page(page) == {
        "connect": 1,
        "part": "imported",
        "classic": "ran",
        "inline": "undefined",
        "origin": "null",
        "color": "rgb(1, 2, 3)",
        "image": "loaded",
        "other": "refused",
        "dashboard": "refused",
        "storage": "SecurityError",
        "cookie": "SecurityError",
        "parent": "SecurityError",
        "api": "TypeError",
        "own": "TypeError",
        "top": "SecurityError",
        "popup": "null",
    }
    assert core.secret_reads == 0


async def test_a_page_opened_by_itself_is_as_alone(
    core: Core, browser: Browser, module: OneModule, dist: Path
) -> None:
    (dist / "alone.html").write_text('<script src="classic.js"></script>', encoding="utf-8")
    module.files["alone.html"] = dist / "alone.html"
    page = await browser.new_page()
    await page.goto(f"{core.url}/modules-view/bot/alone.html")
    assert await eventually(page, "window.classic") == "ran"
    assert await page.evaluate("self.origin") == "null"
    reaches = "fetch('/api/secret').then(() => 'reached', () => 'refused')"
    assert await page.evaluate(reaches) == "refused"
    assert core.secret_reads == 0


async def test_another_site_gets_neither_the_dashboard_nor_the_api(
    core: Core, browser: Browser
) -> None:
    # The other site's policy must not be what saves us: this one has none at all.
    foreign = HttpServer(_bare_page, "127.0.0.1", 0)
    port = await foreign.start()
    try:
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{port}/")
        tried = await page.evaluate(
            """async (url) => {
              const fetched = (options) =>
                fetch(url + '/api/secret', options).then(() => 'sent', () => 'refused');
              await fetched({ mode: 'no-cors' });
              await fetched({ mode: 'no-cors', method: 'POST', body: 'x' });
              return await fetched({});
            }""",
            core.url,
        )
        assert tried == "refused"
        assert core.secret_reads == 0
        frame = await page.evaluate_handle(
            """(url) => new Promise((done) => {
              const frame = document.createElement('iframe');
              frame.onload = () => done(frame);
              frame.src = url;
              document.body.append(frame);
            })""",
            f"{core.url}/",
        )
        content = await frame.as_element().content_frame()  # type: ignore[union-attr]
        assert content is not None
        assert "dashboard" not in await content.content()
    finally:
        await foreign.stop()


async def test_a_missing_page_shows_nothing_and_comes_back_by_itself(
    core: Core, browser: Browser, module: OneModule
) -> None:
    page = await browser.new_page()
    await page.clock.install()
    answer = await page.goto(f"{core.url}/overlay/bot/later#k=key")
    assert answer is not None
    assert answer.status == 404
    assert (await page.inner_text("body")).strip() == ""
    module.views = (*module.views, View(id="later", path="main.html"))
    await page.clock.fast_forward(5000)
    assert (await found_by_page(page))["connect"] == 1
    assert page.url.endswith("/overlay/bot/later#k=key")


async def _bare_page(scope: Scope, receive: Receive, send: Send) -> None:
    page = Answer(200, ((b"content-type", b"text/html"),), b"<!doctype html><body></body>")
    await send_answer(scope, send, page)
