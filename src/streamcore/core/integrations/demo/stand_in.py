"""A platform under its own id: the demonstration until the streamer connects the real one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec.structs import replace

from streamcore.core.integrations.base import (
    AccountRole,
    ConnectFlow,
    Host,
    Integration,
    PlatformStatus,
    TokenFlow,
)
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.events import PlatformStateName
from streamcore.protocol.permissions import Permission

__all__ = ["StandIn"]


class StandIn(Integration):
    """Hands everything to the demonstration or, once it is wanted, to the real adapter.

    A real account that is stored wins at start. `connect` swaps the demonstration for the real
    adapter as soon as a login really begins, so a form that is still to be filled in ends nothing.
    """

    def __init__(self, host: Host, demo: Integration, real: Integration | None) -> None:
        super().__init__(host)
        self.id = demo.id
        self.name = demo.name
        self._demo = demo
        self._real = real
        self._current = demo

    @property
    def status(self) -> PlatformStatus:
        status = self._current.status
        if self._real is None or self._current is self._real:
            return status
        # What the streamer can choose is the real platform's, before the first login already.
        real = self._real.status
        return replace(status, permissions=real.permissions, bot=real.bot, options=real.options)

    @property
    def can_sign_in(self) -> bool:
        if self._current is self._demo:
            return self._real is not None
        return self._current.can_sign_in

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
        flow = await self._real.connect(values, permissions=permissions, account=account)
        if not isinstance(flow, TokenFlow) and self._current is self._demo:
            self._current = self._real
            await self._demo.disconnect()
            self._host.status_changed(self.id)
        return flow

    async def cancel(self, account: AccountRole = AccountRole.STREAMER) -> None:
        await self._current.cancel(account)

    async def disconnect(self, account: AccountRole = AccountRole.STREAMER) -> None:
        await self._current.disconnect(account)

    async def set_options(self, values: Mapping[str, bool]) -> None:
        await (self._real or self._demo).set_options(values)

    def wishes_changed(self) -> None:
        if self._real is not None:
            self._real.wishes_changed()

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        return await self._current.execute(command, sender)

    async def close(self) -> None:
        await self._demo.close()
        if self._real is not None:
            await self._real.close()
