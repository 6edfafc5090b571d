"""Payloads and their events: the stream itself."""

from __future__ import annotations

from datetime import timedelta

from streamcore.protocol.events import AdBreak, StreamOffline, StreamOnline, StreamUpdated
from tests.core.integrations.twitch.events.cases.common import AT, STREAMER, Case, base, who
from tests.fakes.twitch import payloads
from tests.fakes.twitch.payloads import standing_still

__all__ = ["STREAM"]


with standing_still(AT):
    STREAM = {
        "the stream begins": Case(
            "stream.online",
            "1",
            payloads.stream_online("s1", payloads.stamp(-5)),
            StreamOnline(
                **base("online:s1", at=AT - timedelta(seconds=5)),
                started_at=AT - timedelta(seconds=5),
            ),
        ),
        "the stream ends": Case(
            "stream.offline",
            "1",
            payloads.stream_offline("s1"),
            StreamOffline(
                **base("offline:s1"),
            ),
        ),
        "the stream ends namelessly": Case(
            "stream.offline",
            "1",
            payloads.stream_offline(),
            StreamOffline(
                **base(),
            ),
        ),
        "a new title": Case(
            "channel.update",
            "2",
            payloads.channel_update("Title", "Chess", "ru")
            | {"content_classification_labels": ["MatureGame"]},
            StreamUpdated(
                **base(),
                title="Title",
                category="Chess",
                language="ru",
                category_id="509658",
                labels=("MatureGame",),
            ),
        ),
        "advertising": Case(
            "channel.ad_break.begin",
            "1",
            payloads.ad_break(90, is_automatic=True),
            AdBreak(
                **base("ad:2026-05-01T12:00:00:begin"),
                user=who(STREAMER),
                duration_s=90,
                ends_at=AT + timedelta(seconds=90),
                is_automatic=True,
            ),
        ),
    }
