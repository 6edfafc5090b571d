"""Events come exactly once, whatever happens to the socket."""

from __future__ import annotations

import asyncio

import pytest

from streamcore.core.integrations.twitch.eventsub.wanted import SUBSCRIPTIONS
from streamcore.protocol.events import (
    ChatMessage,
    Cheer,
    EventGap,
    GiftSubscription,
    GiftSubscriptionBomb,
    Origin,
    PlatformNotice,
    PlatformStateName,
    Raid,
    StreamOffline,
    StreamOnline,
    StreamUpdated,
)
from tests.core.integrations.host import eventually
from tests.core.integrations.twitch.rig import TwitchRig

ALL = {wanted.type for wanted in SUBSCRIPTIONS}


def texts(rig: TwitchRig) -> list[str]:
    return [message.text for message in rig.host.of(ChatMessage)]


async def back(rig: TwitchRig, connections: int) -> None:
    """Wait until a further connection carries every subscription."""
    await eventually(lambda: rig.fake.eventsub.connections >= connections)
    await eventually(lambda: rig.fake.eventsub.subscribed() == ALL)
    await rig.until(PlatformStateName.CONNECTED)


async def looked_around(rig: TwitchRig) -> None:
    """Wait until the adapter has asked how things stand, as it does beside the live events."""
    await eventually(lambda: rig.fake.helix.calls.get("/streams", 0) > 0)
    await asyncio.sleep(0.05)


async def test_everything_is_subscribed_once(rig: TwitchRig) -> None:
    await rig.log_in()
    assert rig.fake.eventsub.subscribed() == ALL
    assert rig.fake.helix.calls["/eventsub/subscriptions"] == len(SUBSCRIPTIONS)


async def test_a_repeated_frame_counts_once(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.eventsub.repeat_each = 3
    for number in range(5):
        await rig.fake.chat("Anna", f"{number}")
    rig.fake.eventsub.repeat_each = 1
    await rig.fake.chat("Anna", "last")
    await eventually(lambda: "last" in texts(rig))
    assert texts(rig) == ["0", "1", "2", "3", "4", "last"]


async def test_moving_loses_and_doubles_nothing(rig: TwitchRig) -> None:
    await rig.log_in()
    asked = rig.fake.helix.calls["/eventsub/subscriptions"]
    said: list[str] = []
    for number in range(60):
        if number % 20 == 10:
            await rig.fake.eventsub.ask_to_move()
        said.append(f"{number}")
        await rig.fake.chat("Anna", said[-1])
        await asyncio.sleep(0.004)
    await eventually(lambda: len(texts(rig)) >= len(said))
    assert texts(rig) == said
    assert rig.fake.eventsub.connections == 4
    assert rig.fake.helix.calls["/eventsub/subscriptions"] == asked, "nothing is subscribed again"
    assert rig.host.of(EventGap) == []
    await eventually(lambda: rig.fake.eventsub.closed_with == [1000, 1000, 1000])


async def test_a_move_that_fails_ends_in_a_new_session(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.eventsub.refuse_connections = 3
    await rig.fake.eventsub.ask_to_move()
    await eventually(lambda: rig.fake.eventsub.connections == 4)
    await rig.fake.chat("Anna", "still here")
    await eventually(lambda: texts(rig) == ["still here"])
    await rig.fake.eventsub.close_all(4004)
    await back(rig, 5)
    await rig.fake.chat("Anna", "and here")
    await eventually(lambda: texts(rig) == ["still here", "and here"])


@pytest.mark.parametrize("code", [4000, 4002, 4003, 4004, 4005, 4006, 4007, 1001, 1011])
async def test_a_closed_session_is_followed_by_a_new_one(rig: TwitchRig, code: int) -> None:
    await rig.log_in()
    await rig.fake.eventsub.close_all(code)
    await back(rig, 2)
    await rig.fake.chat("Anna", "hello again")
    await eventually(lambda: texts(rig) == ["hello again"])
    (gap,) = await rig.host.wait_events(EventGap)
    assert gap.from_at is not None
    assert gap.to_at is not None
    assert gap.from_at <= gap.to_at


async def test_a_connection_that_breaks_off_again_and_again_comes_back(rig: TwitchRig) -> None:
    await rig.log_in()
    for life in range(2, 6):
        await rig.fake.eventsub.drop_all()
        await back(rig, life)
        await rig.fake.chat("Anna", f"{life}")
    await eventually(lambda: texts(rig) == ["2", "3", "4", "5"])


async def test_twitch_down_for_a_while_is_waited_for(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.eventsub.refuse_connections = 4
    await rig.fake.eventsub.drop_all()
    await rig.until(PlatformStateName.DEGRADED, reason="Connecting again")
    await back(rig, 6)


async def test_silence_is_a_dead_connection(rig: TwitchRig) -> None:
    rig.fake.eventsub.keepalive_s = 1.0
    await rig.log_in()
    await asyncio.sleep(1.5)
    assert rig.fake.eventsub.connections == 1, "keepalives keep it alive"
    rig.fake.eventsub.is_silent = True
    await eventually(lambda: rig.fake.eventsub.connections == 2)
    rig.fake.eventsub.is_silent = False
    await back(rig, 2)


async def test_garbage_is_skipped(rig: TwitchRig) -> None:
    await rig.log_in()
    for data in (
        "",
        "{",
        "[]",
        '{"metadata": 5}',
        "null",
        b"\xff\xfe\x00",
        r'"\ud83d"',
        "9" * 5000,
    ):
        await rig.fake.eventsub.send_raw(data)
    await rig.fake.chat("Anna", "after the garbage")
    await eventually(lambda: texts(rig) == ["after the garbage"])
    assert rig.fake.eventsub.connections == 1


async def test_a_frame_of_a_megabyte_is_skipped(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.fake.eventsub.send_raw("x" * (1 << 20))
    await rig.fake.chat("Anna", "after it")
    await eventually(lambda: texts(rig) == ["after it"])
    assert rig.fake.eventsub.connections == 1


async def test_a_frame_that_is_too_large_costs_the_connection_only(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.fake.eventsub.send_raw("x" * (5 << 20))
    await back(rig, 2)


async def test_an_event_of_a_megabyte_is_a_notice_without_its_text(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.fake.chat("Anna", "x" * (1 << 20))
    await rig.fake.chat("Anna", "after it")
    (notice,) = await rig.host.wait_events(PlatformNotice)
    assert (notice.name, notice.raw_type) == ("too_large", "channel.chat.message")
    await eventually(lambda: texts(rig) == ["after it"])
    assert rig.fake.eventsub.connections == 1


async def test_a_notification_of_unexpected_shape_stays_visible(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.fake.eventsub.deliver("channel.follow", {"user_id": ["not", "an", "id"]})
    (notice,) = await rig.host.wait_events(PlatformNotice)
    assert (notice.name, notice.raw_type) == ("unreadable", "channel.follow")


async def test_a_notice_of_tomorrow_stays_visible(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.fake.notice("Anna", "modiversary", {"months": 12})
    (notice,) = await rig.host.wait_events(PlatformNotice)
    assert notice.name == "modiversary"


async def test_a_deed_that_twitch_tells_several_times_is_one_event(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.fake.raid("Bob", 55)
    await rig.fake.cheer("Anna", 100, "wow")
    await rig.fake.chat("Anna", "last")
    await eventually(lambda: "last" in texts(rig))
    (raid,) = rig.host.of(Raid)
    (cheer,) = rig.host.of(Cheer)
    assert raid.viewers == 55
    assert (cheer.bits, cheer.text) == (100, "Cheer100 wow")
    assert texts(rig) == ["Cheer100 wow", "last"]


async def test_a_gift_bomb_comes_in_three_parts(rig: TwitchRig) -> None:
    await rig.log_in()
    group = await rig.fake.gift_bomb("Anna", "b", "c", "d")
    begin, end = await rig.host.wait_events(GiftSubscriptionBomb, 2)
    gifts = rig.host.of(GiftSubscription)
    assert (begin.is_complete, begin.count) == (False, 3)
    assert [r.login for r in end.recipients] == ["b", "c", "d"]
    assert {event.group_id for event in (begin, end, *gifts)} == {group}
    assert len(gifts) == 3


async def test_a_gift_bomb_with_missing_gifts_ends_after_its_time(rig: TwitchRig) -> None:
    await rig.log_in()
    began_s = rig.host.clock.monotonic()
    await rig.fake.gift_bomb("Anna", "b", "c", count=5)
    _, end = await rig.host.wait_events(GiftSubscriptionBomb, 2)
    assert rig.host.clock.monotonic() - began_s >= 30
    assert end.is_complete
    assert len(end.recipients) == 2


async def test_rights_taken_away_end_in_auth_required(rig: TwitchRig) -> None:
    await rig.log_in()
    await looked_around(rig)
    await rig.fake.revoke_app()
    await rig.until(PlatformStateName.AUTH_REQUIRED)
    assert rig.fake.oauth.calls["refresh"] == 1
    await eventually(lambda: not rig.fake.eventsub.living)


async def test_one_subscription_ended_by_twitch_is_shown(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.fake.eventsub.revoke("channel.follow", "version_removed")
    await rig.until(PlatformStateName.DEGRADED, reason="channel.follow")
    await rig.fake.chat("Anna", "the rest goes on")
    await eventually(lambda: texts(rig) == ["the rest goes on"])


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("channel.hype_train.begin", PlatformStateName.CONNECTED),
        ("channel.chat.notification", PlatformStateName.DEGRADED),
    ],
)
async def test_a_type_that_twitch_does_not_know_matters_when_it_is_the_chat(
    rig: TwitchRig, kind: str, state: PlatformStateName
) -> None:
    rig.fake.eventsub.unknown_types = frozenset({kind})
    await rig.twitch.connect()
    await rig.fake.approve_login()
    await rig.until(state)
    await rig.fake.wait_subscribed("channel.chat.message", "channel.vip.remove")
    await rig.fake.chat("Anna", "the rest goes on")
    await eventually(lambda: texts(rig) == ["the rest goes on"])
    assert rig.twitch.status.state is state
    assert bool(rig.twitch.status.reason) is (state is PlatformStateName.DEGRADED)


async def test_what_exists_already_counts_as_made(rig: TwitchRig) -> None:
    rig.fake.helix.failures["/eventsub/subscriptions"] = [409]
    await rig.log_in()
    assert rig.twitch.status.state is PlatformStateName.CONNECTED


async def test_a_limit_for_the_moment_is_waited_for(rig: TwitchRig) -> None:
    # Each is tried twice at once (a 429 may pass), then again after a longer wait.
    rig.fake.helix.failures["/eventsub/subscriptions"] = [429, 500, 503, 429] * 3
    await rig.log_in()
    assert rig.fake.eventsub.subscribed() == ALL


async def test_what_dead_sessions_left_behind_is_cleared_away(rig: TwitchRig) -> None:
    rig.fake.eventsub.keep_dead_subscriptions = True
    rig.fake.eventsub.limits.transports = 1
    await rig.log_in()
    await rig.fake.eventsub.drop_all()
    await back(rig, 2)
    assert {s.session_id for s in rig.fake.eventsub.all_subscriptions()} == {
        session.id for session in rig.fake.eventsub.living
    }


async def test_what_changed_in_the_channel_is_named(rig: TwitchRig) -> None:
    await rig.log_in()
    await looked_around(rig)
    await rig.fake.update_channel(title="A new title")
    await rig.fake.update_channel(category="Chess", language="ru")
    first, second = await rig.host.wait_events(StreamUpdated, 2)
    assert (first.title, first.changed) == ("A new title", ("title",))
    assert second.changed == ("category", "language")


async def test_a_stream_that_runs_already_is_told_once(rig: TwitchRig) -> None:
    stream_id = await rig.fake.go_live()
    await rig.log_in()
    (online,) = await rig.host.wait_events(StreamOnline)
    assert (online.origin, online.source_id) == (Origin.CATCH_UP, f"online:{stream_id}")
    await rig.fake.eventsub.drop_all()
    await back(rig, 2)
    assert len(rig.host.of(StreamOnline)) == 1


async def test_a_stream_that_ended_unseen_is_told_after_the_gap(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.fake.go_live()
    await rig.host.wait_events(StreamOnline)
    rig.fake.helix.channel.stream = None
    await rig.fake.eventsub.drop_all()
    (offline,) = await rig.host.wait_events(StreamOffline)
    assert offline.origin is Origin.CATCH_UP
    (gap,) = await rig.host.wait_events(EventGap)
    assert "stream_offline" in gap.backfilled


async def test_a_full_disk_holds_events_back_and_loses_none(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.host.full_disk = True
    for number in range(20):
        await rig.fake.chat("Anna", f"{number}")
    await rig.until(PlatformStateName.DEGRADED, reason="disk is full")
    rig.host.full_disk = False
    await eventually(lambda: texts(rig) == [f"{number}" for number in range(20)])
