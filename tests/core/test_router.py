"""The router finds the platform and turns every failure into a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from streamcore.core.errors import CommandError
from streamcore.core.router import Router
from streamcore.protocol.commands import BanUser, PlatformCommand, SendChat
from streamcore.protocol.errors import ErrorBody, ErrorCode


class _Platform:
    def __init__(self, id_: str, *, connected: bool = True, fails: Exception | None = None) -> None:
        self.id = id_
        self.is_connected = connected
        self.capabilities = frozenset({"send_chat"})
        self._fails = fails
        self.executed: list[PlatformCommand] = []

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        self.executed.append(command)
        if isinstance(self._fails, asyncio.TimeoutError):
            await asyncio.Event().wait()
        if self._fails is not None:
            raise self._fails
        return {"message_id": f"{self.id}:{sender}"}


def _router(*platforms: _Platform) -> Router:
    known = {platform.id: platform for platform in platforms}
    return Router(known.get, known.values, deadline_s=0.02)


async def _fails(router: Router, command: PlatformCommand) -> ErrorBody:
    with pytest.raises(CommandError) as caught:
        await router.execute(command, sender="bot", platforms=None)
    return caught.value.body


async def test_a_command_reaches_its_platform() -> None:
    one, two = _Platform("one"), _Platform("two")
    result = await _router(one, two).execute(
        SendChat(msg="hi", target="two"), sender="bot", platforms=None
    )
    assert result == {"message_id": "two:bot"}
    assert one.executed == []


@pytest.mark.parametrize("target", ["absent", "off"])
async def test_an_absent_platform_is_not_connected(target: str) -> None:
    router = _router(_Platform("off", connected=False))
    body = await _fails(router, SendChat(msg="hi", target=target))
    assert body.code == ErrorCode.PLATFORM_NOT_CONNECTED


async def test_what_a_platform_cannot_do_is_said() -> None:
    refusal = CommandError(ErrorCode.UNSUPPORTED_BY_PLATFORM, "allow it on the Platforms page")
    platform = _Platform("one", fails=refusal)
    body = await _fails(_router(platform), BanUser(user_id="1", target="one"))
    assert body == refusal.body, "in the platform's own words"


async def test_a_platform_that_hangs_times_out() -> None:
    router = _router(_Platform("one", fails=TimeoutError()))
    body = await _fails(router, SendChat(msg="hi", target="one"))
    assert body.code == ErrorCode.TIMEOUT


async def test_a_defect_of_an_adapter_stays_inside(caplog: pytest.LogCaptureFixture) -> None:
    router = _router(_Platform("one", fails=ZeroDivisionError("secret detail")))
    body = await _fails(router, SendChat(msg="hi", target="one"))
    assert body.code == ErrorCode.INTERNAL
    assert "secret" not in body.message
    assert "send_chat" in caplog.text


async def test_all_means_every_connected_platform_of_the_whitelist() -> None:
    limited = CommandError(ErrorCode.RATE_LIMITED, "slow down", retry_after_ms=5)
    platforms = [
        _Platform("one"),
        _Platform("two", fails=limited),
        _Platform("three"),
        _Platform("four", connected=False),
    ]
    result = await _router(*platforms).execute(
        SendChat(msg="hi", target="all"),
        sender="bot",
        platforms=frozenset({"one", "two", "four"}),
    )
    assert result == {
        "results": {
            "one": {"ok": True, "result": {"message_id": "one:bot"}},
            "two": {"ok": False, "error": limited.body},
        }
    }
    assert platforms[2].executed == []


async def test_all_with_nobody_connected_is_said() -> None:
    body = await _fails(_router(), SendChat(msg="hi", target="all"))
    assert body.code == ErrorCode.PLATFORM_NOT_CONNECTED
