"""After a gap Twitch is asked what it still tells; what was told live is not told again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from streamcore.core.journal.seen import dedupe_key
from streamcore.protocol.events import (
    Event,
    EventGap,
    Follow,
    Origin,
    PlatformStateName,
    RewardRedemption,
    StreamUpdated,
    Subscription,
)
from tests.core.integrations.host import FastClock, eventually
from tests.core.integrations.twitch.rig import TwitchRig
from tests.fakes.twitch.payloads import stamp
from tests.fakes.twitch.people import viewer


class WallClock(FastClock):
    """Waits are short, but the time of day is the one that the fake goes by."""

    def now(self) -> datetime:
        return datetime.now(UTC)


async def connected(rig: TwitchRig) -> None:
    rig.host.clock = WallClock()
    await rig.log_in()
    await settled(rig)


async def settled(rig: TwitchRig, rounds: int = 1) -> None:
    """Wait until everything that is asked after a connection was asked."""
    await eventually(lambda: rig.fake.helix.calls.get("/subscriptions", 0) >= rounds)


async def cut(rig: TwitchRig) -> EventGap:
    """Interrupt and wait until the gap is told."""
    gaps = len(rig.host.of(EventGap))
    await rig.fake.eventsub.drop_all()
    return (await rig.host.wait_events(EventGap, gaps + 1))[-1]


def keys(events: list[Event]) -> set[int]:
    """Return what the log would know them by."""
    return {dedupe_key(e.platform, e.source_id, is_test=e.is_test) for e in events}


async def test_follows_of_the_gap_are_told_as_caught_up(rig: TwitchRig) -> None:
    rig.fake.crowd.followed(viewer("Old"), stamp(-3600))
    await connected(rig)
    rig.fake.crowd.followed(viewer("Bea"), stamp())
    rig.fake.crowd.followed(viewer("Cem"), stamp())
    gap = await cut(rig)
    await rig.host.wait_events(Follow, 2)
    follows = rig.host.of(Follow)
    assert sorted(f.user.login for f in follows if f.user) == ["bea", "cem"]
    assert {f.origin for f in follows} == {Origin.CATCH_UP}
    assert "follow" in gap.backfilled


async def test_a_follow_that_came_live_is_the_same_fact(rig: TwitchRig) -> None:
    await connected(rig)
    await rig.fake.follow("Anna")
    (live,) = await rig.host.wait_events(Follow)
    await rig.twitch.close()
    await rig.restart()
    rig.host.clock = WallClock()
    (again,) = await rig.host.wait_events(Follow)
    assert again.origin is Origin.CATCH_UP
    assert keys([live]) == keys([again]), "the log tells it once"
    gap = (await rig.host.wait_events(EventGap))[0]
    assert gap.reason == "the app was not running"
    await rig.fake.eventsub.drop_all()
    await rig.host.wait_events(EventGap, 2)
    assert len(rig.host.of(Follow)) == 1, "nor is it asked for twice"


async def test_redemptions_that_wait_are_told_of_our_rewards_only(rig: TwitchRig) -> None:
    await connected(rig)
    ours = rig.fake.helix.rewards.make("Water", cost=50)
    theirs = rig.fake.helix.rewards.make("Theirs", is_foreign=True)
    live_id = await rig.fake.helix.rewards.redeem("Anna", ours, "live")
    (live,) = await rig.host.wait_events(RewardRedemption)
    rig.fake.eventsub.is_silent = True
    missed_id = await rig.fake.helix.rewards.redeem("Bea", ours, "please")
    await rig.fake.helix.rewards.redeem("Cem", theirs)
    rig.fake.eventsub.is_silent = False
    gap = await cut(rig)
    caught = [e for e in rig.host.of(RewardRedemption) if e.origin is Origin.CATCH_UP]
    by_id = {e.redemption_id: e for e in caught}
    assert missed_id in by_id
    assert by_id.keys() <= {missed_id, live_id}
    missed = by_id[missed_id]
    assert (missed.title, missed.cost, missed.input) == ("Water", 50, "please")
    assert live.source_id == f"redemption:{live_id}"
    assert missed.source_id == f"redemption:{missed_id}"
    assert "reward_redemption" in gap.backfilled


async def test_new_subscribers_are_found_by_comparing(rig: TwitchRig) -> None:
    rig.fake.crowd.subscribed(viewer("Old"))
    await connected(rig)
    await rig.fake.subscribe("Live")
    await rig.host.wait_events(Subscription)
    rig.fake.crowd.subscribed(viewer("Bea"), tier="2000")
    gap = await cut(rig)
    live, missed = await rig.host.wait_events(Subscription, 2)
    assert live.origin is Origin.LIVE
    assert missed.user is not None
    assert (missed.user.login, missed.tier, missed.origin) == ("bea", 2, Origin.CATCH_UP)
    assert datetime.now(UTC) - missed.at < timedelta(minutes=1), "nobody knows when: now"
    assert "subscription" in gap.backfilled


async def test_a_crowd_of_new_subscribers_is_no_storm_of_alerts(rig: TwitchRig) -> None:
    await connected(rig)
    for number in range(150):
        rig.fake.crowd.subscribed(viewer(f"crowd{number}"))
    gap = await cut(rig)
    assert "subscription" not in gap.backfilled
    assert rig.host.of(Subscription) == []


async def test_a_title_that_changed_meanwhile_is_told(rig: TwitchRig) -> None:
    await connected(rig)
    rig.fake.helix.channel.info.title = "Behind your back"
    await cut(rig)
    (updated,) = await rig.host.wait_events(StreamUpdated)
    assert (updated.title, updated.changed) == ("Behind your back", ("title",))
    assert updated.origin is Origin.CATCH_UP


async def test_what_cannot_be_asked_is_not_claimed(rig: TwitchRig) -> None:
    await connected(rig)
    rig.fake.helix.failures["/channels/followers"] = [500] * 10
    gap = await cut(rig)
    assert "follow" not in gap.backfilled
    assert "stream_online" in gap.backfilled


async def test_live_events_do_not_wait_for_the_asking(rig: TwitchRig) -> None:
    await connected(rig)
    rig.host.clock = WallClock()
    rig.fake.helix.failures["/channels"] = [503] * 50
    await rig.fake.eventsub.drop_all()
    await eventually(lambda: rig.fake.eventsub.connections == 2)
    await rig.fake.wait_subscribed("channel.follow")
    await rig.fake.follow("Quick")
    (live,) = await rig.host.wait_events(Follow)
    assert live.origin is Origin.LIVE


async def test_a_long_time_without_the_app_is_no_gap(rig: TwitchRig) -> None:
    await connected(rig)
    await rig.twitch.close()
    rig.fake.crowd.followed(viewer("Night"), stamp())

    class Tomorrow(WallClock):
        def now(self) -> datetime:
            return super().now() + timedelta(hours=10)

    await rig.restart()
    rig.host.clock = Tomorrow()
    asked = rig.fake.helix.calls["/subscriptions"]
    await settled(rig, asked + 1)
    assert rig.host.of(EventGap) == []
    assert rig.host.of(Follow) == []


async def test_a_gap_that_was_open_at_a_crash_is_told_by_the_next_start(rig: TwitchRig) -> None:
    await connected(rig)
    began = datetime.now(UTC)
    rig.fake.eventsub.answers_nothing = True
    await rig.fake.eventsub.drop_all()
    rig.fake.crowd.followed(viewer("Meanwhile"), stamp())
    await rig.until(PlatformStateName.DEGRADED)
    await rig.twitch.close()
    rig.fake.eventsub.answers_nothing = False
    await rig.restart()
    rig.host.clock = WallClock()
    (gap,) = await rig.host.wait_events(EventGap)
    assert gap.from_at is not None
    assert gap.from_at <= began + timedelta(seconds=1)
    (follow,) = await rig.host.wait_events(Follow)
    assert follow.origin is Origin.CATCH_UP
