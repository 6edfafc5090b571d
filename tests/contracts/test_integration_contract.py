"""What every platform promises, whoever it is: one suite over all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import msgspec
import pytest

from streamcore.core.errors import CommandError, InvalidInputError
from streamcore.core.integrations.base import (
    AccountRole,
    Connected,
    DeviceFlow,
    PlatformStatus,
)
from streamcore.core.integrations.registry import platform_record
from streamcore.protocol.commands import (
    COMMANDS,
    CreateMarker,
    PlatformCommand,
    SendChat,
    StartAd,
    StartRaid,
)
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import (
    EPOCH,
    EVENTS,
    ChatMessage,
    Event,
    Follow,
    PlatformStateName,
    event_type,
)
from streamcore.protocol.permissions import PERMISSIONS, Permission
from tests.contracts.platforms import PLATFORMS, Rig, surroundings
from tests.core.integrations.host import eventually

SENDER = "module:example_bot"
TEXT_LIMIT = 500


@pytest.fixture(params=PLATFORMS, ids=lambda platform: platform.name)
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with surroundings(request.param) as made:
        yield made


async def refused(rig: Rig, command: PlatformCommand) -> ErrorCode:
    with pytest.raises(CommandError) as caught:
        await rig.integration.execute(command, SENDER)
    assert caught.value.body.message
    return caught.value.body.code


async def test_a_new_platform_is_disconnected_and_refuses_commands(rig: Rig) -> None:
    assert rig.integration.status.state is PlatformStateName.DISCONNECTED
    assert rig.integration.status.account is None
    command = SendChat(target=rig.integration.id, msg="hi")
    assert await refused(rig, command) is ErrorCode.PLATFORM_NOT_CONNECTED


async def test_connecting_ends_in_connected_with_an_account(rig: Rig) -> None:
    flow = await rig.integration.connect()
    assert isinstance(flow, Connected | DeviceFlow)
    await rig.confirm_login()
    await rig.until(PlatformStateName.CONNECTED)
    status = rig.integration.status
    assert not status.reason
    assert status.account is not None
    assert status.account.id
    assert status.account.name
    assert rig.integration.id in rig.host.changes


async def test_connecting_again_changes_nothing(rig: Rig) -> None:
    await rig.connected()
    assert isinstance(await rig.integration.connect(), Connected)
    assert rig.integration.status.state is PlatformStateName.CONNECTED


async def test_capabilities_are_commands_that_exist(rig: Rig) -> None:
    await rig.connected()
    capabilities = rig.integration.status.capabilities
    assert "send_chat" in capabilities
    assert capabilities <= COMMANDS.keys()


async def test_events_carry_what_the_log_needs(rig: Rig) -> None:
    await rig.connected()
    await rig.cause_events()
    await rig.host.wait_events(ChatMessage)
    await rig.host.wait_events(Follow)
    before = rig.host.clock.now() + timedelta(hours=1)
    for event in rig.host.events:
        assert event.platform == rig.integration.id
        assert event.source_id
        assert event.channel_id
        assert EPOCH < event.at < before
        assert event.at.utcoffset() == timedelta(0)
        assert (event.id, event.seq, event.received_at) == ("", 0, EPOCH), "the log gives these"
        assert decoded(event) == event
    sources = [event.source_id for event in rig.host.events]
    assert len(sources) == len(set(sources))


def decoded(event: Event) -> Event:
    return msgspec.json.decode(msgspec.json.encode(event), type=EVENTS[event_type(event)])


async def test_a_sent_message_is_answered_with_its_id_and_comes_back_once(rig: Rig) -> None:
    await rig.connected()
    command = SendChat(target=rig.integration.id, msg="Привет, чат!")
    result = await rig.integration.execute(command, SENDER)
    assert result["message_id"]

    def echoes() -> list[ChatMessage]:
        return [m for m in rig.host.of(ChatMessage) if m.message_id == result["message_id"]]

    await eventually(lambda: bool(echoes()))
    (echo,) = echoes()
    assert echo.text == "Привет, чат!"
    assert echo.user is not None
    assert echo.user.name


async def test_a_long_text_goes_in_at_most_three_messages_cut_at_words(rig: Rig) -> None:
    await rig.connected()
    text = " ".join(f"слово{number}" for number in range(150))
    command = SendChat(target=rig.integration.id, msg=text)
    result = await rig.integration.execute(command, SENDER)
    ids = result["message_ids"]
    assert isinstance(ids, list)
    assert len(ids) == 3
    await eventually(lambda: {m.message_id for m in rig.host.of(ChatMessage)} >= set(ids))
    sent = {m.message_id: m.text for m in rig.host.of(ChatMessage)}
    parts = [sent[message_id] for message_id in ids]
    assert all(len(part) <= TEXT_LIMIT for part in parts)
    assert " ".join(parts) == text


async def test_a_text_that_does_not_fit_is_not_sent_at_all(rig: Rig) -> None:
    await rig.connected()
    command = SendChat(target=rig.integration.id, msg="long " * 400)
    assert await refused(rig, command) is ErrorCode.TOO_LARGE
    assert not [m for m in rig.host.of(ChatMessage) if m.text.startswith("long long")]


async def test_a_text_without_words_is_invalid(rig: Rig) -> None:
    await rig.connected()
    command = SendChat(target=rig.integration.id, msg=" \n ")
    assert await refused(rig, command) is ErrorCode.INVALID_COMMAND


@pytest.mark.parametrize("make", [StartAd, CreateMarker, lambda target: _raid(target)])
async def test_what_is_no_capability_is_unsupported(
    rig: Rig, make: Callable[..., PlatformCommand]
) -> None:
    rig.withhold_rights()
    await rig.connected()
    command = make(target=rig.integration.id)
    assert str(command.__struct_config__.tag) not in rig.integration.status.capabilities
    assert await refused(rig, command) is ErrorCode.UNSUPPORTED_BY_PLATFORM


def _raid(target: str) -> PlatformCommand:
    return StartRaid(target=target, channel="somebody")


async def test_disconnecting_ends_everything(rig: Rig) -> None:
    await rig.connected()
    await rig.integration.disconnect()
    assert rig.integration.status.state is PlatformStateName.DISCONNECTED
    assert rig.integration.status.account is None
    count = len(rig.host.events)
    await rig.cause_events()
    await asyncio.sleep(0.05)
    assert len(rig.host.events) == count
    command = SendChat(target=rig.integration.id, msg="hi")
    assert await refused(rig, command) is ErrorCode.PLATFORM_NOT_CONNECTED


async def test_a_stored_account_reconnects_by_itself(rig: Rig) -> None:
    await rig.connected()
    await rig.restart()
    await rig.until(PlatformStateName.CONNECTED)
    await rig.cause_events()
    await rig.host.wait_events(ChatMessage)


async def test_connecting_again_after_disconnecting_works(rig: Rig) -> None:
    await rig.connected()
    await rig.integration.disconnect()
    await rig.connected()
    result = await rig.integration.execute(SendChat(target=rig.integration.id, msg="a"), SENDER)
    assert result["message_id"]


async def test_ending_twice_or_never_begun_is_harmless(rig: Rig) -> None:
    await rig.integration.disconnect()
    await rig.integration.close()
    await rig.integration.connect()
    await rig.integration.close()
    await rig.integration.close()
    await rig.integration.disconnect()
    assert rig.integration.status.state is PlatformStateName.DISCONNECTED


async def test_a_login_that_is_given_up_leaves_everything_as_it_was(rig: Rig) -> None:
    before = platform_record(rig.integration)
    if isinstance(await rig.integration.connect(), DeviceFlow):
        assert rig.integration.status.state is PlatformStateName.CONNECTING
        await rig.integration.cancel()
        assert platform_record(rig.integration) == before
    await rig.integration.cancel()
    await rig.integration.cancel(AccountRole.BOT)
    await rig.connected()
    now = platform_record(rig.integration)
    await rig.integration.cancel()
    assert platform_record(rig.integration)["state"] == now["state"] == "connected"


async def test_every_option_can_be_switched_and_stays_so(rig: Rig) -> None:
    options = rig.integration.status.options
    for option in options:
        assert option.title.en and option.title.ru
        await rig.integration.set_options({option.id: not option.value})
    switched = {option.id: not option.value for option in options}
    assert {each.id: each.value for each in rig.integration.status.options} == switched
    await rig.restart()
    assert {each.id: each.value for each in rig.integration.status.options} == switched
    with pytest.raises(InvalidInputError):
        await rig.integration.set_options({"no_such_option": True})


async def test_permissions_say_what_is_on_what_is_granted_and_who_wants_it(rig: Rig) -> None:
    for each in rig.integration.status.permissions:
        assert not each.is_granted, "nobody has logged in"
        assert PERMISSIONS[each.permission].en and PERMISSIONS[each.permission].ru
    rig.host.wanted = {Permission.CHAT_READ: ["example_bot"]}
    rig.integration.wishes_changed()
    await rig.connected()
    for each in rig.integration.status.permissions:
        assert each.is_granted == each.is_on
        wanted = each.permission is Permission.CHAT_READ
        assert each.wanted_by == (("example_bot",) if wanted else ())
    chosen = [each.permission for each in rig.integration.status.permissions if each.is_on]
    flow = await rig.integration.connect(permissions=chosen)
    assert isinstance(flow, Connected), "nothing is missing"


async def test_every_reason_is_given_in_both_languages(rig: Rig) -> None:
    told: list[PlatformStatus] = [rig.integration.status]
    flow = await rig.integration.connect()
    told.append(rig.integration.status)
    if isinstance(flow, DeviceFlow):
        await rig.refuse_login()
        await eventually(lambda: bool(rig.integration.status.reason))
        await eventually(lambda: rig.integration.can_sign_in)
        told.append(rig.integration.status)
    await rig.connected()
    await rig.trouble()
    told.append(rig.integration.status)
    for status in told:
        for words in (status.reason, *([status.bot.reason] if status.bot else [])):
            assert bool(words.en) == bool(words.ru), words
            assert not words.ru or any("а" <= letter.lower() <= "я" for letter in words.ru)
    record = platform_record(rig.integration)
    assert record["reasons"] == {
        "en": record["reason"],
        "ru": rig.integration.status.reason.ru,
    }


async def test_the_record_and_the_event_say_the_same(rig: Rig) -> None:
    await rig.connected()
    record = platform_record(rig.integration)
    event = rig.integration.state_event()
    assert record["id"] == event.platform == rig.integration.id
    assert record["state"] == event.state == "connected"
    assert msgspec.json.decode(msgspec.json.encode(record)) == record
    assert set(record) == {
        "id",
        "name",
        "state",
        "can_sign_in",
        "reason",
        "reasons",
        "account",
        "capabilities",
        "scopes",
        "last_event_at",
        "quota",
        "permissions",
        "bot",
        "options",
        "health",
    }
