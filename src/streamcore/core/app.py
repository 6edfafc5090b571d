"""Composition root: builds the parts behind the front, starts them in order, ends in reverse."""

from __future__ import annotations

import asyncio
import logging
import platform as system_platform
import random
import socket
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack

import streamcore
from streamcore.core.audit import Audit, AuditRow
from streamcore.core.background import Background
from streamcore.core.bridge.bridge import Bridge, BridgeServices
from streamcore.core.bus import Bus
from streamcore.core.clock import Clock
from streamcore.core.config import Settings
from streamcore.core.consents import Consents
from streamcore.core.errors import CommandError
from streamcore.core.gatekeeper import Denial, Gatekeeper
from streamcore.core.idempotency import Idempotency
from streamcore.core.integration_host import IntegrationHost
from streamcore.core.integrations.registry import Registry
from streamcore.core.journal import Journal
from streamcore.core.journal.pruning import keep_pruning
from streamcore.core.journal.upkeep import Upkeep
from streamcore.core.loader import Loader
from streamcore.core.logs import LogLine, ModuleLogs
from streamcore.core.module_data import ModuleData
from streamcore.core.module_launch import ModuleLaunch, compile_sdk, host_command, host_paths
from streamcore.core.modules import Modules
from streamcore.core.modules.record import SandboxRecord
from streamcore.core.notes import Notes
from streamcore.core.principals import DashboardPrincipal, ModulePrincipal
from streamcore.core.process import TcpLink, make_launcher
from streamcore.core.realtime.http import HttpServer
from streamcore.core.realtime.realtime import Realtime
from streamcore.core.realtime.tokens import LaunchTokens
from streamcore.core.routed import RoutedPlatforms
from streamcore.core.router import Router
from streamcore.core.secrets import SecretStore, open_secrets
from streamcore.core.server import Server, Services, build_app
from streamcore.core.sessions import Sessions
from streamcore.core.simulator import Simulator
from streamcore.core.store import Store
from streamcore.core.store.health import StorageState
from streamcore.core.supervisor import Supervisor
from streamcore.core.usage import UsageMeter
from streamcore.core.view_keys import ViewKeys
from streamcore.protocol.commands import SendChat
from streamcore.protocol.events import Event
from streamcore.protocol.ids import new_id

__all__ = ["App"]

log = logging.getLogger(__name__)

MODULES_STOP_S = 5.0
DEFAULT_TEST_PLATFORM = "simulator"


class App:
    """All of the core but its front; `start` returns when it works, `stop` when it has ended."""

    def __init__(
        self,
        settings: Settings,
        *,
        store: Store,
        sessions: Sessions,
        http: HttpServer,
        clock: Clock,
        stop: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._store = store
        self._sessions = sessions
        self._http = http
        self._request_stop = stop
        self._clock = clock
        self._stack = AsyncExitStack()
        self._started_at = self._clock.now()
        self._boot_id = new_id()
        self._platform_states: dict[str, tuple[object, ...]] = {}

    @property
    def server(self) -> Server:
        """Return what answers requests, once the app has started."""
        return self._server

    async def start(self) -> None:
        """Build everything and begin; raises StartError."""
        await self._open_storage()
        self._build_gate()
        self._build_modules()
        self._build_server()
        self._begin()

    async def stop(self) -> None:
        """End everything in the reverse order of its start."""
        await self._stack.aclose()

    # --- the parts, from the ground up ------------------------------------------------------

    async def _open_storage(self) -> None:
        home, clock = self._settings.home, self._clock
        self._bus = Bus()
        self._journal = Journal(self._store, clock, self._bus.publish, self._bus.wait_s)
        await self._journal.open()
        self._stack.push_async_callback(self._journal.close)
        self._audit = Audit(self._store, clock, self._on_audit)
        self._stack.push_async_callback(self._audit.flush)
        if self._store.health.status.state is StorageState.REBUILT:
            detail = self._store.health.status.detail
            self._audit.record("action", command="rebuild_database", detail=detail)
        self._consents = Consents(self._store)
        await self._consents.load()
        self._view_keys = ViewKeys(self._store)
        await self._view_keys.load()
        self._data = ModuleData(self._store)
        self._module_logs = ModuleLogs(home.module_logs, clock, self._on_log_line)
        self._stack.callback(self._module_logs.close)
        self._secrets: SecretStore = await open_secrets(home, keyring=self._settings.keyring)

    def _build_gate(self) -> None:
        self._gatekeeper = Gatekeeper(self._on_denial)
        host = IntegrationHost(
            self._journal,
            self._secrets,
            Notes(self._store),
            self._gatekeeper,
            self._clock,
            self._on_platform_changed,
        )
        self._registry = Registry(host, self._settings)
        self._gatekeeper.on_change(lambda _: self._registry.wishes_changed())
        self._platforms = RoutedPlatforms(self._registry)
        self._router = Router(self._platforms.find, self._platforms.everyone)
        self._simulator = Simulator(self._journal.append, self._test_platform, self._clock)

    def _build_modules(self) -> None:
        settings, clock = self._settings, self._clock
        self._tokens = LaunchTokens()
        self._launcher = launcher = make_launcher(
            host_command(), self._accept_link, self._issue_token, preload=host_paths()
        )
        self._sandbox = SandboxRecord(level=launcher.level, launcher=launcher.name)
        self._supervisor = Supervisor(
            launcher,
            clock=clock,
            on_change=lambda module_id: self._modules.process_changed(module_id),
            request_shutdown=lambda *order: self._bridge.request_shutdown(*order),
            write_log=self._module_logs.write,
            random=random.Random(),  # noqa: S311 - spreads restarts, keeps no secret
        )
        self._bridge = Bridge(
            BridgeServices(
                bus=self._bus,
                journal=self._journal,
                gatekeeper=self._gatekeeper,
                router=self._router,
                store=self._data,
                idempotency=Idempotency(self._store, clock),
                directory=lambda: self._modules,
                platforms=self._platforms.everyone,
                write_log=self._module_logs.write,
                resume_token=self._tokens.resume,
                is_current=self._supervisor.is_current,
                module_ready=self._supervisor.mark_ready,
                module_unresponsive=self._supervisor.ping_failed,
                clock=clock,
                boot_id=self._boot_id,
                version=streamcore.__version__,
            )
        )
        self._usage = UsageMeter(
            watched=self._bridge.dashboards.watched,
            measure=self._supervisor.measure,
            running=self._running_modules,
            counts=self._bridge.counts,
            push=lambda usage: self._bridge.dashboards.push("usage", usage),
            clock=clock,
        )
        self._store.health.watch(lambda status: self._bridge.dashboards.push("storage", status))
        self._loader = Loader(
            [("user", settings.home.modules), ("bundled", settings.bundled_modules)],
            on_change=lambda found: self._modules.refresh(found),
            clock=clock,
        )
        self._modules = Modules(
            consents=self._consents,
            gatekeeper=self._gatekeeper,
            supervisor=self._supervisor,
            data=self._data,
            secrets=self._secrets,
            audit=self._audit,
            bridge_hooks=self,
            clock=clock,
            on_change=lambda records: self._bridge.dashboards.push("modules", records),
            make_spec=ModuleLaunch(settings.home).spec,
            data_root=settings.home.module_data,
            trash=settings.home.root / "trash",
            sandbox=self._sandbox,
        )

    def _build_server(self) -> None:
        self._realtime = Realtime(
            self._bridge,
            tokens=self._tokens,
            check_session=self._sessions.check,
            check_view_key=self._view_keys.check,
            is_current=self._supervisor.is_current,
            on_offence=self._on_offence,
            clock=self._clock,
        )
        services = Services(
            modules=self._modules,
            journal=self._journal,
            platforms=self._registry,
            audit=self._audit,
            sessions=self._sessions,
            view_keys=self._view_keys,
            logs=self._module_logs,
            simulator=self._simulator,
            system=self._system,
            send_chat=self._send_chat,
            stop=self._request_stop,
            disconnect=self._realtime.disconnect,
            static_dir=self._settings.static_dir,
            boot_id=self._boot_id,
            allowed_hosts=self._http.own_hosts,
        )
        self._server: Server = build_app(
            services, self._realtime.module_app, self._realtime.overlay_app, defer_api=True
        )
        self._stack.push_async_callback(self._http.stop)
        self._stack.push_async_callback(self._realtime.close)
        self._stack.push_async_callback(self._end_modules)
        self._stack.push_async_callback(self._registry.close)

    def _begin(self) -> None:
        """Start what goes on by itself."""
        background = Background(self._clock)
        self._stack.push_async_exit(background)
        if self._consents.any_enabled:
            background.once("modules' origin", self._launcher.prepare())
        background.once("modules' interpreter", asyncio.to_thread(compile_sdk))
        background.keep("modules' folders", self._loader.run)
        background.once("platforms", self._registry.start())
        background.once("secrets", self._secrets.unlock())
        background.keep("usage", self._usage.run)
        background.keep("modules' health", self._bridge.run_health)
        background.keep("log's retention", self._prune)
        background.keep("database's upkeep", Upkeep(self._store, self._clock, self._on_damage).run)
        self._background = background

    # --- what the parts tell each other -----------------------------------------------------

    async def _end_modules(self) -> None:
        await self._modules.close()
        await self._supervisor.close(MODULES_STOP_S)

    async def _prune(self) -> None:
        await keep_pruning(self._journal.prune, lambda: self._journal.head, self._clock)

    def _on_damage(self, what: str) -> None:
        self._audit.record("action", command="check_database", detail=what)

    def _on_audit(self, row: AuditRow) -> None:
        self._bridge.dashboards.push("audit", [row])

    def _on_log_line(self, module_id: str, line: LogLine) -> None:
        self._bridge.dashboards.push_log(module_id, line)

    def _on_denial(self, denial: Denial) -> None:
        principal = denial.principal
        self._audit.record(
            "denied",
            module_id=None if isinstance(principal, DashboardPrincipal) else principal.module_id,
            command=denial.command,
            permission=denial.permission,
            detail=denial.message,
        )

    def _on_offence(self, who: str, what: str) -> None:
        module_id = who.removeprefix("module:") if who.startswith("module:") else None
        self._audit.record("denied", module_id=module_id, detail=f"{who}: {what}")

    def _on_platform_changed(self, platform_id: str) -> None:
        integration = self._registry.get(platform_id)
        if integration is None:
            return
        self._bridge.dashboards.push("platforms", self._registry.platforms())
        # Much of a record (rights, options, health) is the streamer's alone and no news to modules.
        event = integration.state_event()
        told = (event.state, event.reason, event.account)
        if self._platform_states.get(platform_id) != told:
            self._platform_states[platform_id] = told
            self._background.once("platform state", self._log_state(event))

    async def _log_state(self, event: Event) -> None:
        await self._journal.append([event])

    # --- what the modules' decisions need of those who are connected -------------------------

    async def settings_changed(self, module_id: str) -> None:
        """Tell a running module and its open pages their new settings."""
        await self._bridge.settings_changed(module_id)

    def counters(self, module_id: str) -> tuple[float, float]:
        """Return events and commands a second."""
        return self._usage.rates(module_id)

    def end_pages(self, module_id: str, view_id: str | None, reason: str) -> None:
        """Cut off a module's open pages, or those of one view; they come back by themselves."""
        self._bridge.end_pages(module_id, view_id, reason)

    def forget(self, module_id: str) -> None:
        """A module was removed: its pages end, their addresses are void, so is its cursor."""
        self._bridge.end_pages(module_id, None, "the module was removed")
        self._journal.forget_cursor(module_id)
        self._background.once("view keys", self._view_keys.forget(module_id))

    # --- small services ----------------------------------------------------------------------

    def _running_modules(self) -> dict[str, tuple[float, float]]:
        return {
            module_id: (status.cpu_percent, status.rss_mb)
            for module_id, status in self._supervisor.statuses().items()
            if status.pid is not None
        }

    def _test_platform(self) -> str:
        return next((each.id for each in self._registry.all()), DEFAULT_TEST_PLATFORM)

    async def _accept_link(self, connection: socket.socket, principal: ModulePrincipal) -> None:
        await self._http.serve_socket(connection, principal)

    def _issue_token(self, principal: ModulePrincipal) -> TcpLink:
        return TcpLink("127.0.0.1", self._http.port, self._tokens.issue(principal))

    async def _send_chat(self, msg: str, target: str) -> Mapping[str, object]:
        """Write as the streamer and return an answer for each platform."""
        command = SendChat(msg=msg, target=target)
        if target == "all":
            return await self._router.execute_everywhere(command, "dashboard", None)
        try:
            result = await self._router.execute(command, sender="dashboard", platforms=None)
            return {target: {"ok": True, "result": result}}
        except CommandError as error:
            return {target: {"ok": False, "error": error.body}}

    def _system(self) -> Mapping[str, object]:
        uptime = self._clock.now() - self._started_at
        return {
            "version": streamcore.__version__,
            "boot_id": self._boot_id,
            "started_at": self._started_at,
            "uptime_s": round(uptime.total_seconds(), 1),
            "home": str(self._settings.home.root),
            "platform": system_platform.platform(),
            "python": system_platform.python_version(),
            "sandbox": {"level": self._sandbox.level, "launcher": self._sandbox.launcher},
            "secrets": {"backend": self._secrets.backend, "warning": self._secrets.warning},
            "demo": self._settings.demo,
            **self._usage.core,
            "connections": dict(self._realtime.stats.connections),
            "events": {"head": self._journal.head},
            "storage": self._store.health.status,
        }
