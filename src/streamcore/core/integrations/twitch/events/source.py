"""Where an event came from: the base fields that every mapped event starts from.

`source_id` names a fact, so that one that is told twice counts once. What names it:

- chat messages and notices: the message's id; `delete:<message>` its removal; what a filter did
  with it `automod:<message>:<status>`, a watched person's `suspicious:<message>`;
- gift bombs: `bomb:<group>:begin` and `:end`; a subscription's end `ended:<user>:<tier>:<day>`;
- follows: `follow:<user>:<second>`; bans: `ban:<user>:<second>`; shout-outs
  `shoutout:<to>:<second>` and `shouted_out:<from>:<second>`; advertising `ad:<second>:<phase>`;
  shield mode `shield:<second>:<on or off>`;
- redemptions: `redemption:<id>` and `redemption:<id>:<status>`; custom power-ups `power_up:<id>`;
  charity donations `charity:<id>`; unban requests `unban_request:<id>:<status>`; rewards
  `reward:<id>:added` and `:removed`; the stream `online:<id>` and `offline:<id>`;
- polls, predictions, hype trains, goals, campaigns, shared chats: `<kind>:<id>:<phase>`.

The rest has nothing of its own that would name it, and goes by the frame's id, which a resent
frame keeps: bits (the same person may well cheer the same again), raids, removals of all messages,
unbans, roles, warnings; and states (progress, updates), where telling one twice changes nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple, TypedDict

__all__ = [
    "PLATFORM",
    "Base",
    "Source",
    "follow_id",
    "moment",
    "redemption_id",
    "second",
    "update_id",
]

PLATFORM = "twitch"

_YEARS = range(2000, 2200)


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


def moment(at: datetime | None) -> datetime | None:
    """Return a time of the platform in UTC; years that cannot be (Go's year 1) are no time."""
    if at is None or at.year not in _YEARS or at.tzinfo is None:
        return None
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def second(at: datetime) -> str:
    """Return a time as a part of an id: the HTTP API tells whole seconds only."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()


def follow_id(user_id: str, at: datetime) -> str:
    """Return the natural id of a follow, the same from EventSub and from the HTTP API."""
    return f"follow:{user_id}:{second(at)}"


def redemption_id(redemption: str) -> str:
    """Return the natural id of a reward's redemption."""
    return f"redemption:{redemption}"


def update_id(redemption: str, status: str) -> str:
    """Return the natural id of what became of a redemption."""
    return f"redemption:{redemption}:{status}"
