"""What changed of the channel is told by comparing it with what was known."""

from __future__ import annotations

from typing import cast

from msgspec.structs import replace

from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.core.integrations.twitch.channel.known import Channel
from streamcore.protocol.events import StreamUpdated
from tests.core.integrations.host import FastClock

FIRST = StreamUpdated(title="One", category="Chess", language="en", labels=("Gambling",))


def changes(channel: Channel, event: StreamUpdated) -> tuple[str, ...]:
    seen = channel.observe(event)
    assert isinstance(seen, StreamUpdated)
    return seen.changed


def test_only_what_is_new_is_named() -> None:
    channel = Channel(cast(Helix, None), "1", FastClock())
    assert changes(channel, FIRST) == ("title", "category", "language", "labels")
    assert changes(channel, FIRST) == ()
    assert changes(channel, replace(FIRST, title="Two")) == ("title",)
    assert changes(channel, replace(FIRST, title="Two", labels=())) == ("labels",)
