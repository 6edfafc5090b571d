"""Where an event came from: the base fields that every mapped event starts from."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, TypedDict

__all__ = ["PLATFORM", "Base", "Source"]

PLATFORM = "twitch"


class Base(TypedDict):
    """The base fields that the frame knows."""

    platform: str
    channel_id: str
    at: datetime
    source_id: str


class Source(NamedTuple):
    """A notification without its content.

    The frame's id names the fact when nothing better does: a resent frame keeps it.
    """

    frame_id: str
    kind: str
    at: datetime
    channel_id: str

    def base(
        self,
        source_id: str = "",
        *,
        at: datetime | None = None,
        channel_id: str | None = None,
    ) -> Base:
        """Return the base fields; `source_id` is the fact's natural id, where it has one."""
        return Base(
            platform=PLATFORM,
            channel_id=channel_id or self.channel_id,
            at=at or self.at,
            source_id=source_id or self.frame_id,
        )
