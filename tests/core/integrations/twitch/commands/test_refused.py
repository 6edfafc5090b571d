"""What is refused is said in a sentence for whoever can act, under the right code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

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
from tests.fakes.twitch.helix import SentMessage
from tests.fakes.twitch.people import MODERATOR, STREAMER, viewer

T = "twitch"
ANNA = viewer("Anna")
INVALID = ErrorCode.INVALID_COMMAND
REJECTED = ErrorCode.REJECTED_BY_PLATFORM
CONFLICT = ErrorCode.CONFLICT
NOT_FOUND = ErrorCode.NOT_FOUND
LIMITED = ErrorCode.RATE_LIMITED
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


class Case(NamedTuple):
    """A refusal of the fake's, and how it is told."""

    command: PlatformCommand | Callable[[AtWork], PlatformCommand]
    code: ErrorCode
    words: str
    before: Callable[[AtWork], Awaitable[object] | None] = lambda _: None


def _offline(desk: AtWork) -> None:
    desk.helix.channel.stream = None


def _poor(desk: AtWork) -> Awaitable[object]:
    desk.helix.rewards.is_affiliate = desk.helix.questions.is_affiliate = False
    desk.helix.broadcast.is_affiliate = False
    return desk.fake.go_live()


async def _one_of_each(desk: AtWork) -> None:
    await desk.do(c.StartPoll(target=T, title="?", choices=("a", "b")))
    await desk.do(c.StartPrediction(target=T, title="?", outcomes=("a", "b")))


async def _ended(desk: AtWork) -> None:
    await _one_of_each(desk)
    desk.helix.questions.polls[0].status = "COMPLETED"
    desk.helix.questions.predictions[0].status = "CANCELED"


def _poll(desk: AtWork) -> PlatformCommand:
    return c.EndPoll(target=T, poll_id=desk.helix.questions.polls[0].id)


def _prediction(desk: AtWork) -> PlatformCommand:
    return c.ResolvePrediction(target=T, prediction_id=desk.helix.questions.predictions[0].id)


def _wrong_outcome(desk: AtWork) -> PlatformCommand:
    prediction_id = desk.helix.questions.predictions[0].id
    return c.ResolvePrediction(target=T, prediction_id=prediction_id, outcome_id="x")


def _foreign_reward(desk: AtWork) -> PlatformCommand:
    return c.UpdateReward(
        target=T, reward_id=desk.helix.rewards.make("Theirs", is_foreign=True), cost=2
    )


def _settled(desk: AtWork) -> PlatformCommand:
    return c.SetRedemptionStatus(
        target=T,
        reward_id=desk.helix.rewards.make("Song"),
        redemption_id="x",
        status=RedemptionStatus.CANCELED,
    )


def _of_streamer(desk: AtWork) -> PlatformCommand:
    desk.helix.moderation.wrote("mine", STREAMER)
    return c.DeleteChatMessage(target=T, message_id="mine")


def _banned(desk: AtWork) -> None:
    desk.helix.moderation.banned[ANNA.id] = None


def _fifty(desk: AtWork) -> None:
    for number in range(50):
        desk.helix.rewards.make(f"r{number}")


def _twice(desk: AtWork) -> None:
    desk.helix.rewards.make("Song")


def _conflicts(desk: AtWork) -> None:
    desk.helix.moderation.conflicts = 9


def _raiding(desk: AtWork) -> None:
    desk.helix.broadcast.pending_raid = MODERATOR


def _closed(desk: AtWork) -> None:
    desk.helix.broadcast.refuses_raids = {ANNA.id}


def _no_viewers(desk: AtWork) -> None:
    desk.helix.chat.viewers = 0


def _muted(desk: AtWork) -> None:
    desk.helix.chat.banned.add(STREAMER.id)


async def _no_clips(desk: AtWork) -> None:
    await desk.fake.go_live()
    desk.helix.broadcast.clips_allowed = False


async def _never_ready(desk: AtWork) -> None:
    await desk.fake.go_live()
    desk.helix.broadcast.clip_ready_after = -1


POLL = c.StartPoll(target=T, title="?", choices=("a", "b"))
PREDICTION = c.StartPrediction(target=T, title="?", outcomes=("a", "b"))
REWARD = c.CreateReward(target=T, title="Song", cost=10)

CASES = {
    "banned already": Case(
        c.BanUser(target=T, user_id=ANNA.id), CONFLICT, "banned already", _banned
    ),
    "ban the streamer": Case(c.BanUser(target=T, user_id=STREAMER.id), REJECTED, "be silenced"),
    "time-out a mod": Case(
        c.TimeoutUser(target=T, user_id=MODERATOR.id, duration_s=5), REJECTED, "be silenced"
    ),
    "a ban under way": Case(
        c.BanUser(target=T, user_id=ANNA.id), CONFLICT, "Somebody else", _conflicts
    ),
    "unban nobody": Case(c.UnbanUser(target=T, user_id=ANNA.id), CONFLICT, "nothing to lift"),
    "warn a mod": Case(
        c.WarnUser(target=T, user_id=MODERATOR.id, reason="x"), REJECTED, "cannot be warned"
    ),
    "no message": Case(c.DeleteChatMessage(target=T, message_id="x"), NOT_FOUND, "6 hours"),
    "own message": Case(_of_streamer, REJECTED, "cannot be deleted"),
    "muted": Case(c.SendChat(target=T, msg="hi"), REJECTED, "may not write", _muted),
    "shoutout alone": Case(
        c.SendShoutout(target=T, channel="anna"), REJECTED, "at least one viewer", _no_viewers
    ),
    "no category": Case(c.UpdateStream(target=T, category="fort"), NOT_FOUND, "“Fortnite”"),
    "no category at all": Case(c.UpdateStream(target=T, category="zzz"), NOT_FOUND, "“zzz”"),
    "a bad tag": Case(c.UpdateStream(target=T, tags=("a-b",)), INVALID, "these tags"),
    "clip offline": Case(c.CreateClip(target=T), REJECTED, "not live", _offline),
    "clips off": Case(c.CreateClip(target=T), REJECTED, "switched off", _no_clips),
    "clip not made": Case(
        c.CreateClip(target=T), ErrorCode.TIMEOUT, "has not finished", _never_ready
    ),
    "marker offline": Case(c.CreateMarker(target=T), REJECTED, "live stream", _offline),
    "ad offline": Case(c.StartAd(target=T), REJECTED, "not live", _offline),
    "ad for the poor": Case(c.StartAd(target=T), REJECTED, "affiliates", _poor),
    "raid under way": Case(c.StartRaid(target=T, channel="anna"), CONFLICT, "under way", _raiding),
    "raid unwanted": Case(c.StartRaid(target=T, channel="anna"), REJECTED, "no raids", _closed),
    "reward twice": Case(REWARD, CONFLICT, "has this title", _twice),
    "rewards full": Case(REWARD, REJECTED, "50 rewards", _fifty),
    "reward of others": Case(_foreign_reward, REJECTED, "Only the app that made"),
    "no reward": Case(c.DeleteReward(target=T, reward_id="x"), NOT_FOUND, "no such reward"),
    "reward of the poor": Case(REWARD, REJECTED, "affiliates", _poor),
    "settled": Case(_settled, NOT_FOUND, "settled already"),
    "two polls": Case(POLL, CONFLICT, "runs already", _one_of_each),
    "poll of the poor": Case(POLL, REJECTED, "affiliates", _poor),
    "bad words": Case(
        c.StartPoll(target=T, title="badword", choices=("a", "b")), REJECTED, "AutoMod"
    ),
    "no poll": Case(c.EndPoll(target=T, poll_id="x"), NOT_FOUND, "no such poll"),
    "poll over": Case(_poll, CONFLICT, "not run any more", _ended),
    "two predictions": Case(PREDICTION, CONFLICT, "runs already", _one_of_each),
    "no prediction": Case(
        c.ResolvePrediction(target=T, prediction_id="x"), NOT_FOUND, "no such prediction"
    ),
    "no outcome": Case(_wrong_outcome, NOT_FOUND, "no such outcome", _one_of_each),
    "prediction over": Case(_prediction, CONFLICT, "ended already", _ended),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_a_refusal_says_what_to_do(desk: AtWork, case: Case) -> None:
    prepared = case.before(desk)
    if prepared is not None:
        await prepared
    command = case.command if isinstance(case.command, PlatformCommand) else case.command(desk)
    error = await desk.refused(command)
    assert error.code is case.code, error
    assert case.words in error.message
    assert desk.published == []


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


async def test_what_twitch_wants_a_pause_for_is_known_here(desk: AtWork) -> None:
    await desk.fake.go_live()
    announcement = c.SendAnnouncement(target=T, msg="x")
    shoutout = c.SendShoutout(target=T, channel="anna")
    for command, longest_ms in (
        (announcement, 2_000),
        (shoutout, 3_600_000),
        (c.SendShoutout(target=T, channel="boris"), 120_000),
        (c.StartAd(target=T), 480_000),
    ):
        if command != c.SendShoutout(target=T, channel="boris"):
            await desk.do(command)
        calls = sum(desk.helix.calls.values())
        error = await desk.refused(command)
        assert error.code is LIMITED
        assert error.retry_after_ms is not None
        assert 0 < error.retry_after_ms <= longest_ms
        assert sum(desk.helix.calls.values()) - calls <= 1, "nothing but a look-up"


async def test_what_failed_costs_no_pause(desk: AtWork) -> None:
    desk.helix.chat.viewers = 0
    await desk.refused(c.SendShoutout(target=T, channel="anna"))
    desk.helix.chat.viewers = 5
    await desk.do(c.SendShoutout(target=T, channel="anna"))


async def test_a_repeated_text_that_is_dropped_is_explained(desk: AtWork) -> None:
    await desk.do(c.SendChat(target=T, msg="hi"))
    desk.helix.chat.drop_next = ["Your message was not sent."]
    error = await desk.refused(c.SendChat(target=T, msg="hi"))
    assert error.code is REJECTED
    assert "less than 30 s before" in error.message
    desk.helix.chat.drop_next = ["Your message was not sent."]
    assert "30 s" not in (await desk.refused(c.SendChat(target=T, msg="else"))).message


async def test_a_text_that_was_cut_short_says_how_much_went_out(desk: AtWork) -> None:
    async def drop_the_next(_sent: SentMessage) -> None:
        desk.helix.chat.drop_next = ["no"]

    desk.helix.chat.on_sent = drop_the_next
    error = await desk.refused(c.SendChat(target=T, msg="word " * 200))
    assert "Only 1 of 2 messages" in error.message
    assert error.code is REJECTED


async def test_a_module_that_floods_leaves_requests_to_others(desk: AtWork) -> None:
    desk.helix.limit = 60
    ask = c.GetViewers(target=T)
    done = 0
    for _ in range(60):
        try:
            await desk.do(ask, "flood")
        except Exception as error:
            assert "half used up" in str(error)
            break
        done += 1
    assert 15 <= done <= 50
    for sender in ("quiet", "dashboard"):
        for _ in range(3):
            await desk.do(ask, sender)
