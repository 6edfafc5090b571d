"""How a platform stands: its connection, its rights, its options, its second account."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from streamcore.core.integrations.words import Words
from streamcore.protocol.events import Account, PlatformStateName
from streamcore.protocol.permissions import Permission

__all__ = [
    "AccountRole",
    "BotStatus",
    "Health",
    "Option",
    "PermissionStatus",
    "PlatformStatus",
]


class AccountRole(StrEnum):
    """Whose login is meant: the streamer's own, or that of a second account that speaks."""

    STREAMER = "streamer"
    BOT = "bot"


class PermissionStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a login can allow; the sentence for it is the protocol's.

    A login asks for what `is_on`; `is_granted` says that the present one allows all of it;
    `wanted_by` names the modules that were allowed it by the streamer.
    """

    permission: Permission
    is_on: bool
    is_granted: bool
    wanted_by: tuple[str, ...] = ()


class BotStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How the second account stands, in whose name modules write when it is connected."""

    state: PlatformStateName = PlatformStateName.DISCONNECTED
    reason: Words = Words()
    account: Account | None = None


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """Something about a platform that the streamer switches on or off."""

    id: str
    title: Words
    help: Words = Words()
    value: bool = False


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How lively the connection for events is.

    `heard_at` is the time of the last sign of life, `keepalive_s` how often the platform promised
    one, `delay_ms` the median time that recent events took from the platform to here.
    """

    heard_at: datetime | None = None
    keepalive_s: float | None = None
    delay_ms: float | None = None


class PlatformStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a platform stands, as the dashboard shows it; `capabilities` are command names.

    `permissions` are those that the platform can serve; `bot` is None where there is no second
    account.
    """

    state: PlatformStateName = PlatformStateName.DISCONNECTED
    reason: Words = Words()
    account: Account | None = None
    capabilities: frozenset[str] = frozenset()
    scopes: tuple[str, ...] = ()
    last_event_at: datetime | None = None
    quota: dict[str, object] | None = None
    permissions: tuple[PermissionStatus, ...] = ()
    bot: BotStatus | None = None
    options: tuple[Option, ...] = ()
    health: Health | None = None
