"""The example bot, as the test kit runs it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from streamcore.bundle import read_bundle
from streamcore.protocol.commands import SendChat
from streamcore.sdk import (
    Amount,
    BaseModule,
    ChatMessage,
    Donation,
    Follow,
    PlatformUnavailable,
    Raid,
    StreamOffline,
    StreamOnline,
    SuperChat,
    User,
)
from streamcore.sdk.testing import ModuleHarness, load_module

FOLDER = Path(__file__).parents[3] / "modules" / "example_bot"
BOT = load_module(FOLDER)
ANNA = User(id="1", login="anna", name="Анна")
TEN_EUROS = Amount(value=1000, exponent=2, currency="EUR", display="€10.00")


def harness(language: str = "en") -> ModuleHarness[BaseModule]:
    return ModuleHarness(BOT, language=language)


def test_the_folder_is_a_valid_module() -> None:
    bundle = read_bundle(FOLDER)
    assert (bundle.problems, bundle.warnings) == ((), ())
    assert {"overlay.html", "overlay.js", "overlay.css"} <= set(bundle.files)


async def test_hello_greets_with_the_text_of_the_settings() -> None:
    async with harness() as bot:
        await bot.say("!Hello", user="Анна")
        await bot.change_settings(greeting="{name}, hi! {name}{oops}")
        await bot.say("!hello", user="Boris")
        assert bot.messages == ["Привет, Анна!", "Boris, hi! Boris{oops}"]


async def test_hello_is_answered_where_it_was_said_and_not_too_often() -> None:
    async with harness() as bot:
        await bot.say("!hello", platform="youtube")
        await bot.say("!hello", platform="youtube")
        assert [command.target for command in bot.sent] == ["youtube"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("language", "on", "off"),
    [
        ("en", "On for 2 h 5 min.", "The stream is not on."),
        ("ru", "В эфире 2 ч 5 мин.", "Трансляция не идёт."),
    ],
)
async def test_uptime_counts_from_the_start_even_over_a_restart(
    language: str, on: str, off: str
) -> None:
    started_at = datetime.now(UTC) - timedelta(hours=2, minutes=5, seconds=1)
    async with harness(language) as bot:
        await bot.emit(StreamOnline(platform="twitch", started_at=started_at))
        await bot.restart()
        await bot.say("!uptime", platform="twitch")
        await bot.emit(StreamOffline(platform="twitch"))
        await bot.advance(seconds=5)
        await bot.say("!uptime", platform="twitch")
        assert bot.messages == [on, off]


async def test_a_follow_is_thanked_for_and_shown() -> None:
    async with harness() as bot:
        await bot.emit(Follow(id="f1", platform="twitch", user=ANNA))
        assert bot.messages == ["Thank you for the follow, Анна!"]
        assert bot.state["last_event"] == {
            "id": "f1",
            "kind": "follow",
            "name": "Анна",
            "amount": "",
            "text": "",
        }


async def test_a_follow_is_thanked_for_once_however_often_the_bot_crashes() -> None:
    async with harness() as bot:
        await bot.emit(Follow(platform="twitch", user=ANNA))
        for _ in range(3):
            await bot.crash()
            await bot.start()
            await bot.settle()
        assert len(bot.messages) == 1


@pytest.mark.parametrize(
    ("event", "name", "target"),
    [
        pytest.param(
            Donation(donor="Generous", amount=TEN_EUROS, text="hi"), "Generous", "all", id="service"
        ),
        pytest.param(
            SuperChat(platform="youtube", user=ANNA, amount=TEN_EUROS, text="hi"),
            "Анна",
            "youtube",
            id="super chat",
        ),
        pytest.param(Donation(amount=TEN_EUROS, text="hi"), "?", "all", id="nameless"),
    ],
)
async def test_a_donation_is_thanked_for_and_shown(
    event: Donation | SuperChat, name: str, target: str
) -> None:
    async with harness() as bot:
        await bot.emit(event)
        assert bot.messages == [f"Thank you, {name}, for €10.00!"]
        assert [c.target for c in bot.commands if isinstance(c, SendChat)] == [target]
        shown = bot.state["last_event"]
        assert isinstance(shown, dict)
        assert (shown["kind"], shown["name"]) == ("donation", name)
        assert (shown["amount"], shown["text"]) == ("€10.00", "hi")


async def test_a_raid_is_shown_without_a_word_in_chat() -> None:
    async with harness() as bot:
        await bot.emit(Raid(platform="twitch", user=ANNA, viewers=42))
        assert bot.messages == []
        shown = bot.state["last_event"]
        assert isinstance(shown, dict)
        assert (shown["kind"], shown["amount"]) == ("raid", "42")


async def test_a_chat_that_cannot_be_reached_does_not_keep_the_page_from_showing() -> None:
    async with harness() as bot:
        bot.answer(SendChat, PlatformUnavailable("not now", code="platform_not_connected"))
        await bot.emit(Follow(platform="twitch", user=ANNA))
        assert "last_event" in bot.state
        assert "PlatformUnavailable" in bot.log_lines[0]
        bot.answer(SendChat, {"message_id": "m"})
        await bot.emit(ChatMessage(platform="twitch", text="!hello", user=ANNA))
        assert bot.messages[-1] == "Привет, Анна!"
