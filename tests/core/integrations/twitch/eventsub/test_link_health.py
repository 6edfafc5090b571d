"""Silence, sleep and clocks: what is told of the link, and when it is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from streamcore.core.integrations.twitch.eventsub.health import Delays
from streamcore.core.integrations.twitch.surroundings import local_address, watch
from streamcore.protocol.events import ChatMessage, EventGap, PlatformStateName
from tests.core.integrations.host import FastClock, eventually
from tests.core.integrations.twitch.rig import TwitchRig

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class JumpyClock(FastClock):
    """The wall clock alone can be set."""

    def __init__(self) -> None:
        super().__init__()
        self.offset = timedelta()

    def now(self) -> datetime:
        return super().now() + self.offset


async def test_silence_is_told_before_the_link_is_given_up(rig: TwitchRig) -> None:
    rig.fake.eventsub.keepalive_s = 1.0
    await rig.log_in()
    rig.fake.eventsub.is_silent = True
    await rig.until(PlatformStateName.DEGRADED, reason="longer than it promised")
    assert rig.fake.eventsub.connections == 1, "it may still end well"
    await rig.until(PlatformStateName.DEGRADED, reason="silent for")
    assert "молчит" in rig.twitch.status.reason.ru
    rig.fake.eventsub.is_silent = False
    await rig.until(PlatformStateName.CONNECTED)


async def test_a_link_that_is_heard_again_is_well(rig: TwitchRig) -> None:
    rig.fake.eventsub.keepalive_s = 2.0
    await rig.log_in()
    rig.fake.eventsub.is_silent = True
    await rig.until(PlatformStateName.DEGRADED, reason="longer than it promised")
    rig.fake.eventsub.is_silent = False
    await rig.fake.chat("Anna", "here")
    await rig.until(PlatformStateName.CONNECTED)
    assert rig.fake.eventsub.connections == 1
    assert rig.host.of(EventGap) == []


async def test_the_health_of_the_link_is_shown(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.fake.chat("Anna", "hello")
    await rig.host.wait_events(ChatMessage)
    health = rig.twitch.status.health
    assert health is not None
    assert health.heard_at is not None
    assert health.keepalive_s == 10
    assert health.delay_ms is not None
    assert health.delay_ms >= 0


async def test_a_wall_clock_that_jumps_forward_is_a_sleep(rig: TwitchRig) -> None:
    clock = rig.host.clock = JumpyClock()
    await rig.log_in()
    validated = rig.fake.oauth.calls["validate"]
    before = clock.now()
    clock.offset = timedelta(hours=8)
    await eventually(lambda: rig.fake.eventsub.connections == 2)
    (gap,) = await rig.host.wait_events(EventGap)
    assert gap.from_at is not None
    assert gap.from_at <= before
    assert gap.to_at is not None
    assert gap.to_at - gap.from_at >= timedelta(hours=8)
    await eventually(lambda: rig.fake.oauth.calls["validate"] > validated)
    await rig.until(PlatformStateName.CONNECTED)


async def test_a_wall_clock_that_jumps_back_breaks_nothing(rig: TwitchRig) -> None:
    clock = rig.host.clock = JumpyClock()
    await rig.log_in()
    clock.offset = timedelta(hours=-8)
    await rig.fake.chat("Anna", "yesterday")
    await rig.host.wait_events(ChatMessage)
    await asyncio.sleep(0.2)
    assert rig.fake.eventsub.connections == 1
    await rig.fake.eventsub.drop_all()
    (gap,) = await rig.host.wait_events(EventGap)
    assert gap.from_at is not None
    assert gap.to_at is not None
    assert gap.from_at <= gap.to_at


async def test_a_new_address_of_the_computer_is_a_hint() -> None:
    addresses = iter(["10.0.0.2", "10.0.0.2", None, None, "10.0.0.7", "10.0.0.7"])
    moves: list[int] = []
    looks = 0

    def address() -> str | None:
        nonlocal looks
        looks += 1
        return next(addresses, "10.0.0.7")

    watching = asyncio.create_task(
        watch(FastClock(), woke=lambda _: None, moved=lambda: moves.append(looks), address=address)
    )
    await eventually(lambda: looks >= 8)
    watching.cancel()
    assert moves == [5]


def test_the_computers_own_address_is_asked_without_sending() -> None:
    assert local_address() is None or "." in str(local_address())


@pytest.mark.parametrize(
    ("delays_ms", "expected"),
    [
        ([40, 60, 50], 50),
        ([-7_200_040, -7_200_000, -7_199_900], 40),
        ([3_600_050, 3_600_020, 3_600_090], 30),
        ([900, 950, 1000], 950),
    ],
    ids=["right", "ours is behind", "ours is ahead", "merely slow"],
)
def test_a_wrong_clock_gives_no_nonsense(delays_ms: list[int], expected: float) -> None:
    delays = Delays()
    for delay_ms in delays_ms:
        delays.add(NOON, NOON + timedelta(milliseconds=delay_ms))
    assert delays.median_ms == expected


def test_without_events_there_is_no_delay() -> None:
    delays = Delays()
    assert delays.median_ms is None
    delays.add(None, NOON)
    assert delays.median_ms is None


SETTINGS: dict[str, Callable[[TwitchRig], None]] = {
    "refused": lambda rig: setattr(rig.fake.eventsub, "refuse_moves", 5),
    "never connected": lambda rig: setattr(rig.fake.eventsub, "refuse_connections", 5),
    "never answered": lambda rig: setattr(rig.fake.eventsub, "answers_nothing", True),
    "never welcomed": lambda rig: setattr(rig.fake.eventsub, "welcomes_nothing", True),
}


@pytest.mark.parametrize("how", SETTINGS)
async def test_a_move_that_comes_to_nothing_ends_in_a_new_session(rig: TwitchRig, how: str) -> None:
    await rig.log_in()
    (old,) = rig.fake.eventsub.living
    rig.fake.eventsub.reconnect_grace_s = 0.5
    SETTINGS[how](rig)
    await rig.fake.eventsub.ask_to_move()
    await rig.fake.chat("Anna", "on the old socket")
    await eventually(lambda: not old.is_alive)
    rig.fake.eventsub.refuse_moves = rig.fake.eventsub.refuse_connections = 0
    rig.fake.eventsub.answers_nothing = rig.fake.eventsub.welcomes_nothing = False
    await rig.fake.wait_subscribed("channel.chat.message")
    await rig.fake.chat("Anna", "on the new one")
    await eventually(lambda: len(rig.host.of(ChatMessage)) == 2)
    (gap,) = await rig.host.wait_events(EventGap)
    assert gap.reason == "the connection to Twitch was lost"


HOSTILE: dict[str, str | bytes] = {
    "unknown kind": '{"metadata": {"message_type": "tomorrow", "message_id": "1"}, "payload": {}}',
    "no metadata": '{"payload": {}}',
    "null metadata": '{"metadata": null, "payload": null}',
    "deep": '{"metadata": {"message_type": "notification"}, "payload": ' + "[" * 200_000,
    "binary": b"\x00\x01\xfe\xff",
    "reconnect without a session": '{"metadata": {"message_type": "session_reconnect"}}',
    "welcome again": '{"metadata": {"message_type": "session_welcome"}, "payload": {}}',
    "revocation of nothing": '{"metadata": {"message_type": "revocation"}, "payload": {}}',
    "notification of nothing": '{"metadata": {"message_type": "notification"}, "payload": {}}',
}


async def test_hostile_frames_stop_nothing(rig: TwitchRig) -> None:
    await rig.log_in()
    for data in HOSTILE.values():
        await rig.fake.eventsub.send_raw(data)
    await rig.fake.eventsub.send_bad_text()
    await rig.fake.chat("Anna", "after all that")
    (message,) = await rig.host.wait_events(ChatMessage)
    assert message.text == "after all that"
    assert rig.fake.eventsub.connections == 1
    await rig.until(PlatformStateName.CONNECTED)
