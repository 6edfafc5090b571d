"""Settings, storage, replicated state, pages, platforms, calls and times."""

from __future__ import annotations

import pytest

from streamcore.protocol.frames import StateValue
from streamcore.sdk import BaseModule, CommandFailed, every, on_call, on_event
from streamcore.sdk.testing import ModuleHarness


class Bot(BaseModule):
    """Remembers what happened to it."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    async def on_settings(self) -> None:
        self.heard.append(self.settings["greeting"])

    @every(minutes=10)
    async def remind(self) -> None:
        self.heard.append("ten minutes")

    @on_call("add")
    async def add(self, a: int, b: int = 1) -> int:
        return a + b

    @on_call("deny")
    async def deny(self) -> None:
        await self.send_message("no", platform="twitch")

    @on_call("break")
    def break_(self) -> None:
        raise ZeroDivisionError("by zero")

    @on_call("odd")
    def odd(self) -> object:
        return object()


def harness(**options: object) -> ModuleHarness[Bot]:
    return ModuleHarness(Bot, settings={"greeting": "hi"}, **options)  # type: ignore[arg-type]


async def test_settings_are_a_mapping_that_stays_up_to_date() -> None:
    async with harness() as bot:
        settings = bot.module.settings
        assert dict(settings) == {"greeting": "hi"}
        await bot.change_settings(greeting="salut")
        assert settings["greeting"] == "salut"
        assert bot.module.heard == ["salut"]
        assert "salut" not in repr(settings)


async def test_storage_outlives_the_module() -> None:
    async with harness() as bot:
        storage = bot.module.storage
        assert await storage.get("total", 0) == 0
        await storage.set("total", {"sum": 5})
        await storage.set("other", None)
        await bot.restart()
        storage = bot.module.storage
        assert await storage.get("total") == {"sum": 5}
        assert await storage.get("other", "default") is None
        assert await storage.list() == ["other", "total"]
        assert await storage.list("t") == ["total"]
        assert await storage.delete("total") is True
        assert await storage.delete("total") is False
        assert await storage.get("total") is None


async def test_storage_lists_more_than_one_page() -> None:
    async with harness() as bot:
        bot.storage.update({f"key{number:04}": number for number in range(2_500)})
        assert len(await bot.module.storage.list("key")) == 2_500


async def test_a_full_storage_says_so() -> None:
    async with harness() as bot:
        for number in range(4):
            bot.storage[f"large{number}"] = "x" * (4 * 1024 * 1024)
        with pytest.raises(CommandFailed, match="too_large"):
            await bot.module.storage.set("one more", 1)


async def test_a_value_that_cannot_travel_is_refused_before_it_does() -> None:
    async with harness() as bot:
        with pytest.raises(TypeError):
            await bot.module.storage.set("key", object())


async def test_state_has_revisions_and_survives() -> None:
    async with harness() as bot:
        state = bot.module.state
        assert (state.get("total"), state.revision("total"), len(state)) == (None, 0, 0)
        assert await state.set("total", 1) == 1
        assert await state.set("total", 2, expected_revision=1) == 2
        with pytest.raises(CommandFailed, match="conflict"):
            await state.set("total", 3, expected_revision=1)
        assert state["total"] == 2
        await bot.restart()
        assert (dict(bot.module.state), bot.module.state.revision("total")) == ({"total": 2}, 2)


async def test_update_starts_over_when_somebody_else_was_faster() -> None:
    def add(number: int) -> int:
        return number + 1

    async with harness() as bot:
        state = bot.module.state
        assert await state.update("n", add, 10) == 11
        bot._core.data.state["n"] = StateValue(value=20, revision=5)
        assert await state.update("n", add, 0) == 21
        assert (state["n"], state.revision("n"), bot.state) == (21, 6, {"n": 21})
        del bot._core.data.state["n"]
        assert await state.update("n", add, 0) == 1


async def test_update_gives_up_when_somebody_else_is_always_faster() -> None:
    async with harness() as bot:
        bot.answer("state_set", CommandFailed("too late", code="conflict"))
        with pytest.raises(CommandFailed, match="conflict"):
            await bot.module.state.update("n", lambda n: n, 0)


async def test_messages_reach_the_pages() -> None:
    async with harness() as bot:
        await bot.module.views.emit("alert", {"text": "hi"}, view="overlay")
        assert bot.page_messages == [("alert", {"text": "hi"})]


async def test_platforms_follow_their_connections() -> None:
    async with harness(requirements=["twitch"]) as bot:
        platforms = bot.module.platforms
        assert platforms["twitch"].connected
        assert "send_chat" in platforms["twitch"].capabilities
        await bot.set_connected("twitch", connected=False)
        assert not platforms["twitch"].connected
        fresh = await bot.module.get_platforms()
        assert not fresh["twitch"].connected
        await bot.set_connected("twitch", connected=True)
        assert platforms["twitch"].connected


async def test_grants_follow_the_streamer() -> None:
    async with harness(permissions=["chat_send"]) as bot:
        assert bot.module.granted == {"chat_send"}
        await bot.set_permission("chat_send", granted=False)
        assert bot.module.granted == frozenset()


async def test_a_page_calls_a_handler_and_gets_its_answer() -> None:
    async with harness() as bot:
        assert await bot.call("add", a=1) == 2
        assert await bot.call("add", a=1, b=2) == 3


@pytest.mark.parametrize(
    ("name", "code", "sentence"),
    [
        ("nothing", "not_found", "it has: add, break, deny, odd"),
        ("add", "internal", "missing 1 required"),
        ("break", "internal", "ZeroDivisionError: by zero"),
        ("deny", "permission_denied", "chat_send"),
        ("odd", "internal", "is no JSON"),
    ],
)
async def test_a_failed_call_tells_the_page_why(name: str, code: str, sentence: str) -> None:
    async with harness() as bot:
        with pytest.raises(Exception, match=sentence) as caught:
            await bot.call(name)
        assert caught.value.code == code  # type: ignore[attr-defined]


def test_a_call_has_one_handler() -> None:
    class Double(Bot):
        @on_call("add")
        def add_again(self) -> None:
            raise AssertionError

    with pytest.raises(ValueError, match="two handlers for the call 'add'"):
        _ = Double().registry


async def test_every_runs_after_each_interval_and_not_before() -> None:
    async with harness() as bot:
        await bot.advance(minutes=9.9)
        assert bot.module.heard == []
        await bot.advance(minutes=0.1)
        assert bot.module.heard == ["ten minutes"]
        await bot.advance(minutes=30)
        assert bot.module.heard == ["ten minutes"] * 4


async def test_every_goes_on_after_an_error_and_can_be_added_later() -> None:
    class Shaky(BaseModule):
        runs = 0

        async def setup(self) -> None:
            @self.every(seconds=1)
            def fail() -> None:
                self.runs += 1
                raise RuntimeError("again")

        @on_event("follow")
        async def more(self, event: object) -> None:
            @self.every(hours=1)
            async def rarely() -> None:
                self.runs += 1000

    from streamcore.sdk import Follow

    async with ModuleHarness(Shaky, permissions=["audience_read"]) as bot:
        await bot.advance(seconds=3)
        assert bot.module.runs == 3
        assert len(bot.log_lines) == 3
        await bot.emit(Follow())
        await bot.advance(hours=1)
        assert bot.module.runs == 3 + 3600 + 1000


@pytest.mark.parametrize("interval", [{}, {"seconds": 0}, {"minutes": -1}])
def test_every_needs_a_time(interval: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        every(**interval)
