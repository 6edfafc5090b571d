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
    metadata, payload = frame.metadata, frame.payload
    kind = metadata.subscription_type
    if not kind and payload.subscription is not None:
        kind = payload.subscription.type
    source = Source(
        frame_id=metadata.message_id[:_ID_CHARS],
        kind=kind[:_ID_CHARS],
        at=moment(metadata.message_timestamp) or now,
        channel_id=channel_id,
    )
    if not payload.events:
        return to_events(source, payload.event)
    return tuple(
        event
        for each in payload.events
        for event in to_events(
            source._replace(frame_id=each.id[:_ID_CHARS] or source.frame_id), each.data
        )
    )
