"""What every platform adapter is, and what it is given."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError, InvalidInputError
from streamcore.core.integrations.flows import (
    BrowserFlow,
    Connected,
    ConnectFlow,
    DeviceFlow,
    FormField,
    TokenFlow,
)
from streamcore.core.integrations.status import (
    AccountRole,
    BotStatus,
    Health,
    Option,
    PermissionStatus,
    PlatformStatus,
)
from streamcore.core.integrations.words import Words
from streamcore.protocol.commands import Command, PlatformCommand, command_name
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import Event, Origin, PlatformState, PlatformStateName
from streamcore.protocol.permissions import Permission

if TYPE_CHECKING:
    from streamcore.core.secrets import Secret

__all__ = [
    "AccountRole",
    "BotStatus",
    "BrowserFlow",
    "ConnectFlow",
    "Connected",
    "DeviceFlow",
    "FormField",
    "Health",
    "Host",
    "Integration",
    "LoginFailedError",
    "NoteKeeper",
    "Option",
    "PermissionStatus",
    "PlatformStatus",
    "SecretKeeper",
    "TokenFlow",
    "Words",
    "capabilities",
    "unsupported",
]


class LoginFailedError(CommandError):
    """A login could not begin; `words` tell the streamer why."""

    def __init__(self, code: ErrorCode, words: Words) -> None:
        super().__init__(code, words.en)
        self.words = words


_SIGNED_OUT = frozenset({PlatformStateName.DISCONNECTED, PlatformStateName.AUTH_REQUIRED})


class SecretKeeper(Protocol):
    """Where tokens live; `set` returns only when the value would survive a power cut."""

    async def get(self, name: str) -> Secret | None: ...
    async def set(self, name: str, value: Secret) -> None: ...
    async def delete(self, name: str) -> None: ...


class NoteKeeper(Protocol):
    """Small values that an adapter wants to find again after a restart; no secrets.

    A name begins with the platform's id and a dot. `set` returns when the value would survive a
    power cut; all of them may raise StorageError.
    """

    async def get(self, name: str) -> bytes | None: ...
    async def set(self, name: str, value: bytes) -> None: ...
    async def delete(self, name: str) -> None: ...


class Host(Protocol):
    """What the core gives to every integration."""

    @property
    def secrets(self) -> SecretKeeper: ...
    @property
    def notes(self) -> NoteKeeper: ...
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

    def wishes(self, platform_id: str) -> Mapping[Permission, Sequence[str]]:
        """Return what the streamer has allowed modules that run on this platform, and whom."""


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
    async def connect(
        self,
        values: Mapping[str, str] | None = None,
        *,
        permissions: Collection[Permission] | None = None,
        account: AccountRole = AccountRole.STREAMER,
    ) -> ConnectFlow:
        """Begin a login, or return the pending one; `values` answer a `TokenFlow`.

        `permissions` replace what is switched on; None leaves that as it is. A login that lacks
        some of them is widened by a further one, while what is connected goes on undisturbed.
        """

    async def cancel(  # noqa: B027 - not every platform has logins that wait
        self, account: AccountRole = AccountRole.STREAMER
    ) -> None:
        """Give a pending login up; everything is then as it was before the login began."""

    @abstractmethod
    async def disconnect(self, account: AccountRole = AccountRole.STREAMER) -> None:
        """Cancel a pending login, revoke and forget the account, close every socket.

        Without the streamer's account there is no bot's either: both go.
        """

    async def set_options(self, values: Mapping[str, bool]) -> None:
        """Switch options on or off; InvalidInputError names one that the platform does not have."""
        self._check_options(values)

    @abstractmethod
    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        """Carry out a command that passed the gate, or raise `CommandError`."""

    @abstractmethod
    async def close(self) -> None:
        """Stop at the core's end; the account stays stored."""

    def wishes_changed(self) -> None:  # noqa: B027 - not every platform asks for rights
        """Hear that `Host.wishes` may tell something new."""

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
            reason=status.reason.en,
            account=status.account,
        )

    async def _publish(self, events: Sequence[Event]) -> None:
        if events:
            await self._host.publish(events)
            self._last_event_at = self._host.clock.now()

    def _check_options(self, values: Mapping[str, bool]) -> None:
        known = [option.id for option in self.status.options]
        for name in values:
            if name not in known:
                names = ", ".join(known) or "none"
                message = f"{self.name} has no option '{name:.40}'. Its options: {names}."
                raise InvalidInputError(message, field=f"$.{name:.40}")

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
