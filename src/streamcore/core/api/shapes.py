"""The shapes of answers that no other part of the core has a type for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar, Union

import msgspec

from streamcore.core.integrations.status import Health, Option, PermissionStatus
from streamcore.core.integrations.words import Words
from streamcore.core.store import StorageStatus
from streamcore.protocol.errors import ErrorBody
from streamcore.protocol.events import EVENTS, Account, Event, PlatformStateName
from streamcore.protocol.manifest import Text, ViewKind

__all__ = [
    "AnyEvent",
    "ApiProblem",
    "BotRecord",
    "ChatResults",
    "LoggedEvents",
    "ModuleView",
    "OneTimeCode",
    "Page",
    "PlatformRecord",
    "ProblemField",
    "SendResult",
    "SessionToken",
    "SystemInfo",
]

_Item = TypeVar("_Item")

if TYPE_CHECKING:
    AnyEvent = Event
else:
    # The described type names every event; a checker cannot follow a union made from a list.
    AnyEvent = Union[tuple(EVENTS.values())]  # noqa: UP007


class Page(msgspec.Struct, Generic[_Item], frozen=True):
    """A part of a list; `next` is the cursor of what follows, null at its end."""

    items: list[_Item]
    next: str | None = None


class ProblemField(msgspec.Struct, frozen=True):
    """Where in the request something is wrong."""

    path: str
    message: str


class ApiProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal (RFC 9457); programs go by `code`, people by `reasons`, or else by `detail`."""

    title: str
    status: int
    code: str
    type: str = "about:blank"
    detail: str | None = None
    errors: tuple[ProblemField, ...] = ()
    permission: str | None = None
    retry_after_ms: int | None = None
    reasons: Words | None = None


class SessionToken(msgspec.Struct, frozen=True):
    """What a one-time code is exchanged for."""

    token: str
    expires_at: datetime


class OneTimeCode(msgspec.Struct, frozen=True):
    """Opens the dashboard once, behind `#code=`, within a minute."""

    code: str


class SystemInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The core itself; more fields may follow."""

    version: str
    boot_id: str
    started_at: datetime
    uptime_s: float
    home: str
    platform: str
    python: str
    demo: bool
    sandbox: dict[str, str]
    secrets: dict[str, str | None]
    cpu_percent: float
    rss_mb: float
    connections: dict[str, int]
    events: dict[str, int]
    storage: StorageStatus


class ModuleView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a module with the address that goes into OBS, key included."""

    id: str
    title: Text
    kind: ViewKind
    path: str
    width: int
    height: int
    url: str


class BotRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The second account, in whose name modules write while it is connected."""

    state: PlatformStateName
    reason: str
    reasons: Words
    account: Account | None


class PlatformRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A platform as the dashboard shows it; `reason` is the English one of `reasons`."""

    id: str
    name: str
    state: PlatformStateName
    can_sign_in: bool
    reason: str
    reasons: Words
    account: Account | None
    capabilities: tuple[str, ...]
    scopes: tuple[str, ...]
    last_event_at: datetime | None
    quota: dict[str, object] | None
    permissions: tuple[PermissionStatus, ...]
    bot: BotRecord | None
    options: tuple[Option, ...]
    health: Health | None


class SendResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether one platform took a message."""

    ok: bool
    result: object = None
    error: ErrorBody | None = None


class ChatResults(msgspec.Struct, frozen=True):
    """What became of a message, by platform."""

    results: dict[str, SendResult]


class LoggedEvents(msgspec.Struct, frozen=True):
    """Test events as they stand in the log."""

    events: list[AnyEvent]
