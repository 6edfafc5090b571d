"""What one connection, one party and all strangers together may take."""

from __future__ import annotations

from dataclasses import dataclass

from streamcore.protocol.limits import (
    COMMANDS_BURST,
    COMMANDS_PER_S,
    MAX_PACKET_BYTES,
    MAX_UNANSWERED_COMMANDS,
)

__all__ = ["LinkLimits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLimits:
    """The numbers of the guard; a party is a module, a page or the dashboard."""

    packet_bytes: int = MAX_PACKET_BYTES
    depth: int = 32
    fragments: int = 64
    """Parts of one message; empty parts would otherwise pile up without adding to its size."""

    commands_per_s: float = COMMANDS_PER_S
    commands_burst: float = COMMANDS_BURST
    unanswered_commands: int = MAX_UNANSWERED_COMMANDS
    flood_factor: float = 10
    """Packets beyond this many times the allowance for commands end the connection."""
    flood_chunk_bytes: int = 4096
    """A long packet counts as one more for each of these."""
    ack_credit: int = 1000
    """How many packets a party may owe us in answer to what we sent it, free of charge."""
    control_frames_per_s: float = 10
    control_frames_burst: float = 50

    connect_deadline_s: float = 1.0
    inherited_deadline_s: float = 10.0
    """For a module's own descriptor: known already, and slow while many modules start."""
    connect_attempts: int = 3
    strangers: int = 64
    connections_per_module: int = 4
    connections_per_party: int = 64

    answer_within_s: float = 28.0
    """The longest that a party waits for an answer; the SDK gives up after 30 s."""
    pending_calls: int = 100
    buffered_bytes: int = 4 * 1024 * 1024
    stalled_s: float = 1.5
    """How long a page or dashboard may take nothing of what waits for it.

    The system's own buffers come first: at less than a thousand events a second a pause of two
    seconds does not get this far.
    """
    late_s: float = 15.0
    """How long anybody may take for what waits at one moment, and a module may take nothing.

    A module's cursor makes its loss none, and its pings judge it sooner.
    """
    linger_s: float = 1.0
    """How long a closing connection may take before it is aborted."""
