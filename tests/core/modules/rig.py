"""A modules' service on a real home and a real supervisor; only the processes are pretended."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from streamcore.bundle import Bundle, read_bundle
from streamcore.core.audit import Audit, AuditRow
from streamcore.core.clock import SystemClock
from streamcore.core.config import Home
from streamcore.core.consents import Consents
from streamcore.core.gatekeeper import Denial, Gatekeeper
from streamcore.core.loader import Found, Source
from streamcore.core.module_data import ModuleData
from streamcore.core.modules import Modules, SandboxRecord
from streamcore.core.principals import ModulePrincipal
from streamcore.core.process import (
    Exit,
    Launcher,
    LaunchSpec,
    ModuleProcess,
    OutputSink,
    Usage,
)
from streamcore.core.run_status import ModuleState
from streamcore.core.secrets import SecretStore, open_secrets
from streamcore.core.store import Store
from streamcore.core.supervisor import Supervisor

__all__ = ["Rig", "edit_manifest", "eventually", "open_rig", "write_module"]


class PretendedProcess(ModuleProcess):
    """Lives until somebody ends it."""

    def __init__(self, pid: int, spec: LaunchSpec) -> None:
        self.pid = pid
        self.spec = spec
        self._end: asyncio.Future[Exit] = asyncio.get_running_loop().create_future()

    @property
    def is_alive(self) -> bool:
        return not self._end.done()

    def end(self, code: int) -> None:
        if self.is_alive:
            self._end.set_result(Exit(code))

    async def wait(self) -> Exit:
        return await asyncio.shield(self._end)

    def terminate(self) -> None:
        self.end(0)

    def kill(self) -> None:
        self.end(0)

    def usage(self) -> Usage:
        return Usage(1.5, 20.0)


class PretendingLauncher(Launcher):
    """Remembers every process that it was asked for."""

    name = "pretended"
    level = "S0"

    def __init__(self) -> None:
        self.processes: list[PretendedProcess] = []
        self._pids = itertools.count(1000)

    async def launch(self, spec: LaunchSpec, on_output: OutputSink) -> ModuleProcess:
        process = PretendedProcess(next(self._pids), spec)
        self.processes.append(process)
        return process

    async def close(self) -> None:
        for process in self.processes:
            process.kill()

    def living(self, module_id: str) -> list[PretendedProcess]:
        return [
            each for each in self.processes if each.spec.module_id == module_id and each.is_alive
        ]


class RecordingHooks:
    """The bridge's part, written down."""

    def __init__(self) -> None:
        self.settings: list[str] = []
        self.ended: list[tuple[str, str | None]] = []
        self.forgotten: list[str] = []

    async def settings_changed(self, module_id: str) -> None:
        self.settings.append(module_id)

    def counters(self, module_id: str) -> tuple[float, float]:
        return 2.0, 1.0

    def end_pages(self, module_id: str, view_id: str | None, reason: str) -> None:
        self.ended.append((module_id, view_id))

    def forget(self, module_id: str) -> None:
        self.forgotten.append(module_id)


class Rig:
    """Everything around one modules' service."""

    def __init__(self, home: Home, store: Store, secrets: SecretStore, bundled: Path) -> None:
        clock = SystemClock()
        self.home = home
        self.store = store
        self.secrets = secrets
        self.bundled = bundled
        self.rows: list[AuditRow] = []
        self.denials: list[Denial] = []
        self.pushed: list[dict[str, Any]] = []
        self.audit = Audit(store, clock, self.rows.append)
        self.consents = Consents(store)
        self.data = ModuleData(store)
        self.gatekeeper = Gatekeeper(self.denials.append)
        self.launcher = PretendingLauncher()
        self.hooks = RecordingHooks()
        self.supervisor = Supervisor(
            self.launcher,
            clock=clock,
            on_change=lambda module_id: self.modules.process_changed(module_id),
            request_shutdown=lambda *order: self._shut_down(*order),
            write_log=lambda *_: None,
            random=random.Random(1),
        )
        self.modules = Modules(
            consents=self.consents,
            gatekeeper=self.gatekeeper,
            supervisor=self.supervisor,
            data=self.data,
            secrets=secrets,
            audit=self.audit,
            bridge_hooks=self.hooks,
            clock=clock,
            on_change=self.pushed.extend,
            make_spec=self._spec,
            data_root=home.module_data,
            trash=home.root / "trash",
            sandbox=SandboxRecord(level="S0"),
        )

    async def load(self) -> None:
        await self.consents.load()
        await self.look()

    async def look(self) -> None:
        """Do what the loader does when it saw a change, and wait for the effect."""
        roots: list[tuple[Source, Path]] = [("bundled", self.bundled), ("user", self.home.modules)]
        found: dict[str, Found] = {}
        for source, root in roots:
            for folder in sorted(path for path in root.iterdir() if path.is_dir()):
                found[folder.name] = Found(read_bundle(folder), source)
        await self.modules.refresh(found)
        await eventually(lambda: self._is_settled())

    async def approve(self, module_id: str, *permissions: str) -> None:
        """Approve what is there, and let the process say that it is ready."""
        record = self.modules.get(module_id)
        await self.modules.approve(module_id, record.digest, permissions)
        await self.ready(module_id)

    async def ready(self, module_id: str) -> None:
        """Wait for the module's process and say in its name that it works."""
        await eventually(lambda: bool(self.launcher.living(module_id)))
        generation = self.launcher.living(module_id)[0].spec.generation
        self.supervisor.mark_ready(ModulePrincipal(module_id, generation))
        await eventually(lambda: self.state(module_id) is ModuleState.RUNNING)

    def state(self, module_id: str) -> ModuleState:
        return self.modules.get(module_id).state

    def _is_settled(self) -> bool:
        return not self.modules._reconciler._workers

    def _shut_down(self, module_id: str, deadline_ms: int) -> None:
        for process in self.launcher.living(module_id):
            process.end(0)

    def _spec(self, bundle: Bundle, generation: int) -> LaunchSpec:
        assert bundle.manifest is not None
        assert bundle.manifest.entry_point is not None
        return LaunchSpec(
            module_id=bundle.id,
            generation=generation,
            folder=bundle.folder,
            entry_point=bundle.manifest.entry_point,
            data_dir=self.home.module_data / bundle.id,
        )


@asynccontextmanager
async def open_rig(root: Path) -> AsyncIterator[Rig]:
    """Open a home, as new or as it was left."""
    home = Home(root / "home")
    home.prepare()
    bundled = root / "bundled"
    bundled.mkdir(exist_ok=True)
    store = await Store.open(home.database)
    try:
        rig = Rig(home, store, await open_secrets(home, keyring="file"), bundled)
        await rig.load()
        yield rig
        await rig.modules.close()
        await rig.supervisor.close(1.0)
        await rig.audit.flush()
    finally:
        await store.close()


def write_module(root: Path, module_id: str, **changes: object) -> Path:
    """Write a module's folder; `changes` replace keys of its manifest, None removes one."""
    manifest: dict[str, object] = {
        "id": module_id,
        "name": module_id.title(),
        "version": "1.0.0",
        "entry_point": "backend.py",
        "requirements": ["twitch"],
        "permissions": ["chat_read", "chat_send"],
    }
    manifest |= changes
    folder = root / module_id
    (folder / "dist").mkdir(parents=True, exist_ok=True)
    text = {key: value for key, value in manifest.items() if value is not None}
    (folder / "manifest.json").write_text(json.dumps(text), encoding="utf-8")
    (folder / "backend.py").write_text("from streamcore.sdk import BaseModule\n", encoding="utf-8")
    views = changes.get("views")
    for view in views if isinstance(views, list) else []:
        path = folder / "dist" / str(view["path"])
        path.write_text("<!doctype html>", encoding="utf-8")
    return folder


async def eventually(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(400):
        if is_so():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came to be so")


def edit_manifest(folder: Path, **changes: object) -> None:
    """Change keys of a module's manifest on disk."""
    path = folder / "manifest.json"
    manifest: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, **changes}), encoding="utf-8")
