"""The texts of EventSub's frames."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.fakes.twitch.payloads import Payload, new_id, stamp

if TYPE_CHECKING:
    from tests.fakes.twitch.eventsub.sessions import FakeSubscription

__all__ = ["frame", "notification", "session_frame"]


def frame(
    kind: str,
    payload: Payload,
    subscription: FakeSubscription | None = None,
    message_id: str | None = None,
) -> str:
    """Return a frame; with a subscription its metadata name type and version."""
    metadata: Payload = {
        "message_id": message_id or new_id(),
        "message_type": kind,
        "message_timestamp": stamp(),
    }
    if subscription is not None:
        metadata["subscription_type"] = subscription.type
        metadata["subscription_version"] = subscription.version
    return json.dumps({"metadata": metadata, "payload": payload})


def notification(
    subscription: FakeSubscription, event: Payload, message_id: str, *, is_batch: bool
) -> str:
    """Return a notification, in the form for one event or in the newer one for several."""
    payload: Payload = {"subscription": subscription.as_json()}
    if is_batch:
        payload["events"] = [{"id": new_id(), "data": event}]
    else:
        payload["event"] = event
    return frame("notification", payload, subscription, message_id)


def session_frame(
    kind: str,
    session_id: str,
    *,
    keepalive_s: float | None = None,
    reconnect_url: str | None = None,
) -> str:
    """Return a welcome, or the request to move."""
    if keepalive_s is not None and keepalive_s == int(keepalive_s):
        keepalive_s = int(keepalive_s)
    session: Payload = {
        "id": session_id,
        "status": "connected" if kind == "session_welcome" else "reconnecting",
        "keepalive_timeout_seconds": keepalive_s,
        "reconnect_url": reconnect_url,
        "connected_at": stamp(),
    }
    return frame(kind, {"session": session})
