"""A payload inside the frame that brings it, through the real decoding."""

from __future__ import annotations

import json

from streamcore.core.integrations.twitch.events.arrivals import arrived
from streamcore.core.integrations.twitch.eventsub.frames import decode_frame
from streamcore.protocol.events import Event
from tests.core.integrations.twitch.events.cases.common import AT
from tests.fakes.twitch.people import STREAMER

__all__ = ["frame", "told"]


def frame(kind: str, payload: object, *, version: str = "1", frame_id: str = "frame-1") -> bytes:
    """Return a notification as it comes over the socket."""
    metadata = {
        "message_id": frame_id,
        "message_type": "notification",
        "message_timestamp": AT.strftime("%Y-%m-%dT%H:%M:%S.000000123Z"),
        "subscription_type": kind,
        "subscription_version": version,
    }
    subscription = {"id": "s1", "status": "enabled", "type": kind, "version": version}
    return json.dumps(
        {"metadata": metadata, "payload": {"subscription": subscription, "event": payload}}
    ).encode()


def told(kind: str, payload: object, *, version: str = "1") -> tuple[Event, ...]:
    """Return what a payload says, the whole way from the socket's bytes."""
    return arrived(decode_frame(frame(kind, payload, version=version)), STREAMER.id, AT)
