"""The second account: it speaks for modules, and its trouble is nobody else's."""

from __future__ import annotations

import pytest

from streamcore.core.errors import CommandError
from streamcore.core.integrations.base import (
    AccountRole,
    BotStatus,
    Connected,
    DeviceFlow,
    LoginFailedError,
)
from streamcore.core.integrations.twitch.integration import BOT_TOKENS_NAME, TOKENS_NAME
from streamcore.protocol.events import PlatformStateName
from tests.core.integrations.host import eventually
from tests.core.integrations.twitch.rig import TwitchRig

BOT = AccountRole.BOT
BOT_ID, STREAMER_ID = "1002", "1001"


async def until_bot(rig: TwitchRig, state: PlatformStateName, reason: str = "") -> BotStatus:
    def is_so() -> bool:
        bot = rig.twitch.status.bot
        return bot is not None and bot.state is state and reason in bot.reason.en

    await eventually(is_so, integration=rig.twitch)
    bot = rig.twitch.status.bot
    assert bot is not None
    return bot


async def with_bot(rig: TwitchRig) -> None:
    await rig.log_in()
    assert isinstance(await rig.twitch.connect(account=BOT), DeviceFlow)
    await until_bot(rig, PlatformStateName.CONNECTING, "Waiting")
    await rig.fake.approve_login("streamer_bot")
    await until_bot(rig, PlatformStateName.CONNECTED)


async def sender_of(rig: TwitchRig, text: str, sender: str = "module") -> str:
    await rig.send(text, sender=sender)
    (sent,) = [each for each in rig.fake.helix.chat.sent if each.text == text]
    return sent.sender.id


async def test_modules_write_as_the_bot_and_the_streamer_as_the_streamer(rig: TwitchRig) -> None:
    await with_bot(rig)
    bot = rig.twitch.status.bot
    assert bot is not None and bot.account is not None
    assert (bot.account.id, bot.account.name) == (BOT_ID, "Streamer_Bot")
    assert await sender_of(rig, "from a module") == BOT_ID
    assert await sender_of(rig, "from the page", "dashboard") == STREAMER_ID
    assert "user:write:chat" in rig.fake.oauth.scopes_of("streamer_bot")
    assert not any("manage" in scope for scope in rig.fake.oauth.scopes_of("streamer_bot"))
    assert isinstance(await rig.twitch.connect(account=BOT), Connected)
    assert rig.twitch.status.state is PlatformStateName.CONNECTED


async def test_the_bot_comes_back_with_the_app_and_renews_its_own_login(rig: TwitchRig) -> None:
    await with_bot(rig)
    await rig.twitch.close()
    streamers = rig.secrets.stored[TOKENS_NAME]
    bots = rig.secrets.stored[BOT_TOKENS_NAME]
    await rig.restart()
    await rig.until(PlatformStateName.CONNECTED)
    await until_bot(rig, PlatformStateName.CONNECTED)
    assert (rig.secrets.stored[TOKENS_NAME], rig.secrets.stored[BOT_TOKENS_NAME]) == (
        streamers,
        bots,
    )
    rig.fake.oauth.expire_access_tokens()
    assert await sender_of(rig, "renewed") == BOT_ID
    assert rig.secrets.stored[BOT_TOKENS_NAME] != bots


async def test_without_the_streamer_there_is_no_bot(rig: TwitchRig) -> None:
    assert rig.twitch.status.bot == BotStatus()
    with pytest.raises(LoginFailedError) as caught:
        await rig.twitch.connect(account=BOT)
    assert "сначала" in caught.value.words.ru.lower()
    await rig.twitch.cancel(BOT)
    await rig.twitch.disconnect(BOT)
    assert rig.twitch.status.bot == BotStatus()


async def test_the_streamer_is_no_bot_of_their_own(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.twitch.connect(account=BOT)
    await rig.fake.approve_login()
    bot = await until_bot(rig, PlatformStateName.DISCONNECTED, "your own account")
    assert "вашим собственным аккаунтом" in bot.reason.ru
    assert BOT_TOKENS_NAME not in rig.secrets.stored
    assert rig.fake.oauth.grants == 1, "the login that was refused is revoked"
    assert await sender_of(rig, "as before") == STREAMER_ID


@pytest.mark.parametrize("end", ["denied", "given up"])
async def test_a_bots_login_that_comes_to_nothing_changes_nothing(rig: TwitchRig, end: str) -> None:
    await rig.log_in()
    await rig.twitch.connect(account=BOT)
    if end == "denied":
        await rig.fake.deny_login()
        await until_bot(rig, PlatformStateName.DISCONNECTED, "access_denied")
    else:
        await rig.twitch.cancel(BOT)
        assert rig.twitch.status.bot == BotStatus()
    assert rig.twitch.status.state is PlatformStateName.CONNECTED
    assert await sender_of(rig, "as before") == STREAMER_ID


async def test_when_the_bots_login_is_lost_the_streamer_writes_and_is_told(
    rig: TwitchRig,
) -> None:
    await with_bot(rig)
    rig.fake.oauth.revoke_everything("streamer_bot")
    assert await sender_of(rig, "first") == STREAMER_ID, "not even one message is lost"
    bot = await until_bot(rig, PlatformStateName.AUTH_REQUIRED, "in your own name")
    assert "от вашего имени" in bot.reason.ru
    refreshes = rig.fake.oauth.calls["refresh"]
    assert await sender_of(rig, "second") == STREAMER_ID
    assert rig.fake.oauth.calls["refresh"] == refreshes
    assert rig.twitch.status.state is PlatformStateName.CONNECTED

    assert isinstance(await rig.twitch.connect(account=BOT), DeviceFlow)
    await rig.twitch.cancel(BOT)
    await until_bot(rig, PlatformStateName.AUTH_REQUIRED, "in your own name")
    await rig.twitch.connect(account=BOT)
    await rig.fake.approve_login("streamer_bot")
    await until_bot(rig, PlatformStateName.CONNECTED)
    assert await sender_of(rig, "third") == BOT_ID


async def test_the_bot_can_go_alone(rig: TwitchRig) -> None:
    await with_bot(rig)
    await rig.twitch.disconnect(BOT)
    assert rig.twitch.status.bot == BotStatus()
    assert BOT_TOKENS_NAME not in rig.secrets.stored
    assert rig.fake.oauth.authorised == {STREAMER_ID}
    assert rig.twitch.status.state is PlatformStateName.CONNECTED
    assert await sender_of(rig, "alone") == STREAMER_ID


@pytest.mark.parametrize("is_restarted", [False, True], ids=["running", "never started"])
async def test_the_streamer_takes_the_bot_along(rig: TwitchRig, is_restarted: bool) -> None:
    await with_bot(rig)
    if is_restarted:
        await rig.twitch.close()
        rig.twitch = type(rig.twitch)(rig.host, rig.fake.env)
    await rig.twitch.disconnect()
    assert rig.fake.oauth.grants == 0
    assert rig.secrets.stored == {}
    assert rig.twitch.status.bot == BotStatus()


async def test_the_bots_account_becomes_the_streamers(rig: TwitchRig) -> None:
    await with_bot(rig)
    rig.fake.oauth.revoke_everything("streamer")
    await rig.fake.eventsub.drop_all()
    with pytest.raises(CommandError):
        await rig.send("finds out", sender="dashboard")
    await rig.until(PlatformStateName.AUTH_REQUIRED)
    await rig.twitch.connect()
    await rig.fake.approve_login("streamer_bot")
    await until_bot(rig, PlatformStateName.DISCONNECTED, "connected as yours")
    assert BOT_TOKENS_NAME not in rig.secrets.stored
    await rig.until(PlatformStateName.CONNECTED)
