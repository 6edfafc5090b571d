"""Each deed on the channel, told by every way that Twitch has, is told to modules once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from streamcore.core.integrations.twitch.channel.viewers import Viewers
from streamcore.core.integrations.twitch.events import gifts
from streamcore.protocol.events import (
    Event,
    GiftSubscriptionBomb,
    PlatformStateName,
    event_type,
)
from tests.core.integrations.host import eventually
from tests.core.integrations.twitch.rig import TwitchRig
from tests.fakes.twitch import FakeTwitch

Deed = Callable[[FakeTwitch], Awaitable[object]]


async def polls(fake: FakeTwitch) -> None:
    poll = await fake.poll_begin("Where?", "Forest", "Desert", points_per_vote=10)
    await fake.poll_progress(poll, 3, 1)
    await fake.poll_end(poll)


async def predictions(fake: FakeTwitch) -> None:
    bet = await fake.prediction_begin("Win?", "Yes", "No")
    await fake.prediction_progress(bet, 500, 0)
    await fake.prediction_lock(bet)
    await fake.prediction_end(bet, 1)


async def rewards(fake: FakeTwitch) -> None:
    reward = await fake.reward_add("Hydrate", 100)
    await fake.reward_update(reward, is_paused=True)
    redemption = await fake.redeem("Anna", "Hydrate", 100, "cheers", reward_id=reward)
    await fake.redemption_update(redemption, "canceled")
    await fake.redeem_automatic("Anna", text="look")
    await fake.reward_remove(reward)


async def charity(fake: FakeTwitch) -> None:
    campaign = await fake.charity_start(10_000)
    await fake.charity_donate(campaign, "Anna", 500)
    await fake.charity_progress(campaign, 500)
    await fake.charity_stop(campaign)


async def train(fake: FakeTwitch) -> None:
    ride = await fake.hype_train_begin()
    await fake.hype_train_progress(ride, 2, 900)
    await fake.hype_train_end(ride)


async def goals(fake: FakeTwitch) -> None:
    goal = await fake.goal_begin("follow", 1, 10)
    await fake.goal_progress(goal, 5)
    await fake.goal_end(goal)


async def shared(fake: FakeTwitch) -> None:
    session = await fake.shared_chat_begin("Partner")
    await fake.chat_from_partner("Partner", "Zoe", "Cheer100 hello")
    await fake.notice_from_partner("Partner", "Zoe", "sub", {"sub_tier": "1000"})
    await fake.shared_chat_update(session, "Partner", "Third")
    await fake.shared_chat_end(session)


async def moderation(fake: FakeTwitch) -> None:
    await fake.ban("Troll", "Spam", duration_s=60)
    await fake.unban("Troll")
    await fake.warn("Troll", "cut it out")
    await fake.acknowledge_warning("Troll")
    await fake.mod("Anna")
    await fake.unmod("Anna")
    await fake.vip("Anna")
    await fake.unvip("Anna")
    await fake.shield_mode()
    await fake.shield_mode(is_active=False)


async def watching(fake: FakeTwitch) -> None:
    held = await fake.hold_message("Troll", "bad", "aggressive", 3)
    await fake.decide_message(held, "denied")
    request = await fake.ask_unban("Troll", "please")
    await fake.answer_unban(request, "Troll")
    await fake.suspect("Troll")
    await fake.suspicious_chat("Troll", "hello")


DEEDS: dict[str, tuple[Deed, list[str]]] = {
    "a subscription": (lambda fake: fake.subscribe("Anna"), ["subscription"]),
    "a renewal": (lambda fake: fake.resubscribe("Anna", months=3), ["resubscription"]),
    "an end": (lambda fake: fake.end_subscription("Anna"), ["subscription_ended"]),
    "a gift": (lambda fake: fake.gift("Anna", "Bob"), ["gift_subscription"]),
    "a bomb": (
        lambda fake: fake.gift_bomb("Anna", "Bob", "Cleo"),
        ["gift_subscription_bomb", *["gift_subscription"] * 2, "gift_subscription_bomb"],
    ),
    "a bomb told late": (
        lambda fake: fake.gift_bomb(None, "Bob", "Cleo", notice_last=True),
        [*["gift_subscription"] * 2, *["gift_subscription_bomb"] * 2],
    ),
    "a cheer": (lambda fake: fake.cheer("Anna", 100), ["chat_message", "cheer"]),
    "a power-up": (lambda fake: fake.power_up("Anna", 30), ["chat_message", "power_up"]),
    "a custom power-up": (lambda fake: fake.custom_power_up("Anna", "Fog", 50), ["power_up"]),
    "a watch streak": (lambda fake: fake.watch_streak("Anna", 5), ["watch_streak"]),
    "a raid": (lambda fake: fake.raid("Anna", 12), ["raid"]),
    "our raid": (lambda fake: fake.raid_out("Anna", 12), ["raid_outgoing"]),
    "a shout-out": (lambda fake: fake.shoutout("Anna"), ["shoutout"]),
    "a shout-out for us": (lambda fake: fake.shoutout_received("Anna"), ["shoutout"]),
    "advertising": (lambda fake: fake.ad_break(30), ["ad_break", "ad_break"]),
    "chat modes": (lambda fake: fake.chat_mode(slow_s=10), ["chat_mode_changed"]),
    "a hype train": (train, ["hype_train"] * 3),
    "a goal": (goals, ["goal"] * 3),
    "charity": (charity, ["goal", "charity_donation", "goal", "goal"]),
    "a poll": (polls, ["poll"] * 3),
    "a prediction": (predictions, ["prediction"] * 4),
    "rewards": (
        rewards,
        [
            *["reward_changed"] * 2,
            "chat_message",
            "reward_redemption",
            "reward_redemption_updated",
            "chat_message",
            "reward_redemption",
            "reward_changed",
        ],
    ),
    "a shared chat": (
        shared,
        ["shared_chat", "chat_message", "platform_notice", *["shared_chat"] * 2],
    ),
    "moderation": (
        moderation,
        [
            "user_banned",
            "chat_user_cleared",
            "user_unbanned",
            *["user_warned"] * 2,
            *["role_changed"] * 4,
            *["shield_mode"] * 2,
        ],
    ),
    "what moderators see": (
        watching,
        [
            *["automod_message"] * 2,
            *["unban_request"] * 2,
            "suspicious_user",
            "chat_message",
            "suspicious_user",
        ],
    ),
}
LAST = "that was all"


def facts(rig: TwitchRig) -> list[Event]:
    """Return what was published, but for what the connection says of itself."""
    own = {"platform_state", "event_gap", "viewer_count"}
    return [event for event in rig.host.events if event_type(event) not in own]


def _told(rig: TwitchRig, count: int) -> bool:
    return len(facts(rig)) >= count


async def test_every_deed_is_told_once(rig: TwitchRig) -> None:
    await rig.log_in()
    for name, (deed, expected) in DEEDS.items():
        before = len(facts(rig))
        await deed(rig.fake)
        await eventually(partial(_told, rig, before + len(expected)))
        await rig.fake.chat("Anna", LAST)
        await eventually(lambda: getattr(facts(rig)[-1], "text", "") == LAST)
        told = facts(rig)[before:-1]
        assert [event_type(event) for event in told] == expected, name
        ids = [event.source_id for event in told]
        assert len(set(ids)) == len(ids), name


async def test_a_bomb_outlives_the_socket_that_began_it(
    rig: TwitchRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gifts, "COMPLETE_AFTER_S", 3000.0)  # the rig's clock runs fast
    await rig.log_in()
    group = await rig.fake.gift_bomb("Anna", "Bob", count=3)
    await rig.host.wait_events(GiftSubscriptionBomb)
    await rig.fake.eventsub.drop_all()
    await eventually(lambda: rig.fake.eventsub.connections == 2)
    await rig.fake.wait_subscribed("channel.chat.notification", "channel.vip.remove")
    await rig.fake.gift("Anna", "Cleo", "Dora", group=group)
    _, end = await rig.host.wait_events(GiftSubscriptionBomb, 2)
    assert end.is_complete
    assert [recipient.name for recipient in end.recipients] == ["Bob", "Cleo", "Dora"]


async def test_a_bomb_outlives_a_session_that_failed(
    rig: TwitchRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gifts, "COMPLETE_AFTER_S", 3000.0)
    fail = asyncio.Event()
    begun: list[Viewers] = []

    async def fails_once(viewers: Viewers) -> None:
        begun.append(viewers)
        if len(begun) > 1:
            fail.clear()
        await fail.wait()
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(Viewers, "run", fails_once)
    await rig.log_in()
    group = await rig.fake.gift_bomb("Anna", "Bob", count=2)
    await rig.host.wait_events(GiftSubscriptionBomb)
    fail.set()
    await eventually(lambda: len(begun) == 2)
    await rig.until(PlatformStateName.CONNECTED)
    await rig.fake.gift("Anna", "Cleo", group=group)
    _, end = await rig.host.wait_events(GiftSubscriptionBomb, 2)
    assert [recipient.name for recipient in end.recipients] == ["Bob", "Cleo"]


@pytest.mark.parametrize("name", ["poll_begin", "redeem", "ban", "gift_bomb", "hype_train_begin"])
async def test_deeds_can_be_done_from_another_process(rig: TwitchRig, name: str) -> None:
    from tests.fakes.twitch.control import deed_of

    assert deed_of(rig.fake, name) is not None
