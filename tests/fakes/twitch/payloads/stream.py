"""Payloads of the stream itself: start, end, information, advertising, shared chat."""

from __future__ import annotations

from tests.fakes.twitch.payloads.basics import Payload, broadcaster, stamp
from tests.fakes.twitch.people import STREAMER, Person

__all__ = ["ad_break", "channel_update", "shared_chat", "stream_offline", "stream_online"]


def stream_online(stream_id: str, started_at: str) -> Payload:
    return {**broadcaster(), "id": stream_id, "type": "live", "started_at": started_at}


def stream_offline(stream_id: str | None = None) -> Payload:
    """Return the end of a stream; Twitch names which one since 2026-06."""
    return {**broadcaster(), **({"id": stream_id} if stream_id is not None else {})}


def channel_update(title: str, category: str, language: str) -> Payload:
    return {
        **broadcaster(),
        "title": title,
        "language": language,
        "category_id": "509658",
        "category_name": category,
        "content_classification_labels": [],
    }


def ad_break(duration_s: int, *, is_automatic: bool = False) -> Payload:
    """Return the start of a break; Twitch's examples write the number and the flag as text."""
    return {
        "duration_seconds": str(duration_s),
        "started_at": stamp(),
        "is_automatic": str(is_automatic).lower(),
        **broadcaster(),
        **STREAMER.fields("requester_user"),
    }


def shared_chat(session_id: str, host: Person, *participants: Person) -> Payload:
    """Return a shared chat's state; without participants it is the end of one."""
    people = [person.fields("broadcaster_user") for person in participants]
    return {
        "session_id": session_id,
        **broadcaster(),
        **host.fields("host_broadcaster_user"),
        **({"participants": people} if people else {}),
    }
