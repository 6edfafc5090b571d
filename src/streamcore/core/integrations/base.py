"""What every platform adapter is, what it is given, and how a login can begin."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.protocol.commands import Command, PlatformCommand, command_name
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import Account, Event, Origin, PlatformState, PlatformStateName

if TYPE_CHECKING:
    from streamcore.core.secrets import Secret

__all__ = [
    "BrowserFlow",
    "ConnectFlow",
    "Connected",
    "DeviceFlow",
    "FormField",
    "Host",
    "Integration",
    "PlatformStatus",
    "SecretKeeper",
    "TokenFlow",
    "capabilities",
    "unsupported",
]


_SIGNED_OUT = frozenset({PlatformStateName.DISCONNECTED, PlatformStateName.AUTH_REQUIRED})


class SecretKeeper(Protocol):
    """Where tokens live; `set` returns only when the value would survive a power cut."""

    async def get(self, name: str) -> Secret | None: ...
    async def set(self, name: str, value: Secret) -> None: ...
    async def delete(self, name: str) -> None: ...


class Host(Protocol):
    """What the core gives to every integration."""

    @property
    def secrets(self) -> SecretKeeper: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def random(self) -> random.Random: ...

    async def publish(self, events: Sequence[Event]) -> None:
        """Hand over what the platform told and will not tell again.

        Returns as soon as the log has room for it. While the disk is full, what is money waits for
        it in memory, and chat is passed on unlogged; an adapter need not do anything about that.
        """

    def status_changed(self, platform_id: str) -> None:
        """Tell that an integration's `status` is a new one."""


class PlatformStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a platform stands, as the dashboard shows it; `capabilities` are command names."""

    state: PlatformStateName = PlatformStateName.DISCONNECTED
    reason: str = ""
    account: Account | None = None
    capabilities: frozenset[str] = frozenset()
    scopes: tuple[str, ...] = ()
    last_event_at: datetime | None = None
    quota: dict[str, object] | None = None


class FormField(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the streamer types in; the texts are by language (`en`, `ru`)."""

    name: str
    title: dict[str, str]
    help: dict[str, str] = {}
    is_secret: bool = False


class DeviceFlow(msgspec.Struct, frozen=True, kw_only=True, tag_field="flow", tag="device"):
    """The streamer opens an address, on any device, and confirms the code there."""

    user_code: str
    verification_uri: str
    expires_at: datetime


class BrowserFlow(msgspec.Struct, frozen=True, kw_only=True, tag_field="flow", tag="browser"):
    """The streamer logs in at `url`, which leads back to the app."""

    url: str


class TokenFlow(msgspec.Struct, frozen=True, kw_only=True, tag_field="flow", tag="token"):
    """The streamer fills in `fields`; `connect` is called again with their values."""

    fields: tuple[FormField, ...]
    reason: str = ""


class Connected(msgspec.Struct, frozen=True, kw_only=True, tag_field="flow", tag="connected"):
    """Nothing to do: the platform is connected, or reconnecting with the account it knows."""


ConnectFlow = DeviceFlow | BrowserFlow | TokenFlow | Connected


class Integration(ABC):
    """One platform behind the interface that all share.

    Its trouble is a state that the dashboard shows: `start`, `disconnect` and `close` do not raise.
    """

    id: str
    name: str

    def __init__(self, host: Host) -> None:
        self._host = host
        self._status = PlatformStatus()
        self._last_event_at: datetime | None = None

    @property
    def status(self) -> PlatformStatus:
        """How it stands now; a new `last_event_at` or `quota` alone is not announced."""
        return msgspec.structs.replace(self._status, last_event_at=self._last_event_at)

    @abstractmethod
    async def start(self) -> None:
        """Reconnect in the background when an account is stored."""

    @abstractmethod
    async def connect(self, values: Mapping[str, str] | None = None) -> ConnectFlow:
        """Begin a login, or return the pending one; `values` answer a `TokenFlow`."""

    @abstractmethod
    async def disconnect(self) -> None:
        """Cancel a pending login, revoke and forget the account, close every socket."""

    @abstractmethod
    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        """Carry out a command that passed the gate, or raise `CommandError`."""

    @abstractmethod
    async def close(self) -> None:
        """Stop at the core's end; the account stays stored."""

    @property
    def can_sign_in(self) -> bool:
        """Tell whether `connect` would begin a login now."""
        return self._status.state in _SIGNED_OUT

    def state_event(self) -> PlatformState:
        """Return the status as the event that modules see."""
        status = self.status
        return PlatformState(
            platform=self.id,
            at=self._host.clock.now(),
            origin=Origin.LIVE,
            user=None,
            state=status.state,
            reason=status.reason,
            account=status.account,
        )

    async def _publish(self, events: Sequence[Event]) -> None:
        if events:
            await self._host.publish(events)
            self._last_event_at = self._host.clock.now()

    def _become(self, status: PlatformStatus) -> None:
        if status != self._status:
            self._status = status
            self._host.status_changed(self.id)


def capabilities(*commands: type[Command]) -> frozenset[str]:
    """Return the names of the commands that an integration carries out."""
    return frozenset(command_name(command) for command in commands)


def unsupported(platform: str, command: Command) -> CommandError:
    """Return the refusal of a command that a platform does not have."""
    return CommandError(
        ErrorCode.UNSUPPORTED_BY_PLATFORM, f"{platform} has no {command_name(command)}."
    )
