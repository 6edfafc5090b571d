"""Every command of the protocol has a method, sends its packet, and fails with its own class."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
import pytest

from streamcore.protocol import commands as c
from streamcore.protocol.commands import COMMANDS, command_name
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import RedemptionStatus
from streamcore.protocol.permissions import Permission
from streamcore.sdk import (
    BaseModule,
    CommandFailed,
    PermissionDenied,
    PlatformUnavailable,
    RateLimited,
    StreamCoreError,
)
from streamcore.sdk.errors import error_for
from streamcore.sdk.results import (
    Ad,
    Clip,
    HttpResponse,
    Marker,
    Option,
    Raid,
    StartedPoll,
    StartedPrediction,
    Viewer,
    Viewers,
)
from streamcore.sdk.testing import ModuleHarness

T = "twitch"
Case = tuple[Callable[[BaseModule], Awaitable[object]], c.Command, object]

# A method's call, the packet that it must send, and what it must give back.
CASES: list[Case] = [
    (lambda m: m.send_message("hi", T), c.SendChat(msg="hi", target=T), "send_chat-1"),
    (
        lambda m: m.send_chat("hi", platform=T, reply_to="m", idempotency_key="k"),
        c.SendChat(msg="hi", target=T, reply_to="m", idempotency_key="k"),
        "send_chat-1",
    ),
    (
        lambda m: m.delete_chat_message("m", T),
        c.DeleteChatMessage(message_id="m", target=T),
        None,
    ),
    (
        lambda m: m.timeout_user("u", T, 60, reason="r"),
        c.TimeoutUser(user_id="u", target=T, duration_s=60, reason="r"),
        None,
    ),
    (lambda m: m.clear_chat(T), c.ClearChat(target=T), None),
    (lambda m: m.cancel_raid(T), c.CancelRaid(target=T), None),
    (lambda m: m.lock_prediction("p", T), c.LockPrediction(prediction_id="p", target=T), None),
    (lambda m: m.ban_user("u", T), c.BanUser(user_id="u", target=T), None),
    (lambda m: m.unban_user("u", T), c.UnbanUser(user_id="u", target=T), None),
    (lambda m: m.warn_user("u", T, "r"), c.WarnUser(user_id="u", target=T, reason="r"), None),
    (
        lambda m: m.set_chat_mode(T, emote_only=True, slow_mode_s=0),
        c.SetChatMode(target=T, emote_only=True, slow_mode_s=0),
        None,
    ),
    (
        lambda m: m.update_stream(T, title="t", tags=["a"]),
        c.UpdateStream(target=T, title="t", tags=("a",)),
        None,
    ),
    (
        lambda m: m.create_clip(T, title="t"),
        c.CreateClip(target=T, title="t"),
        Clip(clip_id="create_clip-1"),
    ),
    (lambda m: m.create_marker(T), c.CreateMarker(target=T), Marker()),
    (lambda m: m.start_ad(T, duration_s=90), c.StartAd(target=T, duration_s=90), Ad()),
    (lambda m: m.start_raid("other", T), c.StartRaid(channel="other", target=T), Raid()),
    (lambda m: m.send_shoutout("other", T), c.SendShoutout(channel="other", target=T), None),
    (
        lambda m: m.send_announcement("hi", T, color="blue"),
        c.SendAnnouncement(msg="hi", target=T, color="blue"),
        None,
    ),
    (
        lambda m: m.create_reward("t", 100, T, needs_input=True),
        c.CreateReward(target=T, title="t", cost=100, needs_input=True),
        "create_reward-1",
    ),
    (
        lambda m: m.update_reward("r", T, cost=5),
        c.UpdateReward(target=T, reward_id="r", cost=5),
        None,
    ),
    (lambda m: m.delete_reward("r", T), c.DeleteReward(reward_id="r", target=T), None),
    (
        lambda m: m.set_redemption_status("r", "x", "fulfilled", T),
        c.SetRedemptionStatus(
            target=T, reward_id="r", redemption_id="x", status=RedemptionStatus.FULFILLED
        ),
        None,
    ),
    (
        lambda m: m.start_poll("t", ["a", "b"], T),
        c.StartPoll(target=T, title="t", choices=("a", "b")),
        StartedPoll(
            poll_id="start_poll-1",
            choices=(Option(id="1", title="a"), Option(id="2", title="b")),
        ),
    ),
    (lambda m: m.end_poll("p", T), c.EndPoll(poll_id="p", target=T), None),
    (
        lambda m: m.start_prediction("t", ["a", "b"], T),
        c.StartPrediction(target=T, title="t", outcomes=("a", "b")),
        StartedPrediction(
            prediction_id="start_prediction-1",
            outcomes=(Option(id="1", title="a"), Option(id="2", title="b")),
        ),
    ),
    (
        lambda m: m.resolve_prediction("p", T, outcome_id="o"),
        c.ResolvePrediction(prediction_id="p", target=T, outcome_id="o"),
        None,
    ),
    (
        lambda m: m.obs_request("SetCurrentProgramScene", {"sceneName": "s"}),
        c.ObsRequest(request_type="SetCurrentProgramScene", data={"sceneName": "s"}),
        {},
    ),
    (
        lambda m: m.call_module("other", "add", a=1),
        c.CallModule(module_id="other", name="add", args={"a": 1}),
        {},
    ),
    (lambda m: m.emit_event("n", {"a": 1}), c.EmitEvent(name="n", data={"a": 1}), ""),
    (lambda m: m.get_viewers(T), c.GetViewers(target=T), Viewers()),
    (
        lambda m: m.get_viewers(T, limit=5, after="x"),
        c.GetViewers(target=T, limit=5, after="x"),
        Viewers(),
    ),
    (lambda m: m.storage.get("k"), c.StorageGet(key="k"), None),
    (lambda m: m.storage.set("k", 1), c.StorageSet(key="k", value=1), None),
    (lambda m: m.storage.delete("k"), c.StorageDelete(key="k"), False),
    (lambda m: m.storage.list("p"), c.StorageList(prefix="p"), []),
    (lambda m: m.state.set("k", 1), c.StateSet(key="k", value=1), 1),
    (lambda m: m.views.emit("n", 1, view="v"), c.ViewEmit(name="n", data=1, view_id="v"), None),
]
ELSEWHERE = {
    c.HttpRequest: "needs an answer: below",
    c.GetPlatforms: "answers with its platforms: test_data",
    c.StateGet: "sent by state.update: test_data",
    c.Log: "sent by self.log: test_runtime",
}


def harness() -> ModuleHarness[BaseModule]:
    class Bot(BaseModule):
        """Does what the test asks."""

    return ModuleHarness(Bot, permissions=list(Permission), requirements=[T])


@pytest.mark.parametrize("case", CASES, ids=lambda case: command_name(case[1]))
async def test_a_method_sends_its_packet_and_gives_its_result(case: Case) -> None:
    call, command, result = case
    async with harness() as bot:
        got = await call(bot.module)
        assert bot.commands == [command]
        assert got == result


def test_every_command_of_the_protocol_is_covered() -> None:
    assert {type(command) for _, command, _ in CASES} | set(ELSEWHERE) == set(COMMANDS.values())


async def test_a_clip_has_its_address() -> None:
    async with harness() as bot:
        bot.answer(c.CreateClip, {"clip_id": "c", "url": "https://clips.example/c", "new": 1})
        assert await bot.module.create_clip(T) == Clip(clip_id="c", url="https://clips.example/c")


async def test_viewers_are_typed() -> None:
    async with harness() as bot:
        found = {"viewers": [{"id": "1", "login": "a", "name": "A"}], "total": 7, "after": "x"}
        bot.answer("get_viewers", found)
        viewers = await bot.module.get_viewers(T)
        assert list(viewers) == [Viewer(id="1", login="a", name="A")]
        assert (len(viewers), viewers.total, viewers.after) == (1, 7, "x")


async def test_the_internet_is_reached_through_the_core() -> None:
    async with harness() as bot:
        bot.answer(c.HttpRequest, {"status": 200, "headers": {"a": "b"}, "body": '{"x": [1]}'})
        response = await bot.module.http_request(
            "https://api.example/x", method="POST", headers={"h": "1"}, body="b", timeout_s=3
        )
        assert (response.ok, response.json(), response.headers) == (True, {"x": [1]}, {"a": "b"})
        [sent] = bot.sent
        assert sent == c.HttpRequest(
            url="https://api.example/x", method="POST", headers={"h": "1"}, body="b", timeout_s=3
        )
    assert not HttpResponse(status=404).ok


async def test_any_command_can_be_sent_as_it_is() -> None:
    async with harness() as bot:
        bot.answer("get_viewers", lambda command: {"asked": command.target})  # type: ignore[attr-defined]
        assert await bot.module.execute(c.GetViewers(target=T)) == {"asked": T}


async def test_an_answer_of_an_unknown_shape_is_a_failed_command() -> None:
    async with harness() as bot:
        bot.answer(c.CreateClip, {"clip_id": 5})
        with pytest.raises(CommandFailed, match="unknown shape"):
            await bot.module.create_clip(T)


@pytest.mark.parametrize("permission", [p for p in Permission if not p.endswith("_read")])
async def test_without_its_permission_a_command_is_denied_with_its_name(
    permission: Permission,
) -> None:
    case = next((case for case in CASES if case[1].permission == permission), None)
    call = case[0] if case is not None else lambda m: m.http_request("https://x.example")
    async with harness() as bot:
        await bot.set_permission(permission, granted=False)
        with pytest.raises(PermissionDenied) as caught:
            await call(bot.module)
        assert (caught.value.code, caught.value.permission) == ("permission_denied", permission)
        assert len(bot.denied) == 1
        assert bot.sent == []


async def test_a_platform_that_was_not_declared_is_denied() -> None:
    async with harness() as bot:
        with pytest.raises(PermissionDenied) as caught:
            await bot.module.send_message("hi", platform="youtube")
        assert caught.value.code == "platform_not_declared"


async def test_a_platform_without_an_account_is_unavailable() -> None:
    async with harness() as bot:
        await bot.set_connected(T, connected=False)
        with pytest.raises(PlatformUnavailable) as caught:
            await bot.module.send_message("hi", platform=T)
        assert caught.value.code == "platform_not_connected"


BRANCHES = {
    ErrorCode.PERMISSION_DENIED: PermissionDenied,
    ErrorCode.PLATFORM_NOT_DECLARED: PermissionDenied,
    ErrorCode.PLATFORM_NOT_CONNECTED: PlatformUnavailable,
    ErrorCode.UNSUPPORTED_BY_PLATFORM: PlatformUnavailable,
    ErrorCode.RATE_LIMITED: RateLimited,
    ErrorCode.QUOTA_EXHAUSTED: RateLimited,
}


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_code_has_its_branch(code: ErrorCode) -> None:
    error = error_for(code, "A sentence.", "chat_send", 1500)
    assert type(error) is BRANCHES.get(code, CommandFailed)
    assert isinstance(error, StreamCoreError)
    assert (error.code, error.message, error.permission, error.retry_after_s) == (
        code,
        "A sentence.",
        "chat_send",
        1.5,
    )
    assert str(error) == f"A sentence. [{code}]"


def test_a_code_of_a_newer_core_is_a_failed_command() -> None:
    error = error_for("weather", "It rains.")
    assert (type(error), error.code, error.retry_after_s) == (CommandFailed, "weather", None)


def test_the_packet_is_the_one_of_the_specification() -> None:
    packet = msgspec.json.encode(c.SendChat(msg="Привет", target="twitch"))
    assert msgspec.json.decode(packet) == {"cmd": "send_chat", "msg": "Привет", "target": "twitch"}
