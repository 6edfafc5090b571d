"""The registry: which platforms there are, and who stands in for whom."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from streamcore.core.config import Settings, load_settings
from streamcore.core.errors import CommandError
from streamcore.core.integrations.base import Connected, DeviceFlow, TokenFlow
from streamcore.core.integrations.registry import Registry
from streamcore.protocol.commands import SendChat
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import ChatMessage, Origin, PlatformStateName
from tests.core.integrations.host import MemorySecrets, TestHost, eventually
from tests.fakes.twitch import FakeTwitch


def settings(tmp_path: Path, environ: dict[str, str], *, demo: bool) -> Settings:
    return load_settings({"home": str(tmp_path), "demo": demo}, environ, tmp_path)


@asynccontextmanager
async def started(registry: Registry) -> AsyncIterator[Registry]:
    await registry.start()
    try:
        yield registry
    finally:
        await registry.close()


async def test_without_the_demo_there_are_only_real_platforms(tmp_path: Path) -> None:
    registry = Registry(TestHost(), settings(tmp_path, {}, demo=False))
    async with started(registry):
        (record,) = registry.platforms()
        assert (record["id"], record["state"]) == ("twitch", "disconnected")
        assert not registry.connected("twitch")
        assert registry.get("youtube") is None
        assert not registry.connected("youtube")


async def test_the_demo_stands_in_for_both_platforms(tmp_path: Path) -> None:
    host = TestHost()
    registry = Registry(host, settings(tmp_path, {}, demo=True))
    async with started(registry):
        assert [record["id"] for record in registry.platforms()] == ["twitch", "youtube"]
        for platform in ("twitch", "youtube"):
            assert registry.connected(platform)
            record = next(r for r in registry.platforms() if r["id"] == platform)
            assert record["account"] == {
                "id": f"demo-{platform}",
                "name": "Demo stream",
                "avatar_url": None,
            }
        await eventually(
            lambda: {e.platform for e in host.of(ChatMessage)} >= {"twitch", "youtube"}
        )
        assert all(event.is_test for event in host.events)
        assert {event.origin for event in host.events} == {Origin.SIMULATED}


async def test_a_form_to_fill_in_does_not_end_the_demo(tmp_path: Path) -> None:
    registry = Registry(TestHost(), settings(tmp_path, {}, demo=True))
    async with started(registry):
        twitch = registry.get("twitch")
        assert twitch is not None
        assert isinstance(await twitch.connect(), TokenFlow)
        assert registry.connected("twitch")
        assert (await twitch.execute(SendChat(target="twitch", msg="hi"), "x"))["message_id"]


async def test_connecting_swaps_the_stand_in_for_the_real_platform(tmp_path: Path) -> None:
    secrets = MemorySecrets()
    async with FakeTwitch() as fake:
        host = TestHost(secrets)
        registry = Registry(host, settings(tmp_path, fake.env, demo=True))
        async with started(registry):
            twitch = registry.get("twitch")
            assert twitch is not None
            assert isinstance(await twitch.connect(), DeviceFlow)
            await fake.approve_login()
            await eventually(lambda: twitch.status.state is PlatformStateName.CONNECTED)
            assert twitch.status.account is not None
            assert twitch.status.account.name == "Streamer"
            seen = len([e for e in host.events if e.platform == "twitch"])
            await fake.chat("Anna", "a real one")
            await eventually(lambda: "a real one" in [m.text for m in host.of(ChatMessage)])
            later = [e for e in host.events if e.platform == "twitch"][seen:]
            assert all(not event.is_test for event in later)
            assert registry.connected("youtube"), "the other stand-in plays on"

        host = TestHost(secrets)
        registry = Registry(host, settings(tmp_path, fake.env, demo=True))
        async with started(registry):
            await eventually(lambda: registry.connected("twitch"))
            again = registry.get("twitch")
            assert again is not None
            await eventually(lambda: again.status.state is PlatformStateName.CONNECTED)
            assert not [e for e in host.events if e.platform == "twitch" and e.is_test], (
                "a stored account leaves no place for a stand-in"
            )


@pytest.mark.parametrize("end", ["denied", "given up"])
async def test_a_login_that_comes_to_nothing_gives_the_demo_back(tmp_path: Path, end: str) -> None:
    async with FakeTwitch() as fake:
        host = TestHost()
        registry = Registry(host, settings(tmp_path, fake.env, demo=True))
        async with started(registry):
            twitch = registry.get("twitch")
            assert twitch is not None
            assert {each.permission for each in twitch.status.permissions if each.is_on}
            assert isinstance(await twitch.connect(), DeviceFlow)
            assert twitch.status.state is PlatformStateName.CONNECTING
            if end == "denied":
                await fake.deny_login()
                await eventually(lambda: twitch.status.state is PlatformStateName.CONNECTED)
                assert "access_denied" in twitch.status.reason.en
                assert "отклонили" in twitch.status.reason.ru
            else:
                await twitch.cancel()
                assert not twitch.status.reason
            assert registry.connected("twitch")
            assert twitch.status.account is not None
            assert twitch.status.account.name == "Demo stream"
            assert twitch.can_sign_in
            sent = await twitch.execute(SendChat(target="twitch", msg="hi"), "x")
            assert sent["message_id"]
            seen = len(host.of(ChatMessage))
            await eventually(lambda: len(host.of(ChatMessage)) > seen + 1)


async def test_disconnecting_the_stand_in_ends_it_until_it_is_connected_again(
    tmp_path: Path,
) -> None:
    registry = Registry(TestHost(), settings(tmp_path, {}, demo=True))
    async with started(registry):
        youtube = registry.get("youtube")
        assert youtube is not None
        await youtube.disconnect()
        assert not registry.connected("youtube")
        with pytest.raises(CommandError) as caught:
            await youtube.execute(SendChat(target="youtube", msg="hi"), "x")
        assert caught.value.body.code is ErrorCode.PLATFORM_NOT_CONNECTED
        assert isinstance(await youtube.connect(), Connected)
        assert registry.connected("youtube")


def test_network_libraries_are_loaded_only_by_a_platform_that_connects(
    checkout_root: Path,
) -> None:
    script = (
        "import sys, streamcore.core.integrations.registry\n"
        "print([m for m in ('httpx', 'websockets') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=checkout_root / "src",
        timeout=30,
    )
    assert done.stdout.strip() == "[]"
