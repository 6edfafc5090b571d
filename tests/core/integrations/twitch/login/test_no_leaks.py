"""No token, device code or stored pair shows up in a log, an error or a status."""

from __future__ import annotations

import asyncio
import logging

import msgspec
import pytest

from streamcore.core.errors import CommandError
from streamcore.core.integrations.registry import platform_record
from streamcore.core.integrations.twitch.integration import TOKENS_NAME
from streamcore.protocol.events import PlatformStateName
from tests.core.integrations.host import eventually
from tests.core.integrations.twitch.rig import TwitchRig


async def test_no_token_leaks_through_any_failure(
    rig: TwitchRig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpcore", "httpx", "websockets", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    shown: list[str] = []

    def look() -> None:
        shown.append(repr(rig.twitch.status))
        shown.append(msgspec.json.encode(platform_record(rig.twitch)).decode())
        shown.append(repr(vars(rig.twitch)))
        account = rig.twitch._streamer._account
        if account is not None:
            shown.append(repr(account.client.tokens.pair))

    async def fail() -> None:
        try:
            await rig.send("hi")
        except CommandError as error:
            cause: BaseException | None = error
            while cause is not None:
                shown.extend((str(cause), repr(cause)))
                cause = cause.__cause__
        look()

    oauth, helix = rig.fake.oauth, rig.fake.helix
    shown.append(repr(await rig.twitch.connect()))
    look()
    oauth.failures = [500]
    await eventually(lambda: not oauth.failures)
    await rig.fake.approve_login()
    await rig.until(PlatformStateName.CONNECTED)
    look()
    for statuses in ([400], [401, 401], [403], [429, 429], [500]):
        helix.failures["/chat/messages"] = statuses
        await fail()
    oauth.expire_access_tokens()
    await fail()
    oauth.expire_access_tokens()
    rig.secrets.fail_writes = 1
    await fail()
    await fail()
    await rig.fake.eventsub.drop_all()
    await rig.until(PlatformStateName.CONNECTED)
    oauth.expire_access_tokens()
    oauth.lose_refresh_answer = True
    await fail()
    await fail()
    await rig.until(PlatformStateName.AUTH_REQUIRED)
    look()
    rig.secrets.stored[TOKENS_NAME] = rig.secrets.stored[TOKENS_NAME][:-9]
    await rig.twitch.close()
    await rig.restart()
    await rig.until(PlatformStateName.AUTH_REQUIRED)
    oauth.lose_refresh_answer = False
    await rig.log_in()
    await rig.twitch.disconnect()
    look()
    await asyncio.sleep(0)

    written = "\n".join((*shown, caplog.text, *(str(r.__dict__) for r in caplog.records)))
    assert len(oauth.issued) > 10
    assert "Twitch" in written
    leaked = [token for token in oauth.issued if token in written]
    assert leaked == []
