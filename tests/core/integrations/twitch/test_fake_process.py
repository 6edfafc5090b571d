"""The fake as a process of its own, driven over its control address."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import httpx

from streamcore.core.integrations.twitch.integration import TwitchIntegration
from streamcore.protocol.commands import SendChat
from streamcore.protocol.events import ChatMessage, PlatformStateName
from tests.core.integrations.host import TestHost, eventually
from tests.fakes.twitch import FakeTwitch

_LINES = len(FakeTwitch().env)


async def test_an_app_in_another_process_can_use_the_fake(checkout_root: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.fakes.twitch", "--port", "0", "--approve"),
        stdout=asyncio.subprocess.PIPE,
        cwd=checkout_root,
    )
    host = TestHost()
    assert process.stdout is not None
    try:
        lines = [(await process.stdout.readline()).decode().strip() for _ in range(_LINES)]
        env = dict(line.split("=", 1) for line in lines)
        assert env.keys() == FakeTwitch().env.keys()
        twitch = TwitchIntegration(host, env)
        await twitch.connect()
        await eventually(lambda: twitch.status.state is PlatformStateName.CONNECTED)
        control = env["STREAMCORE_TWITCH_API_URL"].replace("/helix", "/control")
        async with httpx.AsyncClient(base_url=control) as http:
            said = await http.post("/chat", json={"args": ["Anna", "from afar"]})
            assert said.json()["result"]
            (message,) = await host.wait_events(ChatMessage)
            assert message.text == "from afar"
            await twitch.execute(SendChat(target="twitch", msg="and back"), "module:x")
            state = (await http.get("/state")).json()
            assert state["sent_messages"] == ["and back"]
            assert "channel.chat.message" in state["subscribed"]
            assert (await http.post("/stop", json={})).status_code == 404
        await twitch.close()
    finally:
        process.terminate()
        await process.wait()
