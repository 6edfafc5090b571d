"""The numbers that both sides of a connection must respect."""

from __future__ import annotations

__all__ = [
    "CATCH_UP_MAX_AGE_S",
    "CATCH_UP_MAX_EVENTS",
    "COMMANDS_BURST",
    "COMMANDS_PER_S",
    "DEDUPE_WINDOW_S",
    "MAX_BATCH_BYTES",
    "MAX_CORE_PACKET_BYTES",
    "MAX_MANIFEST_BYTES",
    "MAX_PACKET_BYTES",
    "MAX_UNANSWERED_COMMANDS",
    "STORAGE_QUOTA_BYTES",
]

MAX_PACKET_BYTES = 256 * 1024
"""What the core takes from a client in one packet."""
MAX_CORE_PACKET_BYTES = 4 * 1024 * 1024
"""What a client must be ready to take: a `welcome` holds a module's whole state and settings."""
MAX_BATCH_BYTES = 192 * 1024
"""What `events` carries at once, unless a single event is larger."""
COMMANDS_PER_S = 200
COMMANDS_BURST = 400
MAX_UNANSWERED_COMMANDS = 64

CATCH_UP_MAX_AGE_S = 24 * 3600
CATCH_UP_MAX_EVENTS = 10_000
DEDUPE_WINDOW_S = 24 * 3600

MAX_MANIFEST_BYTES = 64 * 1024
STORAGE_QUOTA_BYTES = 16 * 1024 * 1024
"""What one module may keep under `storage_set`, keys and values together."""
