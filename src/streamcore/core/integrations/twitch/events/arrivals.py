"""A notification as it arrived becomes events, whatever is in it."""

from __future__ import annotations

import logging
from datetime import datetime

import msgspec

from streamcore.core.integrations.twitch.events.mapper import to_events
from streamcore.core.integrations.twitch.events.source import Source
from streamcore.core.integrations.twitch.eventsub.frames import Frame
from streamcore.protocol.events import Event, PlatformNotice

__all__ = ["MAX_EVENT_BYTES", "arrived"]

MAX_EVENT_BYTES = 256 * 1024
"""Several times what the longest chat message takes in which every letter is an emote."""
_ID_CHARS = 200

_log = logging.getLogger(__name__)


def arrived(frame: Frame, channel_id: str, now: datetime) -> tuple[Event, ...]:
    """Return what a notification says; what cannot be read stays visible as a notice."""
    metadata = frame.metadata
    kind = metadata.subscription_type
    if not kind and frame.payload.subscription is not None:
        kind = frame.payload.subscription.type
    source = Source(
        frame_id=metadata.message_id[:_ID_CHARS],
        kind=kind[:_ID_CHARS],
        at=metadata.message_timestamp or now,
        channel_id=channel_id,
    )
    raw = frame.payload.event
    if len(raw) > MAX_EVENT_BYTES:
        _log.warning("Twitch: a %s of %d bytes is left out", source.kind, len(raw))
        return (PlatformNotice(**source.base(), name="too_large", raw_type=source.kind),)
    try:
        return to_events(source, raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        _log.warning("Twitch: a %s has an unexpected shape: %.200s", source.kind, error)
    except Exception:
        # Nothing that a platform sends may end the reading of what it sends next.
        _log.exception("Twitch: a %s could not be read", source.kind)
    return (PlatformNotice(**source.base(), name="unreadable", raw_type=source.kind),)
