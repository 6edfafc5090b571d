"""The order's own scenario: a module sends a message to the chat, or is told why it cannot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.core_process import Core, until, write_module
from tests.e2e.login import log_in
from tests.fakes.twitch import FakeTwitch

ASKING = """
from streamcore.sdk import BaseModule, StreamCoreError, on_event


class Bot(BaseModule):
    @on_event("follow")
    async def ask(self, event):
        try:
            sent = await self.send_message("Привет", platform=event.user.login)
            await self.storage.set("outcome", {"ok": sent})
        except StreamCoreError as error:
            outcome = {
                "error": type(error).__name__,
                "code": error.code,
                "permission": error.permission,
            }
            await self.storage.set("outcome", outcome)
        self.log.info("asked")
"""
"""Sends to the platform that a follower's login names and keeps what came of it."""


@pytest.fixture
async def twitch() -> AsyncIterator[FakeTwitch]:
    async with FakeTwitch() as fake:
        yield fake


@pytest.fixture
async def connected(tmp_path: Path, twitch: FakeTwitch) -> AsyncIterator[Core]:
    """Return a core that is logged in to the fake platform."""
    core = Core(tmp_path / "home", twitch.env)
    await core.start()
    await log_in(core, twitch)
    yield core
    await core.close()


async def _outcome(core: Core, target: str) -> Any:
    user = {"id": "1", "login": target, "name": target}
    await core.simulate("follow", platform="twitch", user=user)

    async def asked() -> bool:
        return "asked" in await core.logs("bot")

    await until(asked, what="the module asked")
    return await core.stored("bot", "outcome")


async def test_allowed_the_platform_receives_the_text(connected: Core, twitch: FakeTwitch) -> None:
    write_module(
        connected.home,
        "bot",
        ASKING,
        permissions=("audience_read", "chat_send"),
        requirements=("twitch",),
    )
    await connected.approve("bot")
    outcome = await _outcome(connected, "twitch")
    assert outcome["ok"]
    assert twitch.sent_messages == ["Привет"]


async def test_without_the_permission_it_is_dropped_audited_and_raised(
    connected: Core, twitch: FakeTwitch
) -> None:
    write_module(
        connected.home,
        "bot",
        ASKING,
        permissions=("audience_read",),
        requirements=("twitch",),
    )
    await connected.approve("bot")
    assert await _outcome(connected, "twitch") == {
        "error": "PermissionDenied",
        "code": "permission_denied",
        "permission": "chat_send",
    }
    assert twitch.sent_messages == []

    async def denied() -> list[dict[str, Any]]:
        rows = (await connected.api("GET", "/api/audit"))["items"]
        return [row for row in rows if row["kind"] == "denied"]

    (row,) = await until(denied, what="the audit row")
    assert (row["module_id"], row["command"], row["permission"]) == (
        "bot",
        "send_chat",
        "chat_send",
    )
    assert row["at"]


async def test_a_target_outside_the_requirements_is_refused(
    connected: Core, twitch: FakeTwitch
) -> None:
    write_module(
        connected.home,
        "bot",
        ASKING,
        permissions=("audience_read", "chat_send"),
        requirements=("twitch",),
    )
    await connected.approve("bot")
    outcome = await _outcome(connected, "youtube")
    assert (outcome["error"], outcome["code"]) == ("PermissionDenied", "platform_not_declared")


async def test_a_platform_without_a_token_is_not_connected(core: Core) -> None:
    write_module(
        core.home,
        "bot",
        ASKING,
        permissions=("audience_read", "chat_send"),
        requirements=("twitch",),
    )
    await core.start()
    await core.approve("bot")
    outcome = await _outcome(core, "twitch")
    assert (outcome["error"], outcome["code"]) == (
        "PlatformUnavailable",
        "platform_not_connected",
    )


async def test_a_withdrawn_permission_holds_at_once(connected: Core, twitch: FakeTwitch) -> None:
    write_module(
        connected.home,
        "bot",
        ASKING,
        permissions=("audience_read", "chat_send"),
        requirements=("twitch",),
    )
    await connected.approve("bot")
    await connected.api("PATCH", "/api/modules/bot/permissions", {"chat_send": False})
    outcome = await _outcome(connected, "twitch")
    assert outcome["code"] == "permission_denied"
    assert twitch.sent_messages == []
