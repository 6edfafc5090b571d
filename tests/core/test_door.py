"""Who comes before the server is there: files at once, a wait for all else, no refusal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from streamcore.core.door import Door
from streamcore.core.http.answers import json_answer, send_answer
from streamcore.core.http.asgi import Receive, Scope, Send

HOST = "127.0.0.1:8080"


@pytest.fixture
async def door(tmp_path: Path) -> Door:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>Dashboard</title>")
    (tmp_path / "assets" / "index-abcdefgh.js").write_text("start()")
    return Door(tmp_path, lambda: frozenset({HOST}))


def client(door: Door, host: str = HOST) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url=f"http://{host}")


async def server(scope: Scope, receive: Receive, send: Send) -> None:
    await send_answer(scope, send, json_answer(f"server: {scope['path']}"))


@pytest.mark.parametrize(
    ("path", "content"),
    [("/", "Dashboard"), ("/assets/index-abcdefgh.js", "start()"), ("/healthz", "ok")],
)
async def test_what_needs_no_module_is_answered_at_once(
    door: Door, path: str, content: str
) -> None:
    async with client(door) as browser:
        answer = await browser.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert content in answer.text


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/modules", "/socket.io/", "/overlay-io/", "/overlay/a/b", "/modules-view/a/"],
)
async def test_all_else_waits_and_is_served(door: Door, path: str) -> None:
    async with client(door) as browser:
        asking = asyncio.create_task(browser.get(path, headers={"accept": "text/html"}))
        files = await browser.get("/")
        assert files.status_code == 200
        assert not asking.done(), "nobody is refused for being early"
        door.open(server)
        assert (await asking).json() == f"server: {path}"
        assert (await browser.get("/")).json() == "server: /"


async def test_one_who_gives_up_takes_nobody_along(door: Door) -> None:
    async with client(door) as browser:
        first = asyncio.create_task(browser.get("/api/modules"))
        second = asyncio.create_task(browser.get("/api/modules"))
        await browser.get("/")
        first.cancel()
        await asyncio.wait({first})
        door.open(server)
        assert (await second).status_code == 200


async def test_a_strange_name_is_refused_early_too(door: Door) -> None:
    async with client(door, "evil.example") as stranger:
        assert (await stranger.get("/")).status_code == 421
