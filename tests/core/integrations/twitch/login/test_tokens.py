"""One-time refresh tokens: renewed once, stored before use, never lost and never fought over."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs

import httpx
import msgspec
import pytest

from streamcore.core.errors import CommandError
from streamcore.core.integrations.oauth import TokenKeeper, TokenPair
from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.core.integrations.twitch.api.rate import RateLimit
from streamcore.core.integrations.twitch.integration import TOKENS_NAME, TwitchIntegration
from streamcore.core.integrations.twitch.login.auth import Auth
from streamcore.core.secrets import Secret
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import ChatMessage, PlatformStateName
from tests.core.integrations.host import MemorySecrets, eventually
from tests.core.integrations.twitch.rig import TwitchRig
from tests.fakes.clock import ManualClock


async def never(_: TokenPair) -> bool:
    raise AssertionError("a login that was never renewed is renewed without asking")


async def test_a_thousand_refused_requests_renew_the_login_once() -> None:
    living, refreshes, refused = "access-0", 0, 0

    async def twitch(request: httpx.Request) -> httpx.Response:
        nonlocal living, refreshes, refused
        await asyncio.sleep(0)
        if request.url.path == "/oauth2/token":
            form = parse_qs(request.content.decode())
            if form["refresh_token"] != [f"refresh-{refreshes}"]:
                return httpx.Response(400, json={"message": "Invalid refresh token"})
            refreshes += 1
            living = f"access-{refreshes}"
            answer = {"access_token": living, "refresh_token": f"refresh-{refreshes}"}
            await asyncio.sleep(0.01)
            return httpx.Response(200, json=answer)
        if request.headers["authorization"] == f"Bearer {living}":
            return httpx.Response(200, json={})
        refused += 1
        return httpx.Response(401, json={"message": "Invalid OAuth token"})

    clock, secrets = ManualClock(), MemorySecrets()
    async with httpx.AsyncClient(transport=httpx.MockTransport(twitch)) as http:
        auth = Auth(http, "http://twitch.test/oauth2", "client", clock)
        keeper = TokenKeeper("tokens", secrets, auth.refresh, never)
        await keeper.adopt(
            TokenPair("client", Secret("access-0"), Secret("refresh-0"), clock.now(), ())
        )
        helix = Helix(http, "http://twitch.test/helix", keeper, clock, at_once=1000)
        living = "somebody else's"
        asking = [helix.get("/users", msgspec.Raw, {"id": str(n)}) for n in range(1000)]
        answers = await asyncio.gather(*asking)
    assert (len(answers), refused, refreshes) == (1000, 1000, 1)
    assert '"refresh-1"' in secrets.stored["tokens"]


async def test_refused_requests_over_real_sockets_renew_the_login_once(
    rig: TwitchRig,
) -> None:
    await rig.log_in()
    account = rig.twitch._streamer.account
    assert account is not None
    helix, users = account.client.helix, rig.fake.helix.calls
    rig.fake.oauth.expire_access_tokens()
    before = users.get("/users", 0)
    asking = [helix.get("/users", msgspec.Raw, {"id": "1001"}) for _ in range(200)]
    answers = await asyncio.gather(*asking)
    assert len(answers) == 200
    assert users["/users"] - before == 400, "each was refused once and then answered"
    assert rig.fake.oauth.calls["refresh"] == 1
    assert rig.twitch.status.state is PlatformStateName.CONNECTED


async def test_many_refused_requests_at_once_renew_the_login_once(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.oauth.expire_access_tokens()
    rig.fake.oauth.hold_refresh = asyncio.Event()
    sending = [
        asyncio.create_task(rig.send(f"{number}", sender=f"module_{number}"))
        for number in range(20)
    ]
    before = rig.fake.helix.calls.get("/chat/messages", 0)
    await eventually(lambda: rig.fake.helix.calls.get("/chat/messages", 0) >= before + 20)
    rig.fake.oauth.hold_refresh.set()
    await asyncio.gather(*sending)
    assert sorted(rig.fake.sent_messages, key=int) == [f"{number}" for number in range(20)]
    assert rig.fake.oauth.calls["refresh"] == 1
    assert rig.twitch.status.state is PlatformStateName.CONNECTED


async def test_the_new_pair_is_stored_before_it_is_used(rig: TwitchRig) -> None:
    await rig.log_in()
    before = rig.secrets.stored[TOKENS_NAME]
    rig.fake.oauth.expire_access_tokens()
    rig.secrets.hold_writes = asyncio.Event()
    sending = asyncio.create_task(rig.send("after the renewal"))
    await eventually(lambda: rig.fake.oauth.calls.get("refresh") == 1)
    await asyncio.sleep(0.02)
    assert rig.fake.sent_messages == []
    assert rig.secrets.stored[TOKENS_NAME] == before
    rig.secrets.hold_writes.set()
    await sending
    assert rig.fake.sent_messages == ["after the renewal"]
    assert rig.secrets.stored[TOKENS_NAME] != before


async def test_a_crash_between_answer_and_store_asks_for_a_new_login(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.oauth.expire_access_tokens()
    rig.secrets.hold_writes = asyncio.Event()
    dying = asyncio.create_task(rig.send("never sent"))
    # The answer is here, and only the disk has not got it yet.
    await eventually(lambda: rig.secrets.held == 1)
    crashed, held, rig.secrets.hold_writes = rig.twitch, rig.secrets.hold_writes, None
    dying.cancel()
    rig.fake.oauth.expire_access_tokens()

    await rig.restart()
    await rig.until(PlatformStateName.AUTH_REQUIRED, reason="Invalid refresh token")
    refreshes = rig.fake.oauth.calls["refresh"]
    await asyncio.sleep(0.1)
    assert rig.fake.oauth.calls["refresh"] == refreshes, "it does not try again and again"
    await rig.log_in()
    held.set()
    await crashed.close()


async def test_a_crash_after_the_store_goes_on_with_the_new_pair(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.oauth.expire_access_tokens()
    await rig.send("renews")
    crashed = rig.twitch
    await rig.restart()
    await rig.until(PlatformStateName.CONNECTED)
    await rig.send("after the crash")
    assert rig.fake.oauth.calls["refresh"] == 1
    await crashed.close()


async def test_an_answer_that_got_lost_ends_in_auth_required(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.oauth.expire_access_tokens()
    rig.fake.oauth.lose_refresh_answer = True
    with pytest.raises(CommandError) as caught:
        await rig.send("one")
    assert caught.value.body.code is ErrorCode.PLATFORM_NOT_CONNECTED
    rig.fake.oauth.lose_refresh_answer = False
    with pytest.raises(CommandError):
        await rig.send("two")
    await rig.until(PlatformStateName.AUTH_REQUIRED)
    assert rig.fake.oauth.calls["refresh"] == 2


async def test_a_pair_that_could_not_be_stored_is_stored_later(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.oauth.expire_access_tokens()
    rig.secrets.fail_writes = 1
    with pytest.raises(CommandError):
        await rig.send("the disk refuses")
    assert rig.fake.sent_messages == []
    await rig.send("the disk is back")
    assert rig.fake.sent_messages == ["the disk is back"]
    assert rig.fake.oauth.calls["refresh"] == 1, "the spent token is not presented again"


async def test_a_caller_that_gives_up_does_not_stop_the_renewal(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.oauth.expire_access_tokens()
    rig.fake.oauth.hold_refresh = asyncio.Event()
    impatient = asyncio.create_task(rig.send("impatient"))
    await eventually(lambda: rig.fake.oauth.calls.get("refresh") == 1)
    impatient.cancel()
    rig.fake.oauth.hold_refresh.set()
    await rig.send("patient")
    assert rig.fake.sent_messages == ["patient"]
    assert rig.fake.oauth.calls["refresh"] == 1


async def test_closing_waits_for_a_renewal_under_way(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.oauth.expire_access_tokens()
    rig.fake.oauth.hold_refresh = asyncio.Event()
    sending = asyncio.create_task(rig.send("never mind"))
    await eventually(lambda: rig.fake.oauth.calls.get("refresh") == 1)
    closing = asyncio.create_task(rig.twitch.close())
    await asyncio.sleep(0.02)
    rig.fake.oauth.hold_refresh.set()
    await closing
    await asyncio.gather(sending, return_exceptions=True)
    await rig.restart()
    await rig.until(PlatformStateName.CONNECTED)


async def test_twitchs_bad_moment_is_not_a_lost_login(rig: TwitchRig) -> None:
    await rig.log_in()
    stored = rig.secrets.stored[TOKENS_NAME]
    await rig.twitch.close()
    rig.fake.oauth.failures = [503, 500, 502]
    await rig.restart()
    await rig.until(PlatformStateName.CONNECTED)
    assert rig.secrets.stored[TOKENS_NAME] == stored


async def test_the_login_is_validated_at_start_and_every_hour(rig: TwitchRig) -> None:
    await rig.log_in()
    assert rig.fake.oauth.calls["validate"] == 1
    clock = ManualClock()
    rig.host.clock = clock
    await rig.twitch.close()
    rig.twitch = TwitchIntegration(rig.host, rig.fake.env)
    await rig.twitch.start()
    await rig.until(PlatformStateName.CONNECTED)
    assert rig.fake.oauth.calls["validate"] == 2
    await clock.advance(3599)
    assert rig.fake.oauth.calls["validate"] == 2
    await clock.advance(1)
    await eventually(lambda: rig.fake.oauth.calls["validate"] == 3)


async def test_rights_taken_away_are_noticed_by_the_hourly_check(rig: TwitchRig) -> None:
    await rig.log_in()
    clock = ManualClock()
    rig.host.clock = clock
    await rig.twitch.close()
    rig.twitch = TwitchIntegration(rig.host, rig.fake.env)
    await rig.twitch.start()
    await rig.until(PlatformStateName.CONNECTED)
    rig.fake.oauth.revoke_everything()
    await clock.advance(3600)
    await rig.until(PlatformStateName.AUTH_REQUIRED)
    assert rig.fake.eventsub.connections == 2
    await eventually(lambda: not rig.fake.eventsub.living)


async def test_a_stored_login_that_cannot_be_read_asks_for_a_new_one(rig: TwitchRig) -> None:
    rig.secrets.stored[TOKENS_NAME] = '{"half": '
    await rig.twitch.start()
    await rig.until(PlatformStateName.AUTH_REQUIRED)
    await rig.log_in()
    await rig.fake.chat("Anna", "hi")
    await rig.host.wait_events(ChatMessage)


def test_rate_headers_tell_how_long_to_wait() -> None:
    clock = ManualClock()
    rate = RateLimit(clock)
    assert rate.wait_s() == 0
    assert rate.as_quota() is None
    reset = str(int(clock.now().timestamp()) + 7)
    headers = {"ratelimit-limit": "800", "ratelimit-remaining": "0", "ratelimit-reset": reset}
    rate.learn(headers)
    assert rate.wait_s() == 7
    rate.learn({"ratelimit-remaining": "much"})
    assert rate.wait_s() == 7
    rate.learn(headers | {"ratelimit-remaining": "3"})
    assert rate.wait_s() == 0
    assert rate.as_quota() == {"limit": 800, "remaining": 3, "used": 797}
