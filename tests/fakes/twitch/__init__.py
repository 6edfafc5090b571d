"""A Twitch of our own: login, Helix and EventSub with their rules, and faults on demand."""

from __future__ import annotations

from tests.fakes.twitch.fake import CLIENT_ID, FakeTwitch

__all__ = ["CLIENT_ID", "FakeTwitch"]
