"""Events of StreamCore itself, which every module may read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from streamcore.protocol.events.base import Event

__all__ = ["Account", "EventGap", "ModuleEvent", "PlatformState", "PlatformStateName"]


class PlatformStateName(StrEnum):
    """How the connection to a platform stands."""

    DISCONNECTED = "disconnected"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    DEGRADED = "degraded"
    AUTH_REQUIRED = "auth_required"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Whose account is connected."""

    id: str
    name: str
    avatar_url: str | None = None


class PlatformState(Event, frozen=True, kw_only=True):
    """A platform's connection changed; not logged, only the latest counts."""

    durable: ClassVar[bool] = False
    money_class: ClassVar[bool] = False

    state: PlatformStateName = PlatformStateName.DISCONNECTED
    reason: str = ""
    account: Account | None = None


class EventGap(Event, frozen=True, kw_only=True):
    """Events of `platform` between `from_at` and `to_at` may be missing."""

    from_at: datetime | None = msgspec.field(default=None, name="from")
    to_at: datetime | None = msgspec.field(default=None, name="to")
    reason: str = ""
    backfilled: tuple[str, ...] = ()


class ModuleEvent(Event, frozen=True, kw_only=True):
    """What a module itself put in the log by `emit_event`; only it can read it."""

    module_id: str = ""
    name: str = ""
    data: dict[str, object] = {}
