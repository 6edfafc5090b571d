"""EventSub's frames, read tolerantly: unknown fields pass, absent and broken ones have a default.

https://dev.twitch.tv/docs/eventsub/websocket-reference
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TypeVar

import msgspec

__all__ = [
    "Batched",
    "Frame",
    "Metadata",
    "Payload",
    "Session",
    "Subscription",
    "UnreadableError",
    "decode_frame",
]

T = TypeVar("T")


class UnreadableError(ValueError):
    """What came is no frame; the text says why."""


class _Wire(msgspec.Struct, frozen=True, kw_only=True):
    """What Twitch documents as possibly null is optional, the rest has a neutral default."""


class Metadata(_Wire, frozen=True, kw_only=True):
    message_type: str
    message_id: str = ""
    message_timestamp: datetime | None = None
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


class Batched(_Wire, frozen=True, kw_only=True):
    """One of several events in a frame."""

    id: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")


class Payload(_Wire, frozen=True, kw_only=True):
    session: Session | None = None
    subscription: Subscription | None = None
    event: msgspec.Raw = msgspec.Raw(b"null")
    events: tuple[Batched, ...] = ()
    """The newer form, in which a frame may hold several."""


class Frame(_Wire, frozen=True, kw_only=True):
    metadata: Metadata
    payload: Payload = Payload()


class _Loose(msgspec.Struct, frozen=True):
    """A frame of which some field is not what it should be."""

    metadata: dict[str, msgspec.Raw]
    payload: msgspec.Raw = msgspec.Raw(b"null")


_frames = msgspec.json.Decoder(Frame, strict=False)
_loose = msgspec.json.Decoder(_Loose)


def decode_frame(data: bytes) -> Frame:
    """Read one frame; raises `UnreadableError` for what is none.

    A field of an unexpected type costs that field only: the frame's event is still an event. So is
    one with half a character in a text (`\\ud83d` alone), which strict readers refuse.
    """
    try:
        return _decoded(data)
    except UnreadableError as error:
        try:
            whole = _with_whole_characters(data)
        except (ValueError, RecursionError):
            raise error from None
        return _decoded(whole)


def _decoded(data: bytes) -> Frame:
    try:
        return _frames.decode(data)
    except msgspec.ValidationError:
        return _salvaged(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise UnreadableError(str(error)) from None


def _with_whole_characters(data: bytes) -> bytes:
    value = json.loads(data.decode("utf-8", "replace"))
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _salvaged(data: bytes) -> Frame:
    try:
        loose = _loose.decode(data)
        message_type = msgspec.json.decode(loose.metadata["message_type"], type=str)
    except (msgspec.DecodeError, UnicodeError, RecursionError, KeyError) as error:
        raise UnreadableError(f"no metadata: {error}") from None
    metadata = loose.metadata
    payload = _field({"payload": loose.payload}, "payload", dict[str, msgspec.Raw]) or {}
    return Frame(
        metadata=Metadata(
            message_type=message_type,
            message_id=_field(metadata, "message_id", str) or "",
            message_timestamp=_field(metadata, "message_timestamp", datetime),
            subscription_type=_field(metadata, "subscription_type", str) or "",
            subscription_version=_field(metadata, "subscription_version", str) or "",
        ),
        payload=Payload(
            session=_field(payload, "session", Session),
            subscription=_field(payload, "subscription", Subscription),
            event=payload.get("event", msgspec.Raw(b"null")),
            events=_field(payload, "events", tuple[Batched, ...]) or (),
        ),
    )


def _field(raws: dict[str, msgspec.Raw], name: str, shape: type[T]) -> T | None:
    raw = raws.get(name)
    if raw is None:
        return None
    try:
        return msgspec.json.decode(raw, type=shape, strict=False)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
