"""Every command does on Twitch what it says, and answers with what it made."""

from __future__ import annotations

import pytest

from streamcore.protocol import commands as c
from streamcore.protocol.events import ClipCreated, RedemptionStatus
from tests.core.integrations.host import FastClock, eventually
from tests.core.integrations.twitch.commands.at_work import AtWork, at_work
from tests.fakes.twitch.people import MODERATOR, viewer

T = "twitch"
ANNA = viewer("Anna")


@pytest.mark.parametrize("named", [ANNA.id, "@Anna", "anna"])
async def test_people_are_silenced_and_heard_again(desk: AtWork, named: str) -> None:
    moderation = desk.helix.moderation
    result = await desk.do(c.TimeoutUser(target=T, user_id=named, duration_s=600, reason="spam"))
    assert result["user_id"] == ANNA.id
    assert str(result["ends_at"]).startswith("20")
    assert (moderation.banned[ANNA.id], moderation.reasons[ANNA.id]) == (600, "spam")
    await desk.do(c.BanUser(target=T, user_id=named))
    assert moderation.banned[ANNA.id] is None
    assert await desk.do(c.UnbanUser(target=T, user_id=named)) == {"user_id": ANNA.id}
    assert moderation.banned == {}
    await desk.do(c.WarnUser(target=T, user_id=named, reason="be kind"))
    assert moderation.warned == {ANNA.id: "be kind"}
    assert desk.helix.calls.get("/users", 0) == (0 if named == ANNA.id else 1), "asked once"


async def test_a_ban_that_somebody_else_changes_is_tried_again(desk: AtWork) -> None:
    desk.helix.moderation.conflicts = 1
    await desk.do(c.BanUser(target=T, user_id=ANNA.id))
    assert desk.helix.moderation.banned == {ANNA.id: None}
    desk.helix.moderation.conflicts = 1
    await desk.do(c.UnbanUser(target=T, user_id=ANNA.id))
    assert desk.helix.moderation.banned == {}


async def test_one_message_is_deleted(desk: AtWork) -> None:
    first, _ = [await desk.fake.chat("Anna", text) for text in ("one", "two")]
    await desk.do(c.DeleteChatMessage(target=T, message_id=first))
    assert desk.helix.moderation.deleted == [first]


async def test_the_whole_chat_is_cleared(desk: AtWork) -> None:
    written = [await desk.fake.chat("Anna", text) for text in ("one", "two")]
    await desk.do(c.ClearChat(target=T))
    assert desk.helix.moderation.deleted == written


async def test_modes_of_the_chat_are_switched(desk: AtWork) -> None:
    on = c.SetChatMode(
        target=T,
        emote_only=True,
        followers_only_minutes=10,
        subscribers_only=True,
        slow_mode_s=30,
        unique_only=True,
    )
    await desk.do(on)
    assert desk.helix.moderation.settings == {
        "emote_mode": True,
        "follower_mode": True,
        "follower_mode_duration": 10,
        "slow_mode": True,
        "slow_mode_wait_time": 30,
        "subscriber_mode": True,
        "unique_chat_mode": True,
    }
    await desk.do(c.SetChatMode(target=T, slow_mode_s=0, followers_only_minutes=0))
    settings = desk.helix.moderation.settings
    assert (settings["slow_mode"], settings["follower_mode"]) == (False, False)
    assert settings["emote_mode"] is True, "what is left out stays"


@pytest.mark.parametrize(
    ("category", "game_id"),
    [
        ("Just Chatting", "509658"),
        ("just CHATTING", "509658"),
        ("33214", "33214"),
        ("2048", "65654"),
        ("", "0"),
    ],
    ids=["name", "other-capitals", "id", "a-name-that-is-a-number", "none"],
)
async def test_a_category_is_found_by_name_or_id(desk: AtWork, category: str, game_id: str) -> None:
    await desk.do(c.UpdateStream(target=T, category=category))
    assert desk.helix.broadcast.changes == [{"game_id": game_id}]


async def test_the_stream_is_described_anew(desk: AtWork) -> None:
    change = c.UpdateStream(
        target=T, title=" Новый эфир ", language="RU", tags=("русский", "chill")
    )
    await desk.do(change)
    assert desk.helix.broadcast.changes == [
        {"title": "Новый эфир", "broadcaster_language": "ru", "tags": ["русский", "chill"]}
    ]
    await desk.do(c.UpdateStream(target=T, tags=()))
    assert desk.helix.broadcast.changes[-1] == {"tags": []}


class BriskClock(FastClock):
    """Ten times as fast as the machine's: what has a deadline outlasts a slow machine."""

    def monotonic(self) -> float:
        return super().monotonic() / 10

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds * 10)


async def test_a_clip_is_there_when_it_is_answered() -> None:
    async with at_work(clock=BriskClock()) as desk:
        await desk.fake.go_live()
        result = await desk.do(c.CreateClip(target=T, title="Ха!", duration_s=45))
    (clip,) = desk.helix.broadcast.clips.values()
    assert desk.helix.broadcast.looked_for == {clip["id"]: 2}
    assert result == {
        "clip_id": clip["id"],
        "url": clip["url"],
        "edit_url": f"{clip['url']}/edit",
        "title": "Ха!",
        "duration_s": 45.0,
    }
    (event,) = desk.published
    assert isinstance(event, ClipCreated)
    assert (event.clip_id, event.url, event.title) == (clip["id"], clip["url"], "Ха!")
    assert event.source_id == f"clip:{clip['id']}"
    assert event.user is not None


async def test_a_moment_is_marked(desk: AtWork) -> None:
    await desk.fake.go_live()
    result = await desk.do(c.CreateMarker(target=T, description="boss"))
    assert result == {"marker_id": "1", "position_s": 244}
    await desk.do(c.CreateMarker(target=T))
    assert desk.helix.broadcast.markers == ["boss", ""]


async def test_advertising_runs_and_says_when_it_may_again(desk: AtWork) -> None:
    await desk.fake.go_live()
    result = await desk.do(c.StartAd(target=T, duration_s=60))
    assert result == {"duration_s": 60, "retry_after_s": 480, "message": ""}
    assert desk.helix.broadcast.ads == [60]


@pytest.mark.parametrize("channel", ["anna", "@Anna"])
async def test_viewers_are_sent_to_another_channel(desk: AtWork, channel: str) -> None:
    result = await desk.do(c.StartRaid(target=T, channel=channel))
    assert result == {"channel_id": ANNA.id, "starts_within_s": 90}
    assert desk.helix.broadcast.pending_raid == ANNA
    await desk.do(c.CancelRaid(target=T))
    assert desk.helix.broadcast.pending_raid is None


async def test_another_channel_is_recommended(desk: AtWork) -> None:
    assert await desk.do(c.SendShoutout(target=T, channel="Anna")) == {"channel_id": ANNA.id}
    assert desk.helix.chat.shouted == [ANNA]


async def test_an_announcement_stands_out(desk: AtWork) -> None:
    await desk.do(c.SendAnnouncement(target=T, msg=" Скоро начнём ", color="purple"))
    assert desk.helix.chat.announced == [{"text": "Скоро начнём", "color": "purple"}]


async def test_a_reward_lives_and_ends(desk: AtWork) -> None:
    made = await desk.do(
        c.CreateReward(target=T, title="Hydrate", cost=100, prompt="Now!", cooldown_s=60)
    )
    reward_id = str(made["reward_id"])
    reward = desk.helix.rewards.rewards[reward_id]
    assert (reward["title"], reward["cost"], reward["prompt"]) == ("Hydrate", 100, "Now!")
    assert reward["global_cooldown_setting"] == {"is_enabled": True, "global_cooldown_seconds": 60}
    await desk.do(
        c.UpdateReward(target=T, reward_id=reward_id, cost=200, is_enabled=False, cooldown_s=0)
    )
    reward = desk.helix.rewards.rewards[reward_id]
    assert (reward["title"], reward["cost"], reward["is_enabled"]) == ("Hydrate", 200, False)
    assert reward["is_global_cooldown_enabled"] is False
    await desk.do(c.DeleteReward(target=T, reward_id=reward_id))
    assert desk.helix.rewards.rewards == {}


@pytest.mark.parametrize("status", [RedemptionStatus.FULFILLED, RedemptionStatus.CANCELED])
async def test_a_redemption_is_settled(desk: AtWork, status: RedemptionStatus) -> None:
    reward_id = desk.helix.rewards.make("Song")
    redemption_id = await desk.helix.rewards.redeem("Anna", reward_id, "the song")
    await desk.do(
        c.SetRedemptionStatus(
            target=T, reward_id=reward_id, redemption_id=redemption_id, status=status
        )
    )
    assert desk.helix.rewards.redemptions[redemption_id]["status"] == status


@pytest.mark.parametrize(("is_shown", "status"), [(True, "TERMINATED"), (False, "ARCHIVED")])
async def test_a_poll_begins_and_ends(desk: AtWork, is_shown: bool, status: str) -> None:
    made = await desk.do(c.StartPoll(target=T, title="Да?", choices=("да", "нет"), duration_s=60))
    (poll,) = desk.helix.questions.polls
    assert made["poll_id"] == poll.id
    assert made["choices"] == [{"id": i, "title": title} for i, title in poll.choices]
    await desk.do(c.EndPoll(target=T, poll_id=poll.id, show_results=is_shown))
    assert poll.status == status


async def test_a_prediction_is_paid_out_or_given_back(desk: AtWork) -> None:
    for winner in (1, None):
        made = await desk.do(c.StartPrediction(target=T, title="Win?", outcomes=("yes", "no")))
        prediction = desk.helix.questions.predictions[-1]
        assert made["prediction_id"] == prediction.id
        assert made["outcomes"] == [{"id": i, "title": title} for i, title in prediction.choices]
        if winner is not None:
            await desk.do(c.LockPrediction(target=T, prediction_id=prediction.id))
            assert prediction.status == "LOCKED"
        outcome_id = None if winner is None else prediction.choices[winner][0]
        await desk.do(
            c.ResolvePrediction(target=T, prediction_id=prediction.id, outcome_id=outcome_id)
        )
        assert prediction.status == ("CANCELED" if winner is None else "RESOLVED")
        assert prediction.winner == outcome_id


async def test_viewers_are_read_in_pages(desk: AtWork) -> None:
    desk.helix.moderation.chatters = [viewer(f"v{number}") for number in range(25)]
    first = await desk.do(c.GetViewers(target=T, limit=20))
    viewers = first["viewers"]
    assert isinstance(viewers, list)
    assert (len(viewers), first["total"]) == (20, 25)
    assert viewers[0] == {"id": viewer("v0").id, "login": "v0", "name": "v0"}
    rest = await desk.do(c.GetViewers(target=T, limit=20, after=str(first["after"])))
    assert isinstance(rest["viewers"], list)
    assert (len(rest["viewers"]), rest["after"]) == (5, None)


async def test_what_a_module_writes_is_the_bots_word(desk: AtWork) -> None:
    await desk.do(c.SendChat(target=T, msg="no bot yet"))
    await desk.bring_bot()
    await desk.do(c.SendChat(target=T, msg="a module"))
    await desk.do(c.SendChat(target=T, msg="the streamer"), "dashboard")
    assert [(sent.text, sent.sender.login) for sent in desk.helix.chat.sent] == [
        ("no bot yet", "streamer"),
        ("a module", "streamer_bot"),
        ("the streamer", "streamer"),
    ]


async def test_a_bot_that_lost_its_login_is_spoken_for(desk: AtWork) -> None:
    await desk.bring_bot()
    desk.fake.oauth.revoke_everything("streamer_bot")
    result = await desk.do(c.SendChat(target=T, msg="hi"))
    (sent,) = desk.helix.chat.sent
    assert (sent.sender.login, sent.id) == ("streamer", result["message_id"])


async def test_a_moderating_bot_may_write_more(desk: AtWork) -> None:
    await desk.bring_bot()
    desk.helix.moderation.moderators = {MODERATOR.id, "1002"}
    await desk.do(c.SendChat(target=T, msg="0"))
    await eventually(lambda: desk.commands._chat._bot_pacer._limit == 100)
