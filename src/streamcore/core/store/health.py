"""How the database stands, as the dashboard shows it: can it be written, and if not, why."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

import msgspec

from streamcore.core.clock import Clock

__all__ = ["Health", "StorageState", "StorageStatus"]

log = logging.getLogger(__name__)


class StorageState(StrEnum):
    """`rebuilt`: the database was damaged, is kept aside, and this start began a new one."""

    OK = "ok"
    DISK_FULL = "disk_full"
    FAILING = "failing"
    REBUILT = "rebuilt"


class StorageStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How the database stands; `detail` is a sentence for the streamer, empty while it is ok."""

    state: StorageState = StorageState.OK
    since: datetime | None = None
    detail: str = ""

    @property
    def is_writable(self) -> bool:
        """Tell whether everything can be written: also chat, and without the reserve."""
        return self.state in (StorageState.OK, StorageState.REBUILT)


class Health:
    """The present status and those who want to hear of the next; lives on the loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._watchers: list[Callable[[StorageStatus], None]] = []
        self._normal = StorageStatus()
        self.status = self._normal
        self.reason = ""
        """What was the matter the last time that something could not be written."""

    def watch(self, watcher: Callable[[StorageStatus], None]) -> None:
        """Call `watcher` with each new status."""
        self._watchers.append(watcher)

    def rebuilt(self, detail: str) -> None:
        """The database was begun anew: the streamer reads that whenever nothing is worse."""
        self._normal = StorageStatus(
            state=StorageState.REBUILT, since=self._clock.now(), detail=detail
        )
        if self.status.is_writable:
            self._become(self._normal)

    def failed(self, state: StorageState, detail: str) -> None:
        """A transaction failed as a whole."""
        now = self.status
        if (now.state, now.detail) == (state, detail):
            return
        log.error("%s", detail)
        self.reason = detail
        since = self._clock.now() if now.is_writable else now.since
        self._become(StorageStatus(state=state, since=since, detail=detail))

    def works(self) -> None:
        """Everything can be written again."""
        if not self.status.is_writable:
            log.info("the database can be written again")
            self._become(self._normal)

    def _become(self, status: StorageStatus) -> None:
        self.status = status
        for watcher in self._watchers:
            watcher(status)
