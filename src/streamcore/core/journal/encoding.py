"""How an event becomes what the log holds: numbered, dated, encoded once."""

from __future__ import annotations

import functools
from datetime import datetime

import msgspec

from streamcore.core.logged import LoggedEvent
from streamcore.protocol.events import EPOCH, Event, ModuleEvent
from streamcore.protocol.ids import new_id

__all__ = ["caught_up", "encoded"]

LIVE = b'"origin":"live"'
CATCH_UP = b'"origin":"catch_up"'

_encode = msgspec.json.Encoder().encode


def encoded(event: Event, seq: int, now: datetime) -> LoggedEvent:
    """Give an event its number, and what it lacks: an id, and when it came."""
    numbered = msgspec.structs.replace(
        event,
        id=event.id or new_id(),
        seq=seq,
        received_at=now if event.received_at == EPOCH else event.received_at,
    )
    return LoggedEvent(
        seq,
        _tag(type(event)),
        event.platform,
        event.module_id if isinstance(event, ModuleEvent) else "",
        _encode(numbered),
        numbered,
    )


def caught_up(event: LoggedEvent) -> LoggedEvent:
    """Mark what comes out of the log as caught up with, if it was live."""
    # A module's own data may hold the same words, before.
    head, live, tail = event.body.rpartition(LIVE)
    return event._replace(body=head + CATCH_UP + tail) if live else event


@functools.cache
def _tag(cls: type[Event]) -> str:
    return str(cls.__struct_config__.tag)
