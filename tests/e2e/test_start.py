"""The first moments: who connects at the ready line is served, and a start can end at once."""

from __future__ import annotations

import asyncio
import sqlite3

import httpx
from websockets.asyncio.client import connect

from tests.e2e.core_process import Core, write_module

QUIET = "from streamcore.sdk import BaseModule\n\n\nclass Quiet(BaseModule):\n    pass\n"


async def test_whoever_comes_at_the_ready_line_is_served(core: Core) -> None:
    write_module(core.home, "quiet", QUIET)
    await core.start()
    await core.approve("quiet")
    assert await core.stop() == 0
    await core.start()
    async with httpx.AsyncClient(base_url=core.url, trust_env=False, timeout=10) as stranger:
        page, health, system, greeting = await asyncio.gather(
            stranger.get("/", headers={"accept": "text/html"}),
            stranger.get("/healthz"),
            core.api("GET", "/api/system"),
            _greeting(core),
        )
    assert page.headers["content-type"].startswith("text/html")
    assert health.json()["status"] == "ok"
    assert system["version"] == core.run["version"]
    assert greeting.startswith("42/dashboard,"), "a dashboard joined on its first attempt"
    await core.reaches("quiet", "running")
    assert await core.stop() == 0
    assert core.stderr == b""


async def _greeting(core: Core) -> str:
    """Join as a dashboard, with the first connection, and return the first thing that it hears."""
    url = core.url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    async with asyncio.timeout(10), connect(url, proxy=None) as socket:
        await socket.recv()
        await socket.send('40/dashboard,{"token":"' + core.run["token"] + '"}')
        assert str(await socket.recv()).startswith("40/dashboard,")
        return str(await socket.recv())


async def test_it_can_be_ended_at_its_first_moment(core: Core) -> None:
    for _ in range(3):
        await core.start()
        assert await core.stop() == 0
        assert core.stderr == b""
        assert not (core.home / "run.json").exists()


async def test_what_fails_behind_the_ready_line_ends_it_with_a_sentence(core: Core) -> None:
    await core.start()
    assert await core.stop() == 0
    with sqlite3.connect(core.home / "streamcore.db") as database:
        database.execute("ALTER TABLE consents RENAME TO something_else")
    database.close()
    process = await core.spawn()
    async with asyncio.timeout(15):
        _, stderr = await process.communicate()
    assert process.returncode == 2
    assert "consents" in stderr.decode()
    assert "Traceback" not in stderr.decode()
    assert not (core.home / "run.json").exists()
