"""A platform under its own id: the demonstration until the streamer connects the real one."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec.structs import replace

from streamcore.core.clock import Clock
from streamcore.core.integrations.base import (
    AccountRole,
    ConnectFlow,
    Host,
    Integration,
    NoteKeeper,
    PlatformStatus,
    SecretKeeper,
)
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.events import Event, PlatformStateName
from streamcore.protocol.permissions import Permission

__all__ = ["StandIn"]


class StandIn(Integration):
    """Hands everything to the demonstration or, once somebody has logged in, to the real adapter.

    A real account that is stored wins at start. A login that only waits for its confirmation ends
    nothing: the demonstration plays on, and is back when the login comes to nothing. `make_real`
    builds the adapter on a host that tells this one of its changes.
    """

    def __init__(
        self, host: Host, demo: Integration, make_real: Callable[[Host], Integration] | None
    ) -> None:
        super().__init__(host)
        self.id = demo.id
        self.name = demo.name
        self._demo = demo
        self._real: Integration | None = None
        self._current = demo
        self._ending: asyncio.Task[None] | None = None
        if make_real is not None:
            self._real = make_real(_Overheard(host, self._real_changed))

    @property
    def status(self) -> PlatformStatus:
        if self._real is None:
            return self._demo.status
        if self._current is self._real or self._is_waiting:
            return self._real.status
        status = self._demo.status
        # What the streamer can choose is the real platform's, before the first login already, and
        # what became of a login is to be read while the demonstration plays on.
        real = self._real.status
        return replace(
            status,
            reason=status.reason or real.reason,
            permissions=real.permissions,
            bot=real.bot,
            options=real.options,
        )

    @property
    def can_sign_in(self) -> bool:
        if self._current is self._demo and not self._is_waiting:
            return self._real is not None
        return self._current.can_sign_in and not self._is_waiting

    async def start(self) -> None:
        if self._real is not None:
            await self._real.start()
            if self._real.status.state is not PlatformStateName.DISCONNECTED:
                self._current = self._real
        if self._current is self._demo:
            await self._demo.start()

    async def connect(
        self,
        values: Mapping[str, str] | None = None,
        *,
        permissions: Collection[Permission] | None = None,
        account: AccountRole = AccountRole.STREAMER,
    ) -> ConnectFlow:
        if self._real is None:
            return await self._demo.connect(values)
        return await self._real.connect(values, permissions=permissions, account=account)

    async def cancel(self, account: AccountRole = AccountRole.STREAMER) -> None:
        await (self._real or self._demo).cancel(account)

    async def disconnect(self, account: AccountRole = AccountRole.STREAMER) -> None:
        if self._real is not None and self._current is self._demo:
            await self._real.cancel(account)
        await self._current.disconnect(account)

    async def set_options(self, values: Mapping[str, bool]) -> None:
        await (self._real or self._demo).set_options(values)

    def wishes_changed(self) -> None:
        if self._real is not None:
            self._real.wishes_changed()

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        return await self._current.execute(command, sender)

    async def close(self) -> None:
        if self._ending is not None:
            await asyncio.gather(self._ending, return_exceptions=True)
        await self._demo.close()
        if self._real is not None:
            await self._real.close()

    @property
    def _is_waiting(self) -> bool:
        """Tell whether a login of the real platform waits for its confirmation."""
        return self._real is not None and self._real.status.state is PlatformStateName.CONNECTING

    def _real_changed(self) -> None:
        """Make way for the real platform as soon as it has an account."""
        if self._real is None or self._current is self._real:
            return
        if self._real.status.account is not None:
            self._current = self._real
            self._ending = asyncio.create_task(self._demo.disconnect(), name=f"end of {self.id}")


class _Overheard:
    """The core as the real adapter sees it, while somebody else hears of its changes first."""

    def __init__(self, host: Host, changed: Callable[[], None]) -> None:
        self._host = host
        self._changed = changed

    @property
    def secrets(self) -> SecretKeeper:
        return self._host.secrets

    @property
    def notes(self) -> NoteKeeper:
        return self._host.notes

    @property
    def clock(self) -> Clock:
        return self._host.clock

    @property
    def random(self) -> random.Random:
        return self._host.random

    async def publish(self, events: Sequence[Event]) -> None:
        await self._host.publish(events)

    def status_changed(self, platform_id: str) -> None:
        self._changed()
        self._host.status_changed(platform_id)

    def wishes(self, platform_id: str) -> Mapping[Permission, Sequence[str]]:
        return self._host.wishes(platform_id)
