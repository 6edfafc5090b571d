"""The fake's EventSub: sockets, sessions, subscriptions, and every way to misbehave."""

from __future__ import annotations

from tests.fakes.twitch.eventsub.server import FakeEventSub
from tests.fakes.twitch.eventsub.sessions import FakeSession, FakeSubscription

__all__ = ["FakeEventSub", "FakeSession", "FakeSubscription"]
