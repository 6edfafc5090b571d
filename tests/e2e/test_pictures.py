"""The services that show emotes, from the dashboard's switch to a logged message, over restarts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.e2e.core_process import Core, until
from tests.e2e.login import log_in
from tests.fakes.twitch import FakeTwitch


async def _options(core: Core) -> dict[str, bool]:
    (platform,) = (await core.api("GET", "/api/platforms"))["items"]
    return {option["id"]: option["value"] for option in platform["options"]}


async def _providers(core: Core, twitch: FakeTwitch, text: str) -> list[str]:
    """Say something in the chat; returns whose pictures the logged message has, in order."""
    message_id = await twitch.chat("Anna", text)

    async def logged() -> list[dict[str, Any]]:
        found = (await core.api("GET", "/api/events?type=chat_message&limit=50"))["items"]
        return [event for event in found if event["message_id"] == message_id]

    (message,) = await until(logged, what="the message is logged")
    assert message["text"] == text == "".join(each["text"] for each in message["fragments"])
    return [each["emote"]["provider"] for each in message["fragments"] if each["emote"]]


async def _until_decorated(core: Core, twitch: FakeTwitch) -> None:
    async def decorated() -> bool:
        found = await _providers(core, twitch, "Kappa catJAM LULW EZ")
        return found == ["twitch", "bttv", "seventv"]

    await until(decorated, what="the other services' emotes are there")


async def test_a_service_switched_off_stays_off_and_is_never_asked(tmp_path: Path) -> None:
    async with FakeTwitch() as twitch:
        core = Core(tmp_path / "home", twitch.env)
        try:
            await core.start()
            await core.api("PATCH", "/api/platforms/twitch/options", {"ffz": False})
            await log_in(core, twitch)
            await _until_decorated(core, twitch)
            await core.kill()
            await core.start()
            assert await _options(core) == {"ffz": False, "bttv": True, "seventv": True}
            await twitch.wait_subscribed()
            await _until_decorated(core, twitch)
        finally:
            await core.close()
        assert twitch.emotes.ffz.asked == []
        assert len(twitch.emotes.bttv.asked) == 4
