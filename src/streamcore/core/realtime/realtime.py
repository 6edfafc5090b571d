"""Everything that speaks Socket.IO, as one object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from streamcore.core.clock import Clock
from streamcore.core.principals import DashboardPrincipal, ModulePrincipal, Principal, ViewPrincipal
from streamcore.core.realtime.channel import ChannelServices
from streamcore.core.realtime.engines import ASGIApp, SocketApp
from streamcore.core.realtime.identify import DASHBOARD, MODULE, VIEW, Identify, Sessions
from streamcore.core.realtime.limits import LinkLimits
from streamcore.core.realtime.offences import Offences
from streamcore.core.realtime.parties import Parties
from streamcore.core.realtime.tasks import OwnedTasks
from streamcore.core.realtime.tokens import LaunchTokens

__all__ = ["Realtime", "RealtimeStats"]


@dataclass(frozen=True, slots=True)
class RealtimeStats:
    """A look at the connections; `offences` counts by kind since the start."""

    connections: Mapping[str, int]
    """By namespace; "" for those that have not joined one yet."""
    cut: int
    offences: Mapping[str, int]


class Realtime:
    """Two guarded Socket.IO servers between the network and the bridge."""

    def __init__(
        self,
        bridge: Sessions,
        *,
        tokens: LaunchTokens,
        check_session: Callable[[str], DashboardPrincipal | None],
        check_view_key: Callable[[str], ViewPrincipal | None],
        is_current: Callable[[ModulePrincipal], bool],
        on_offence: Callable[[str, str], None],
        clock: Clock,
        limits: LinkLimits | None = None,
    ) -> None:
        limits = limits or LinkLimits()
        self._tasks = OwnedTasks()
        self._offences = Offences(on_offence, clock)
        services = ChannelServices(
            Parties(limits, clock), self._offences, self._tasks, limits, clock
        )
        identify = Identify(
            bridge,
            tokens=tokens,
            check_session=check_session,
            check_view_key=check_view_key,
            is_current=is_current,
        )
        self._modules = SocketApp(
            frozenset({MODULE, DASHBOARD}), identify, services, opaque_origin=False
        )
        self._pages = SocketApp(frozenset({VIEW}), identify, services, opaque_origin=True)

    @property
    def module_app(self) -> ASGIApp:
        """The server under `/socket.io/`: modules and dashboards."""
        return self._modules

    @property
    def overlay_app(self) -> ASGIApp:
        """The server under `/overlay-io/`: pages, whose origin may be opaque."""
        return self._pages

    @property
    def stats(self) -> RealtimeStats:
        """Return the numbers of this moment."""
        channels = self._modules.server.channels() + self._pages.server.channels()
        connections = Counter(
            channel.link.namespace if channel.link is not None else "" for channel in channels
        )
        return RealtimeStats(connections, self._offences.cuts, dict(self._offences.counts))

    def disconnect(self, principal: Principal) -> None:
        """Drop every connection of somebody whose right to be here has ended."""
        for app in (self._modules, self._pages):
            for channel in app.server.channels():
                if principal in (channel.principal, channel.inherited):
                    channel.drop("withdrawn")

    async def close(self) -> None:
        """End all connections and the work they started."""
        await self._modules.close()
        await self._pages.close()
        await self._tasks.close()
