"""EventSub's frames, read tolerantly: unknown fields pass, absent ones have a default."""

from __future__ import annotations

from datetime import datetime

import msgspec

__all__ = ["Frame", "Metadata", "Payload", "Session", "Subscription", "decode_frame"]


class _Wire(msgspec.Struct, frozen=True, kw_only=True):
    """What Twitch documents as possibly null is optional, the rest has a neutral default."""


class Metadata(_Wire, frozen=True, kw_only=True):
    message_id: str
    message_type: str
    message_timestamp: datetime
    subscription_type: str = ""
    subscription_version: str = ""


class Session(_Wire, frozen=True, kw_only=True):
    id: str = ""
    status: str = ""
    keepalive_timeout_seconds: float | None = None
    reconnect_url: str | None = None


class Subscription(_Wire, frozen=True, kw_only=True):
    id: str = ""
    status: str = ""
    type: str = ""
    version: str = ""


class Payload(_Wire, frozen=True, kw_only=True):
    session: Session | None = None
    subscription: Subscription | None = None
    event: msgspec.Raw = msgspec.Raw(b"null")


class Frame(_Wire, frozen=True, kw_only=True):
    metadata: Metadata
    payload: Payload = Payload()


_frames = msgspec.json.Decoder(Frame, strict=False)


def decode_frame(data: str | bytes) -> Frame:
    """Read one frame; raises `msgspec.DecodeError` for what is none."""
    return _frames.decode(data)
