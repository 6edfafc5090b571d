"""A module keeps order and asks the viewers: commands to Twitch, and their events back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.core_process import Core, until, write_module
from tests.fakes.twitch import FakeTwitch
from tests.fakes.twitch.people import viewer

WARDEN = """
from streamcore.sdk import BaseModule, PlatformUnavailable, on_event


class Warden(BaseModule):
    @on_event("chat_message")
    async def read(self, event):
        if event.text == "spam":
            await self.delete_chat_message(event.message_id, "twitch")
            await self.timeout_user(event.user.id, "twitch", 600, reason="spam")
            await self.warn_user("@" + event.user.login, "twitch", "be kind")
        if event.text == "!poll":
            poll = await self.start_poll("Ещё?", ["да", "нет"], "twitch")
            await self.storage.set("choices", [choice.title for choice in poll.choices])
            await self.end_poll(poll.poll_id, "twitch")
            bet = await self.start_prediction("Победа?", ["да", "нет"], "twitch")
            winner = bet.outcomes[1].id
            await self.resolve_prediction(bet.prediction_id, "twitch", outcome_id=winner)
            await self.storage.set("winner", winner)
        if event.text == "!reward":
            try:
                await self.create_reward("Вода", 100, "twitch")
            except PlatformUnavailable as error:
                await self.storage.set("refused", [error.code, error.message])

    @on_event("user_banned")
    async def banned(self, event):
        await self.storage.set("banned", [event.user.login, event.reason])

    @on_event("poll")
    async def poll(self, event):
        phases = await self.storage.get("phases", [])
        await self.storage.set("phases", [*phases, event.phase])
"""
ALLOWED = ("chat_read", "chat_moderate", "moderation_read", "polls_read", "polls_manage")


@pytest.fixture
async def twitch() -> AsyncIterator[FakeTwitch]:
    async with FakeTwitch() as fake:
        yield fake


@pytest.fixture
async def guarded(tmp_path: Path, twitch: FakeTwitch) -> AsyncIterator[Core]:
    core = Core(tmp_path / "home", twitch.env)
    wishes = (*ALLOWED, "rewards_manage")
    write_module(core.home, "warden", WARDEN, permissions=wishes, requirements=("twitch",))
    await core.start()
    await core.api("POST", "/api/platforms/twitch/connect", {"permissions": list(ALLOWED)})
    await twitch.approve_login()
    await core.approve("warden")

    async def is_connected() -> bool:
        (platform,) = (await core.api("GET", "/api/platforms"))["items"]
        return bool(platform["state"] == "connected")

    await until(is_connected, within_s=15, what="twitch is connected")
    yield core
    await core.close()


async def test_a_module_keeps_order_and_asks_the_viewers(guarded: Core, twitch: FakeTwitch) -> None:
    await twitch.wait_subscribed("channel.chat.message", "channel.ban", "channel.poll.end")
    spammer = viewer("Spammer")
    message_id = await twitch.chat("Spammer", "spam")
    await until(lambda: spammer.id in twitch.helix.moderation.warned, what="the warning")
    assert twitch.helix.moderation.deleted == [message_id]
    assert twitch.helix.moderation.banned == {spammer.id: 600}

    await twitch.chat("Mira", "!poll")
    winner = await until(lambda: guarded.stored("warden", "winner"), what="the prediction's end")
    (poll,), (prediction,) = twitch.helix.questions.polls, twitch.helix.questions.predictions
    assert (poll.title, poll.status) == ("Ещё?", "TERMINATED")
    assert (prediction.status, prediction.winner) == ("RESOLVED", winner)
    assert await guarded.stored("warden", "choices") == ["да", "нет"]

    async def told() -> bool:
        return bool(await guarded.stored("warden", "phases") == ["begin", "end"])

    await until(told, what="both events of the poll")
    assert await guarded.stored("warden", "banned") == ["spammer", "spam"]

    await twitch.chat("Mira", "!reward")
    refused = await until(lambda: guarded.stored("warden", "refused"), what="the refusal")
    assert refused[0] == "unsupported_by_platform"
    assert "rewards_manage" in refused[1]
    assert "Platforms page" in refused[1]
    assert twitch.helix.rewards.rewards == {}
