"""The whole way over the fake: a message comes out with its badges, cheermotes and emotes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest

from streamcore.core.errors import InvalidInputError
from streamcore.protocol.events import ChatAnnouncement, ChatMessage, Cheer, PlatformStateName
from streamcore.protocol.objects import Badge, Fragment, FragmentKind
from tests.core.integrations.host import eventually
from tests.core.integrations.twitch.rig import TwitchRig
from tests.fakes.emotes import FakeEmote
from tests.fakes.twitch.helix.pictures import badge_set

LISTS = 6
TWITCHS = ("/chat/badges/global", "/chat/badges", "/bits/cheermotes")


def answers(rig: TwitchRig) -> int:
    return sum(service.answered for service in rig.fake.emotes.services())


async def say(rig: TwitchRig, text: str, *, badges: tuple[str, ...] = ()) -> ChatMessage:
    message_id = await rig.fake.chat("Anna", text, badges=badges)
    found: list[ChatMessage] = []

    def arrived() -> bool:
        found[:] = [each for each in rig.host.of(ChatMessage) if each.message_id == message_id]
        return bool(found)

    await eventually(arrived)
    return found[0]


def provider(fragment: Fragment) -> str:
    return fragment.emote.provider if fragment.emote is not None else "-"


async def said_until(
    rig: TwitchRig,
    is_right: Callable[[ChatMessage], bool],
    text: str,
    *,
    badges: tuple[str, ...] = (),
) -> ChatMessage:
    """Say it again and again until it comes out right: pictures come when they are loaded."""
    message = await say(rig, text, badges=badges)
    for _ in range(100):
        if is_right(message):
            return message
        await asyncio.sleep(0.02)
        message = await say(rig, text, badges=badges)
    raise AssertionError(f"{text} still came out as {message}")


async def until(rig: TwitchRig, text: str, providers: list[str]) -> ChatMessage:
    """Say it until its pieces have these pictures."""
    return await said_until(rig, lambda m: [*map(provider, m.fragments)] == providers, text)


async def until_titled(rig: TwitchRig, badge: str, title: str) -> Badge:
    """Speak with a badge until it has this title."""

    def shown(message: ChatMessage) -> Badge:
        assert message.user is not None
        return message.user.badges[0]

    message = await said_until(rig, lambda m: shown(m).title == title, "hello", badges=(badge,))
    return shown(message)


async def test_a_message_comes_with_all_its_pictures(rig: TwitchRig) -> None:
    await rig.log_in()
    text = "Kappa Cheer100 catJAM LULW peepoHappy plain"
    pieces = ["twitch", "-", "twitch", "-", "bttv", "-", "ffz", "-", "seventv", "-"]
    message = await until(rig, text, pieces)
    assert message.text == text == "".join(each.text for each in message.fragments)
    assert [each.bits for each in message.fragments if each.kind is FragmentKind.CHEERMOTE] == [100]
    cdn = "https://static-cdn.jtvnw.net/badges/v1"
    assert (await until_titled(rig, "vip", "VIP")).image_url == f"{cdn}/vip-1/2"
    badge = await until_titled(rig, "subscriber", "1-Month Subscriber")
    assert badge.image_url == f"{cdn}/subscriber-1/2"


async def test_announcements_and_cheers_are_decorated_too(rig: TwitchRig) -> None:
    await rig.log_in()
    await until(rig, "catJAM Cheer5", ["bttv", "-", "twitch"])
    await rig.fake.notice("Anna", "announcement", {"color": "BLUE"}, text="so EZ")
    (announcement,) = await rig.host.wait_events(ChatAnnouncement)
    assert [provider(each) for each in announcement.fragments] == ["-", "seventv"]
    await rig.fake.cheer("Anna", 150, "LULW")
    (cheer,) = await rig.host.wait_events(Cheer)
    assert [provider(each) for each in cheer.fragments] == ["twitch", "-", "ffz"]


async def test_services_that_fail_leave_text_and_the_chat_goes_on(
    rig: TwitchRig, caplog: pytest.LogCaptureFixture
) -> None:
    emotes = rig.fake.emotes
    emotes.bttv.fault = 500
    emotes.ffz.fault = b"garbage"
    emotes.seventv.hold = asyncio.Event()
    for path in TWITCHS:
        rig.fake.helix.failures[path] = [500, 500]
    with caplog.at_level(logging.WARNING):
        await rig.log_in()
        message = await say(rig, "catJAM LULW EZ", badges=("vip",))
        assert message.fragments == (Fragment(kind=FragmentKind.TEXT, text="catJAM LULW EZ"),)
        assert rig.twitch.status.state is PlatformStateName.CONNECTED
        emotes.bttv.fault = emotes.ffz.fault = None
        emotes.release()
        await until(
            rig, "catJAM LULW EZ Cheer1", ["bttv", "-", "ffz", "-", "seventv", "-", "twitch"]
        )
    assert "Bearer" not in caplog.text
    assert not set(rig.fake.oauth.issued) & set(caplog.text.split())


async def test_an_option_that_is_off_makes_no_request_and_drops_its_emotes(rig: TwitchRig) -> None:
    bttv = rig.fake.emotes.bttv
    await rig.twitch.set_options({"bttv": False})
    await rig.log_in()
    await until(rig, "catJAM LULW EZ", ["-", "ffz", "-", "seventv"])
    assert bttv.asked == []
    await rig.twitch.set_options({"bttv": True, "seventv": False})
    assert [provider(each) for each in (await say(rig, "LULW EZ")).fragments] == ["ffz", "-"]
    await until(rig, "catJAM LULW EZ", ["bttv", "-", "ffz", "-"])


async def test_options_are_told_and_kept(rig: TwitchRig) -> None:
    changes = len(rig.host.changes)
    assert {each.id: each.value for each in rig.twitch.status.options} == {
        "ffz": True,
        "bttv": True,
        "seventv": True,
    }
    assert all(
        each.title.ru and each.help.en and each.help.ru for each in rig.twitch.status.options
    )
    await rig.twitch.set_options({"ffz": False})
    assert len(rig.host.changes) == changes + 1
    await rig.restart()
    assert {each.id: each.value for each in rig.twitch.status.options} == {
        "ffz": False,
        "bttv": True,
        "seventv": True,
    }


async def test_an_unknown_option_changes_nothing(rig: TwitchRig) -> None:
    with pytest.raises(InvalidInputError, match="emoji"):
        await rig.twitch.set_options({"ffz": False, "emoji": True})
    assert all(each.value for each in rig.twitch.status.options)


async def test_when_the_stream_begins_everything_is_asked_again(rig: TwitchRig) -> None:
    await rig.log_in()
    await eventually(lambda: answers(rig) == LISTS)
    rig.fake.emotes.seventv.lists["twitch/1001"].append(FakeEmote("Fresh", "01X"))
    rig.fake.helix.pictures.channel_badges.append(badge_set("vip", _1="Very Important"))
    assert provider((await say(rig, "Fresh")).fragments[0]) == "-"
    await rig.fake.go_live()
    await until(rig, "Fresh", ["seventv"])
    await until_titled(rig, "vip", "Very Important")


async def test_hostile_lists_put_no_address_into_an_event(rig: TwitchRig) -> None:
    emotes = rig.fake.emotes
    evil = "https://evil.example/x"
    emotes.ffz.lists["twitch/1001"].append(FakeEmote("Bad", "5", url=evil))
    emotes.seventv.lists["twitch/1001"].append(FakeEmote("Worse", "6", url="//evil.example/x"))
    rig.fake.helix.pictures.channel_badges.append(
        {"set_id": "vip", "versions": [{"id": "1", "title": "Hostile", "image_url_2x": evil}]}
    )
    await rig.log_in()
    await until(rig, "LULW Bad Worse peepoHappy", ["ffz", "-", "seventv"])
    assert (await until_titled(rig, "vip", "Hostile")).image_url is None


async def test_a_login_found_lost_while_loading_is_told_after_one_renewal(rig: TwitchRig) -> None:
    await rig.log_in()
    await eventually(lambda: answers(rig) == LISTS)
    rig.fake.oauth.revoke_everything()
    await rig.fake.go_live()
    await rig.until(PlatformStateName.AUTH_REQUIRED)
    assert rig.fake.oauth.calls["refresh"] == 1
