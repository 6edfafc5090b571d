"""Makes a session for every party that connects, and tells sessions what changed in the core."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from streamcore.core.bridge.commands import CommandRunner, Idempotency
from streamcore.core.bridge.dashboards import Dashboards, DashboardSession
from streamcore.core.bridge.delivery import DeliveryLog, DeliveryServices
from streamcore.core.bridge.directory import ModuleDirectory
from streamcore.core.bridge.link import Link
from streamcore.core.bridge.module_session import ModuleSession, ModuleSessionServices
from streamcore.core.bridge.own_commands import ModuleStore, OwnCommandRunner, platform_infos
from streamcore.core.bridge.pages import OpenPages, ViewSession
from streamcore.core.bus import Bus
from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.core.gatekeeper import Gatekeeper
from streamcore.core.principals import DashboardPrincipal, ModulePrincipal, ViewPrincipal
from streamcore.core.router import Platform, Router
from streamcore.protocol import PROTOCOL_VERSION
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import Event
from streamcore.protocol.frames import ModuleAuth, StateValue, ViewAuth, ViewWelcome, Welcome

__all__ = ["Bridge", "BridgeServices"]

HEALTH_PERIOD_S = 5.0
MISSES_ALLOWED = 1
ABSENCES_ALLOWED = 2
"""Looks at a process without a connection; the SDK tries again at the latest after five seconds."""


class _Journal(DeliveryLog, Protocol):
    async def append(self, events: Sequence[Event]) -> Sequence[Event | None]: ...

    async def cursor(self, module_id: str) -> int | None: ...

    async def begin_cursor(self, module_id: str, seq: int) -> None: ...


class _Store(ModuleStore, Protocol):
    async def state_all(self, module_id: str) -> dict[str, StateValue]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeServices:
    """The parts of the core that the bridge stands on."""

    bus: Bus
    journal: _Journal
    gatekeeper: Gatekeeper
    router: Router
    store: _Store
    idempotency: Idempotency
    directory: Callable[[], ModuleDirectory]
    platforms: Callable[[], Iterable[Platform]]
    write_log: Callable[[str, str, str, str], None]
    resume_token: Callable[[ModulePrincipal], str]
    is_current: Callable[[ModulePrincipal], bool]
    module_ready: Callable[[ModulePrincipal], None]
    module_unresponsive: Callable[[ModulePrincipal], None]
    clock: Clock
    boot_id: str
    version: str


class Bridge:
    """The one place that knows who is connected."""

    def __init__(self, services: BridgeServices) -> None:
        self._services = services
        self._modules: dict[str, ModuleSession] = {}
        self._past_counts: dict[str, tuple[int, int]] = {}
        self._absences: dict[ModulePrincipal, int] = {}
        self.pages = OpenPages()
        self.dashboards = Dashboards()
        own = OwnCommandRunner(
            store=services.store,
            pages=self.pages,
            directory=services.directory,
            gatekeeper=services.gatekeeper,
            platforms=services.platforms,
            append=services.journal.append,
            call_module=self.call_module,
            write_log=services.write_log,
            clock=services.clock,
        )
        commands = CommandRunner(
            services.gatekeeper, services.router, own.run, services.idempotency
        )
        self._module_services = ModuleSessionServices(
            delivery=DeliveryServices(services.bus, services.journal, services.clock),
            commands=commands,
            gatekeeper=services.gatekeeper,
            welcome=self._module_welcome,
            catch_up=self._catch_up,
            is_ready=self._module_is_ready,
            gone=self._module_gone,
        )
        services.gatekeeper.on_change(self._grants_changed)

    # --- who connects ---------------------------------------------------------------------

    def module_session(
        self, principal: ModulePrincipal, auth: ModuleAuth, link: Link
    ) -> ModuleSession:
        """Accept a module; a second connection of the same process replaces the first."""
        _check_protocol(auth.protocol)
        if not self._services.is_current(principal):
            message = "This process was replaced by a newer one."
            raise CommandError(ErrorCode.CONFLICT, message)
        if self._services.gatekeeper.grants(principal.module_id) is None:
            message = "The streamer has not allowed this module to run."
            raise CommandError(ErrorCode.PERMISSION_DENIED, message)
        session = ModuleSession(principal, link, self._module_services)
        former = self._modules.get(principal.module_id)
        self._modules[principal.module_id] = session
        self._absences.pop(principal, None)
        if former is not None:
            self._keep_counts(former)
            former.closed("replaced")
            former.end("replaced by a newer connection")
        return session

    def view_session(self, principal: ViewPrincipal, auth: ViewAuth, link: Link) -> ViewSession:
        """Accept a module's page."""
        _check_protocol(auth.protocol)
        return ViewSession(
            principal,
            link,
            bus=self._services.bus,
            clock=self._services.clock,
            gatekeeper=self._services.gatekeeper,
            pages=self.pages,
            welcome=self._view_welcome,
            call=self.call_module,
        )

    def dashboard_session(self, principal: DashboardPrincipal, link: Link) -> DashboardSession:
        """Accept a dashboard."""
        return DashboardSession(
            principal,
            link,
            bus=self._services.bus,
            clock=self._services.clock,
            gatekeeper=self._services.gatekeeper,
            dashboards=self.dashboards,
            welcome={"version": self._services.version, "boot_id": self._services.boot_id},
        )

    # --- what the core tells ---------------------------------------------------------------

    def request_shutdown(self, module_id: str, deadline_ms: int) -> None:
        """Ask a module to end by itself."""
        session = self._modules.get(module_id)
        if session is not None:
            session.shutdown(deadline_ms)

    async def settings_changed(self, module_id: str) -> None:
        """Tell a module its new settings, and its pages theirs (without secrets)."""
        directory = self._services.directory()
        session = self._modules.get(module_id)
        if session is not None:
            session.settings_changed(await directory.module_settings(module_id))
        if self.pages.of(module_id):
            settings = await directory.view_settings(module_id)
            self.pages.send(module_id, "settings", {"settings": settings})

    def module_running(self, module_id: str, *, running: bool) -> None:
        """Tell a module's pages whether it runs."""
        self.pages.send(module_id, "module", {"running": running})

    async def call_module(
        self, module_id: str, name: str, args: dict[str, object], caller: str
    ) -> object:
        """Call a handler of a running module; raises CommandError."""
        session = self._modules.get(module_id)
        if session is None:
            message = f"The module '{module_id}' is not running."
            raise CommandError(ErrorCode.NOT_FOUND, message)
        return await session.call(name, args, caller)

    def end_pages(self, module_id: str, view_id: str | None, reason: str) -> None:
        """Cut off the pages of a module, or of one view of it."""
        for page in self.pages.of(module_id):
            if view_id is None or page.principal.view_id == view_id:
                page.end(reason)

    def counts(self, module_id: str) -> tuple[int, int]:
        """Return how many events a module got and how many commands it sent since the start."""
        events, commands = self._past_counts.get(module_id, (0, 0))
        session = self._modules.get(module_id)
        if session is None:
            return events, commands
        return events + session.delivered, commands + session.commands

    async def run_health(self) -> None:
        """Ask every module now and then whether its loop still turns; two misses are reported.

        So is a process that stays away: one that hangs under load is cut off by its full socket.
        """
        misses: dict[ModulePrincipal, int] = {}
        clock = self._services.clock
        while True:
            asleep_since, monotonic = clock.now(), clock.monotonic()
            await clock.sleep(HEALTH_PERIOD_S)
            sessions = tuple(self._modules.values())
            answers = await asyncio.gather(*(session.ping() for session in sessions))
            if _clock_jumped(clock, asleep_since, monotonic):
                # The computer slept: nobody is to blame for a late answer.
                misses.clear()
                self._absences = dict.fromkeys(self._absences, 0)
                continue
            for session, is_alive in zip(sessions, answers, strict=True):
                self._count_miss(misses, session.principal, MISSES_ALLOWED, is_miss=not is_alive)
            for principal in tuple(self._absences):
                is_away = self._services.is_current(principal)
                self._count_miss(self._absences, principal, ABSENCES_ALLOWED, is_miss=is_away)

    def _count_miss(
        self,
        counts: dict[ModulePrincipal, int],
        who: ModulePrincipal,
        allowed: int,
        *,
        is_miss: bool,
    ) -> None:
        number = counts.pop(who, 0) + 1
        if is_miss and number > allowed:
            self._services.module_unresponsive(who)
        elif is_miss:
            counts[who] = number

    # --- what sessions ask -----------------------------------------------------------------

    async def _module_welcome(self, principal: ModulePrincipal) -> Welcome:
        services, module_id = self._services, principal.module_id
        grants = services.gatekeeper.grants(module_id)
        directory = services.directory()
        cursor = await services.journal.cursor(module_id)
        if cursor is None:
            # A module that never ran starts at now; from here on it has a cursor to lose.
            cursor = services.journal.head
            await services.journal.begin_cursor(module_id, cursor)
        platforms = grants.platforms if grants is not None else frozenset[str]()
        return Welcome(
            module_id=module_id,
            granted=tuple(sorted(grants.permissions)) if grants is not None else (),
            denied=tuple(sorted(grants.denied)) if grants is not None else (),
            settings=await directory.module_settings(module_id),
            state=await services.store.state_all(module_id),
            platforms=platform_infos(services.platforms(), platforms),
            cursor=cursor,
            resume_token=services.resume_token(principal),
            protocol=PROTOCOL_VERSION,
            data_dir=str(directory.data_dir(module_id)),
        )

    async def _view_welcome(self, principal: ViewPrincipal) -> ViewWelcome:
        services, module_id = self._services, principal.module_id
        grants = services.gatekeeper.grants(module_id)
        directory = services.directory()
        platforms = grants.platforms if grants is not None else frozenset[str]()
        return ViewWelcome(
            module_id=module_id,
            view_id=principal.view_id,
            granted=tuple(sorted(grants.permissions)) if grants is not None else (),
            settings=await directory.view_settings(module_id),
            state=await services.store.state_all(module_id),
            platforms=platform_infos(services.platforms(), platforms),
            module_running=module_id in self._modules,
            boot_id=services.boot_id,
            digest=directory.digest(module_id),
            protocol=PROTOCOL_VERSION,
        )

    def _catch_up(self, module_id: str) -> frozenset[str]:
        manifest = self._services.directory().manifest(module_id)
        return frozenset(manifest.catch_up) if manifest is not None else frozenset()

    def _module_is_ready(self, principal: ModulePrincipal) -> None:
        self._services.module_ready(principal)
        self.module_running(principal.module_id, running=True)

    def _module_gone(self, session: ModuleSession) -> None:
        module_id = session.principal.module_id
        if self._modules.get(module_id) is session:
            self._keep_counts(session)
            del self._modules[module_id]
            self._absences[session.principal] = 0
            self.module_running(module_id, running=False)

    def _keep_counts(self, session: ModuleSession) -> None:
        module_id = session.principal.module_id
        events, commands = self._past_counts.get(module_id, (0, 0))
        self._past_counts[module_id] = (
            events + session.delivered,
            commands + session.commands,
        )

    def _grants_changed(self, module_id: str) -> None:
        session = self._modules.get(module_id)
        if session is not None:
            session.grants_changed()
        for page in self.pages.of(module_id):
            page.grants_changed()


def _check_protocol(number: int) -> None:
    if number != PROTOCOL_VERSION:
        message = f"This core speaks protocol {PROTOCOL_VERSION}; found {number}. Update the SDK."
        raise CommandError(ErrorCode.INVALID_COMMAND, message)


def _clock_jumped(clock: Clock, wall: datetime, monotonic: float) -> bool:
    walls = (clock.now() - wall).total_seconds()
    return abs(walls - (clock.monotonic() - monotonic)) > HEALTH_PERIOD_S
