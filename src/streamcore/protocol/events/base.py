"""What every event has: the base fields, and on its class the permission and durability."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from streamcore.protocol.objects import User
from streamcore.protocol.permissions import Permission

__all__ = ["EPOCH", "Event", "Origin"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The default of times that the core fills in."""


class Origin(StrEnum):
    """How an event came: as it happened, caught up after a gap, replayed, or simulated."""

    LIVE = "live"
    CATCH_UP = "catch_up"
    REPLAY = "replay"
    SIMULATED = "simulated"


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=_snake):
    """Base fields of every event.

    `id` and `seq` are given by the core (`seq` is the log's number, 0 for what is not logged);
    `at` is the platform's time, `received_at` ours, both UTC. `source_id` is the natural id of the
    fact on its platform (the key of dedupe); `group_id` binds the parts of a gift bomb.
    """

    permission: ClassVar[Permission | None] = None
    """What a reader needs; None means every module may read it."""
    durable: ClassVar[bool] = True
    """Committed to the log before it is delivered."""
    money_class: ClassVar[bool] = True
    """Never skipped towards a slow reader (all durable events but chat)."""

    id: str = ""
    seq: int = 0
    platform: str = ""
    channel_id: str = ""
    at: datetime = EPOCH
    received_at: datetime = EPOCH
    origin: Origin = Origin.LIVE
    is_test: bool = False
    source_id: str = ""
    group_id: str | None = None
    user: User | None = None
