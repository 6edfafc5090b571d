"""An event as the log holds it: numbered, encoded once, ready to be shared by all readers."""

from __future__ import annotations

from typing import NamedTuple

from streamcore.protocol.events import Event

__all__ = ["LoggedEvent"]


class LoggedEvent(NamedTuple):
    """What travels from the journal through the bus to every reader."""

    seq: int
    """The log's number; 0 for what is not logged."""
    type: str
    platform: str
    module_id: str
    """Whose `module_event` it is; empty for all other types."""
    body: bytes
    """The encoded event, one JSON object."""
    event: Event | None = None
    """The event itself while it is fresh; None when it was read back from the disk."""
