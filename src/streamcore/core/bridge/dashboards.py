"""The sessions of the streamer's dashboards: everything that changes is pushed to them."""

from __future__ import annotations

import asyncio

import msgspec

from streamcore.core.bridge.link import Link
from streamcore.core.bridge.lossy import LossyReader
from streamcore.core.bus import Bus
from streamcore.core.clock import Clock
from streamcore.core.gatekeeper import Gatekeeper
from streamcore.core.principals import DashboardPrincipal

__all__ = ["DashboardSession", "Dashboards"]


class _OpenLog(msgspec.Struct):
    module_id: str


class DashboardSession:
    """One open dashboard."""

    allowed = frozenset({"open_log", "close_log"})

    def __init__(
        self,
        principal: DashboardPrincipal,
        link: Link,
        *,
        bus: Bus,
        clock: Clock,
        gatekeeper: Gatekeeper,
        dashboards: Dashboards,
        welcome: dict[str, object],
    ) -> None:
        self.principal = principal
        self._link = link
        self._gatekeeper = gatekeeper
        self._dashboards = dashboards
        self._welcome = welcome
        self._reader = LossyReader(bus, link, clock)
        self._logs: set[str] = set()

    async def opened(self) -> None:
        """Greet and push from now on."""
        self._link.send("welcome", self._welcome)
        self._dashboards.add(self)
        filter_, _ = self._gatekeeper.event_filter(self.principal, ())
        self._reader.listen(filter_)

    def push(self, name: str, payload: object) -> None:
        """Send a change."""
        self._link.send(name, payload)

    def push_log(self, module_id: str, line: object) -> None:
        """Send a log line if this dashboard has that log open."""
        if module_id in self._logs:
            self._link.send("log_line", {"module_id": module_id, "line": line})

    def handle_now(self, name: str, payload: msgspec.Raw) -> bool:
        """Nothing of a dashboard is urgent enough."""
        return False

    def handle(self, name: str, payload: msgspec.Raw) -> object | None:
        """Open or close the tail of a module's log."""
        try:
            module_id = msgspec.json.decode(payload, type=_OpenLog).module_id
        except msgspec.DecodeError:
            return {"ok": False}
        if name == "open_log":
            self._logs.add(module_id)
        else:
            self._logs.discard(module_id)
        return {"ok": True}

    def end(self, reason: str) -> None:
        """Cut the dashboard off (its session was revoked)."""
        self._link.close(reason)

    def closed(self, reason: str) -> None:
        """The connection is gone."""
        self._dashboards.remove(self)
        self._reader.close()


class Dashboards:
    """The open dashboards."""

    def __init__(self) -> None:
        self._sessions: set[DashboardSession] = set()
        self.watched = asyncio.Event()
        """Set while at least one is open."""

    def __len__(self) -> int:
        return len(self._sessions)

    def add(self, session: DashboardSession) -> None:
        """A dashboard connected."""
        self._sessions.add(session)
        self.watched.set()

    def remove(self, session: DashboardSession) -> None:
        """A dashboard went."""
        self._sessions.discard(session)
        if not self._sessions:
            self.watched.clear()

    def push(self, name: str, payload: object) -> None:
        """Send a change to all of them."""
        for session in tuple(self._sessions):
            session.push(name, payload)

    def push_log(self, module_id: str, line: object) -> None:
        """Send a log line to those that have the log open."""
        for session in tuple(self._sessions):
            session.push_log(module_id, line)
