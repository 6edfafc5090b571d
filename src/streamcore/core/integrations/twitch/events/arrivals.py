"""A notification as it arrived becomes events, whatever is in it."""

from __future__ import annotations

from datetime import datetime

from streamcore.core.integrations.twitch.events.mapper import to_events
from streamcore.core.integrations.twitch.events.source import Source, moment
from streamcore.core.integrations.twitch.eventsub.frames import Frame
from streamcore.protocol.events import Event

__all__ = ["arrived"]

_ID_CHARS = 200


def arrived(frame: Frame, channel_id: str, now: datetime) -> tuple[Event, ...]:
    """Return what a notification says; what cannot be read stays visible as a notice."""
    metadata = frame.metadata
    kind = metadata.subscription_type
    if not kind and frame.payload.subscription is not None:
        kind = frame.payload.subscription.type
    source = Source(
        frame_id=metadata.message_id[:_ID_CHARS],
        kind=kind[:_ID_CHARS],
        at=moment(metadata.message_timestamp) or now,
        channel_id=channel_id,
    )
    return to_events(source, frame.payload.event)
