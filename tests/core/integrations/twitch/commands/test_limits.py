"""What Twitch would not take is told before it is asked, and whom to ask for a right."""

from __future__ import annotations

import pytest

from streamcore.core.integrations.twitch.api.helix import RefusedError
from streamcore.core.integrations.twitch.commands.commands import _DEEDS
from streamcore.core.integrations.twitch.commands.refusals import RULES, explained
from streamcore.core.integrations.twitch.commands.scopes import SCOPES_OF
from streamcore.protocol import commands as c
from streamcore.protocol.commands import PlatformCommand, SendChat, command_name
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import RedemptionStatus
from tests.core.integrations.twitch.commands.at_work import AtWork, at_work
from tests.fakes.twitch.people import viewer

T = "twitch"
ANNA = viewer("Anna")
INVALID = ErrorCode.INVALID_COMMAND
TOO_LARGE = ErrorCode.TOO_LARGE


def test_every_command_of_twitch_has_scopes_a_deed_and_rules() -> None:
    assert SCOPES_OF.keys() == {*_DEEDS.keys(), SendChat} == RULES.keys()


OUT_OF_BOUNDS: list[tuple[PlatformCommand, ErrorCode, str]] = [
    (c.SendAnnouncement(target=T, msg="  "), INVALID, "no text"),
    (c.SendAnnouncement(target=T, msg="x" * 501), TOO_LARGE, "501 characters"),
    (c.SendAnnouncement(target=T, msg="x", color="red"), INVALID, "purple"),
    (c.SendShoutout(target=T, channel="streamer"), INVALID, "your own"),
    (c.SendShoutout(target=T, channel="Анна"), INVALID, "no login"),
    (c.DeleteChatMessage(target=T, message_id=" "), INVALID, "empty"),
    (c.TimeoutUser(target=T, user_id="1", duration_s=0), INVALID, "1 to 1209600"),
    (c.TimeoutUser(target=T, user_id="1", duration_s=1_209_601), INVALID, "1209601"),
    (c.BanUser(target=T, user_id="1", reason="x" * 501), INVALID, "at most 500"),
    (c.BanUser(target=T, user_id="@"), INVALID, "no login"),
    (c.WarnUser(target=T, user_id="1", reason=""), INVALID, "reason is empty"),
    (c.SetChatMode(target=T), INVALID, "at least one field"),
    (c.SetChatMode(target=T, slow_mode_s=2), INVALID, "3 to 120"),
    (c.SetChatMode(target=T, slow_mode_s=121), INVALID, "121"),
    (c.SetChatMode(target=T, followers_only_minutes=129_601), INVALID, "129600"),
    (c.UpdateStream(target=T), INVALID, "Nothing was named"),
    (c.UpdateStream(target=T, title=" "), INVALID, "title is empty"),
    (c.UpdateStream(target=T, title="x" * 141), INVALID, "141 characters"),
    (c.UpdateStream(target=T, language="english"), INVALID, "two letters"),
    (c.UpdateStream(target=T, tags=("a",) * 11), INVALID, "at most 10"),
    (c.UpdateStream(target=T, tags=("x" * 26,)), INVALID, "26 characters"),
    (c.UpdateStream(target=T, tags=("two words",)), INVALID, "one word"),
    (c.CreateClip(target=T, duration_s=4), INVALID, "5 to 60"),
    (c.CreateClip(target=T, duration_s=61), INVALID, "5 to 60"),
    (c.CreateMarker(target=T, description="x" * 141), INVALID, "at most 140"),
    (c.StartAd(target=T, duration_s=181), INVALID, "1 to 180"),
    (c.StartRaid(target=T, channel="@Streamer"), INVALID, "your own"),
    (c.CreateReward(target=T, title="", cost=1), INVALID, "1 to 45"),
    (c.CreateReward(target=T, title="x" * 46, cost=1), INVALID, "at most 45"),
    (c.CreateReward(target=T, title="x", cost=0), INVALID, "cost is 0"),
    (c.CreateReward(target=T, title="x", cost=1, prompt="x" * 201), INVALID, "at most 200"),
    (c.CreateReward(target=T, title="x", cost=1, cooldown_s=604_801), INVALID, "604800"),
    (c.UpdateReward(target=T, reward_id="1"), INVALID, "Nothing was named"),
    (c.UpdateReward(target=T, reward_id="", cost=2), INVALID, "reward_id is empty"),
    (c.DeleteReward(target=T, reward_id=""), INVALID, "reward_id is empty"),
    (
        c.SetRedemptionStatus(
            target=T, reward_id="1", redemption_id="1", status=RedemptionStatus.UNFULFILLED
        ),
        INVALID,
        "fulfilled or canceled",
    ),
    (c.StartPoll(target=T, title="x" * 61, choices=("a", "b")), INVALID, "61 characters"),
    (c.StartPoll(target=T, title="?", choices=("a",)), INVALID, "2 to 5"),
    (c.StartPoll(target=T, title="?", choices=("a",) * 6), INVALID, "2 to 5"),
    (c.StartPoll(target=T, title="?", choices=("a", "x" * 26)), INVALID, "at most 25"),
    (c.StartPoll(target=T, title="?", choices=("a", "b"), duration_s=14), INVALID, "15 to 1800"),
    (c.StartPrediction(target=T, title="x" * 46, outcomes=("a", "b")), INVALID, "at most 45"),
    (c.StartPrediction(target=T, title="?", outcomes=("a",) * 11), INVALID, "2 to 10"),
    (
        c.StartPrediction(target=T, title="?", outcomes=("a", "b"), duration_s=29),
        INVALID,
        "30 to 1800",
    ),
    (c.GetViewers(target=T, limit=1001), INVALID, "1 to 1000"),
]


async def test_what_is_out_of_bounds_is_told_before_twitch_is_asked() -> None:
    async with at_work() as desk:
        for command, code, words in OUT_OF_BOUNDS:
            desk.helix.calls.clear()
            error = await desk.refused(command)
            assert (error.code, words in error.message) == (code, True), error
            assert not desk.helix.calls.keys() - {"/users"}, command


@pytest.mark.parametrize("kind", RULES, ids=command_name)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 503])
def test_unknown_words_of_twitch_still_get_a_code_and_are_quoted(
    kind: type[PlatformCommand], status: int
) -> None:
    command = next(each for each in EXAMPLES if type(each) is kind)
    told = explained(command, RefusedError(status, "mystery")).body
    assert "mystery" in told.message
    assert told.code is not ErrorCode.INTERNAL
    assert told.code is not ErrorCode.INVALID_COMMAND or status == 400


EXAMPLES: list[PlatformCommand] = [
    *(command for command, _, _ in OUT_OF_BOUNDS),
    c.SendChat(target=T, msg="hi"),
    c.ClearChat(target=T),
    c.CancelRaid(target=T),
    c.LockPrediction(target=T, prediction_id="1"),
    c.UnbanUser(target=T, user_id="1"),
    c.EndPoll(target=T, poll_id="1"),
    c.ResolvePrediction(target=T, prediction_id="1"),
]


@pytest.mark.parametrize("withheld", sorted({s for ss in SCOPES_OF.values() for s in ss}))
async def test_a_missing_scope_takes_its_commands_and_says_whom_to_ask(withheld: str) -> None:
    granted = {scope for scopes in SCOPES_OF.values() for scope in scopes} - {withheld}
    lacking = [kind for kind, scopes in SCOPES_OF.items() if withheld in scopes]
    async with at_work(granted) as desk:
        assert desk.commands.capabilities == {
            command_name(kind) for kind in SCOPES_OF if kind not in lacking
        }
        desk.helix.calls.clear()
        for command in (each for each in EXAMPLES if type(each) in lacking):
            error = await desk.refused(command)
            assert error.code is ErrorCode.UNSUPPORTED_BY_PLATFORM
            assert str(command.permission) in error.message
            assert "Platforms page" in error.message
        assert desk.helix.calls == {}


async def test_a_right_that_twitch_took_away_is_told_the_same_way(desk: AtWork) -> None:
    for grant in desk.fake.oauth._grants:
        grant.scopes = ("user:write:chat",)
    error = await desk.refused(c.BanUser(target=T, user_id=ANNA.id))
    assert error.code is ErrorCode.UNSUPPORTED_BY_PLATFORM
    assert "chat_moderate" in error.message
    assert desk.fake.oauth.calls.get("refresh", 0) == 0
