"""Logs a core in to the fake platform."""

from __future__ import annotations

from tests.e2e.core_process import Core, until
from tests.fakes.twitch import FakeTwitch

__all__ = ["log_in"]


async def log_in(core: Core, twitch: FakeTwitch) -> None:
    """Go through the device-code login as the streamer does."""
    flow = await core.api("POST", "/api/platforms/twitch/connect")
    assert flow["flow"] == "device"
    await twitch.approve_login()

    async def is_connected() -> bool:
        (platform,) = (await core.api("GET", "/api/platforms"))["items"]
        return bool(platform["state"] == "connected")

    await until(is_connected, within_s=15, what="twitch is connected")
