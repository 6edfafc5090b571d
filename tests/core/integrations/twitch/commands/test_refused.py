"""What is refused is said in a sentence for whoever can act, under the right code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

import pytest

from streamcore.protocol import commands as c
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import RedemptionStatus
from tests.core.integrations.twitch.commands.at_work import AtWork
from tests.fakes.twitch.people import MODERATOR, STREAMER, viewer

T = "twitch"
ANNA = viewer("Anna")
INVALID = ErrorCode.INVALID_COMMAND
REJECTED = ErrorCode.REJECTED_BY_PLATFORM
CONFLICT = ErrorCode.CONFLICT
NOT_FOUND = ErrorCode.NOT_FOUND
LIMITED = ErrorCode.RATE_LIMITED
TOO_LARGE = ErrorCode.TOO_LARGE


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


def _lock(desk: AtWork) -> PlatformCommand:
    return c.LockPrediction(target=T, prediction_id=desk.helix.questions.predictions[0].id)


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
    "no raid": Case(c.CancelRaid(target=T), NOT_FOUND, "nothing to call off"),
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
    "lock nothing": Case(
        c.LockPrediction(target=T, prediction_id="x"), NOT_FOUND, "no such prediction"
    ),
    "lock what is over": Case(_lock, CONFLICT, "no bets", _ended),
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
