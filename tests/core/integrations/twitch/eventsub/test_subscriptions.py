"""The wanted list and the live list are brought together, whatever Twitch answers."""

from __future__ import annotations

import pytest

from streamcore.protocol.events import EventGap, PlatformStateName
from streamcore.protocol.permissions import Permission
from tests.core.integrations.host import FastClock, eventually
from tests.core.integrations.twitch.rig import TwitchRig

_PATH = "/eventsub/subscriptions"


def ids(rig: TwitchRig, kind: str) -> list[str]:
    return [s.id for s in rig.fake.eventsub.all_subscriptions() if s.type == kind]


async def test_chat_is_asked_for_first(rig: TwitchRig) -> None:
    await rig.log_in()
    (session,) = rig.fake.eventsub.living
    first = next(iter(session.subscriptions.values()))
    assert first.type.startswith("channel.chat")


async def test_a_type_that_is_refused_for_the_moment_holds_none_back(rig: TwitchRig) -> None:
    rig.fake.helix.failures[_PATH] = [500]
    await rig.log_in()
    assert rig.twitch.status.reason.en == ""
    made = rig.fake.eventsub.subscribed()
    await rig.fake.eventsub.drop_all()
    await eventually(lambda: rig.fake.eventsub.connections == 2)
    await eventually(lambda: rig.fake.eventsub.subscribed() == made)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("version_removed", "no longer offers"),
        ("user_removed", "no longer exists"),
        ("moderator_removed", "lost its role"),
        ("chat_user_banned", "lost its role"),
        ("a_status_of_tomorrow", "lost its role"),
    ],
)
async def test_a_revocation_is_told_in_words(rig: TwitchRig, status: str, words: str) -> None:
    await rig.log_in()
    await rig.fake.eventsub.revoke("channel.follow", status)
    await rig.until(PlatformStateName.DEGRADED, reason=words)
    assert "channel.follow" in rig.twitch.status.reason.en
    assert "channel.follow" in rig.twitch.status.reason.ru
    assert len(rig.fake.eventsub.living) == 1, "the session goes on"


async def test_a_role_that_was_lost_is_tried_again_after_a_while(rig: TwitchRig) -> None:
    rig.host.clock = FastClock(1000.0)
    await rig.log_in()
    began_s = rig.host.clock.monotonic()
    await rig.fake.eventsub.revoke("channel.follow", "moderator_removed")
    await eventually(lambda: not ids(rig, "channel.follow"))
    await eventually(lambda: bool(ids(rig, "channel.follow")))
    assert rig.host.clock.monotonic() - began_s >= 600
    await rig.until(PlatformStateName.CONNECTED)
    (gap,) = await rig.host.wait_events(EventGap)
    assert "follow" in gap.backfilled, "what was missed meanwhile is asked for"


async def test_a_version_that_was_removed_is_never_asked_for_again(rig: TwitchRig) -> None:
    await rig.log_in()
    await rig.fake.eventsub.revoke("channel.follow", "version_removed")
    await rig.until(PlatformStateName.DEGRADED)
    await rig.fake.eventsub.drop_all()
    await eventually(lambda: rig.fake.eventsub.connections == 2)
    await rig.fake.wait_subscribed("stream.online", "channel.update")
    await rig.host.wait_events(EventGap)
    assert not ids(rig, "channel.follow")
    assert rig.twitch.status.state is PlatformStateName.DEGRADED


async def test_what_is_switched_off_is_unsubscribed_and_comes_back(rig: TwitchRig) -> None:
    await rig.log_in()
    everything = set(Permission) & {p.permission for p in rig.twitch.status.permissions}
    before = rig.fake.eventsub.subscribed()
    on = {p.permission for p in rig.twitch.status.permissions if p.is_on}
    assert on <= everything
    await rig.twitch.connect(permissions=on - {Permission.AUDIENCE_READ})
    await eventually(lambda: not ids(rig, "channel.follow"))
    assert ids(rig, "channel.chat.message"), "the rest stays"
    await rig.twitch.connect(permissions=on)
    await eventually(lambda: rig.fake.eventsub.subscribed() == before)
    assert rig.fake.eventsub.connections == 1, "without a new session"


async def test_a_limit_by_dead_sessions_is_cleared_away(rig: TwitchRig) -> None:
    rig.fake.eventsub.keep_dead_subscriptions = True
    rig.fake.eventsub.limits.same = 1
    await rig.log_in()
    wanted = rig.fake.eventsub.subscribed()
    await rig.fake.eventsub.drop_all()
    await eventually(lambda: rig.fake.eventsub.connections == 2)
    await eventually(lambda: rig.fake.eventsub.subscribed() == wanted)
    await rig.until(PlatformStateName.CONNECTED)
