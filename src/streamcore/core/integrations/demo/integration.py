"""The stand-in for a platform: plays the invented stream and takes commands like a real one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping

from streamcore.core.errors import CommandError, StorageError
from streamcore.core.integrations.base import (
    AccountRole,
    Connected,
    ConnectFlow,
    Host,
    Integration,
    PlatformStatus,
    Words,
    capabilities,
)
from streamcore.core.integrations.demo.actions import SUPPORTED, act
from streamcore.core.integrations.demo.play import Flavour, open_stage
from streamcore.core.integrations.demo.stage import Stage
from streamcore.core.integrations.demo.words import FAULT, not_logged
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import Account, PlatformStateName, StreamOffline
from streamcore.protocol.permissions import Permission

__all__ = ["ACCOUNT_NAME", "DEFAULT_SEED", "DemoIntegration"]

ACCOUNT_NAME = "Demo stream"
DEFAULT_SEED = 1
MIN_RATE_PER_S, MAX_RATE_PER_S = 0.1, 5000.0
_BATCH_S = 0.02
_MAX_LAG_S = 1.0
_RETRY_S = 1.0

_log = logging.getLogger(__name__)


class DemoIntegration(Integration):
    """An invented stream under a platform's own id; everything it says is marked as a test.

    Events of one moment are published together, so that thousands a second cost no more
    round trips than fifty. When the log is slower than the play, the play waits.
    """

    def __init__(
        self, host: Host, flavour: Flavour, *, rate_per_s: float, seed: int = DEFAULT_SEED
    ) -> None:
        super().__init__(host)
        self.id = flavour.id
        self.name = flavour.name
        self._flavour = flavour
        self._rate_per_s = min(max(rate_per_s, MIN_RATE_PER_S), MAX_RATE_PER_S)
        self._seed = seed
        self._stage: Stage | None = None
        self._began_s = 0.0
        self._player: asyncio.Task[None] | None = None

    async def start(self) -> None:
        if self._player is not None:
            return
        now = self._host.clock.now()
        self._stage = open_stage(
            self._flavour,
            seed=self._seed,
            rate_per_s=self._rate_per_s,
            run=f"{int(now.timestamp() * 1000):x}",
            started_at=now,
        )
        self._began_s = self._host.clock.monotonic()
        self._become(self._connected())
        self._player = asyncio.create_task(self._play(self._stage), name=f"demo {self.id}")
        self._player.add_done_callback(self._ended)

    async def connect(
        self,
        values: Mapping[str, str] | None = None,
        *,
        permissions: Collection[Permission] | None = None,
        account: AccountRole = AccountRole.STREAMER,
    ) -> ConnectFlow:
        await self.start()
        return Connected()

    async def disconnect(self, account: AccountRole = AccountRole.STREAMER) -> None:
        if account is not AccountRole.STREAMER:
            return
        stage = self._stage
        await self.close()
        if stage is not None:
            try:
                await self._publish([StreamOffline(**stage.base())])
            except StorageError as error:
                _log.warning("%s: the end of the demonstration is not logged: %s", self.id, error)
        self._become(PlatformStatus())

    async def close(self) -> None:
        player, self._player, self._stage = self._player, None, None
        if player is not None:
            player.cancel()
            await asyncio.gather(player, return_exceptions=True)

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        stage = self._stage
        if stage is None:
            raise CommandError(
                ErrorCode.PLATFORM_NOT_CONNECTED,
                f"The demonstration of {self.name} has ended: connect it again.",
            )
        earlier = stage.until(max(stage.now_s, self._elapsed_s()))
        try:
            result = act(stage, command)
        finally:
            await self._publish([*earlier, *stage.until(stage.now_s)])
        return result

    async def _play(self, stage: Stage) -> None:
        clock = self._host.clock
        while (due_s := stage.next_due_s()) is not None:
            wait_s = max(due_s - self._elapsed_s(), _BATCH_S)
            await clock.sleep(wait_s)
            late_s = self._elapsed_s() - max(stage.now_s, due_s)
            if late_s > _MAX_LAG_S:
                stage.skip(late_s)
            try:
                await self._publish(stage.until(max(stage.now_s, self._elapsed_s())))
            except StorageError as error:
                self._become(_degraded(self._connected(), not_logged(error)))
                await clock.sleep(_RETRY_S)
            else:
                self._become(self._connected())

    def _ended(self, player: asyncio.Task[None]) -> None:
        if not player.cancelled() and (error := player.exception()) is not None:
            _log.error("%s: the demonstration stopped by a fault", self.id, exc_info=error)
            self._become(PlatformStatus(reason=FAULT))

    def _elapsed_s(self) -> float:
        return self._host.clock.monotonic() - self._began_s

    def _connected(self) -> PlatformStatus:
        return PlatformStatus(
            state=PlatformStateName.CONNECTED,
            account=Account(id=f"demo-{self.id}", name=ACCOUNT_NAME),
            capabilities=capabilities(*SUPPORTED),
        )


def _degraded(status: PlatformStatus, reason: Words) -> PlatformStatus:
    return PlatformStatus(
        state=PlatformStateName.DEGRADED,
        reason=reason,
        account=status.account,
        capabilities=status.capabilities,
    )
