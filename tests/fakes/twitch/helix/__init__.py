"""The fake's HTTP API, one file for each group of endpoints."""

from __future__ import annotations

from tests.fakes.twitch.helix.api import FakeHelix
from tests.fakes.twitch.helix.channel import ChannelInfo, FakeChannel, StreamInfo
from tests.fakes.twitch.helix.chat import FakeChat, SentMessage

__all__ = ["ChannelInfo", "FakeChannel", "FakeChat", "FakeHelix", "SentMessage", "StreamInfo"]
