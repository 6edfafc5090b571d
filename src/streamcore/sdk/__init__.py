"""What a module imports: `BaseModule`, the decorators, the events and the errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streamcore.protocol.events import Event
from streamcore.protocol.objects import Amount, Role, User
from streamcore.sdk import events as _events
from streamcore.sdk.base import BaseModule
from streamcore.sdk.decorators import command, every, on_call, on_event
from streamcore.sdk.errors import (
    AlreadyDone,
    CommandFailed,
    Disconnected,
    PermissionDenied,
    PlatformUnavailable,
    RateLimited,
    StreamCoreError,
)

if TYPE_CHECKING:
    from streamcore.sdk.events import *  # noqa: F403 - their names are in `events.pyi`

__all__ = [
    "AlreadyDone",
    "Amount",
    "BaseModule",
    "CommandFailed",
    "Disconnected",
    "Event",
    "PermissionDenied",
    "PlatformUnavailable",
    "RateLimited",
    "Role",
    "StreamCoreError",
    "User",
    "command",
    "every",
    "on_call",
    "on_event",
    *_events.EVENT_NAMES,
]


if not TYPE_CHECKING:  # type checkers know the names from `events.pyi`, and see a misspelt one

    def __getattr__(name: str) -> Any:
        if name in _events.EVENT_NAMES:
            return getattr(_events, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
