"""Joins what was found on disk, what the streamer allowed, and what runs."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from streamcore.bundle import Bundle, read_bundle
from streamcore.core.audit import Audit
from streamcore.core.clock import Clock
from streamcore.core.consents import Consents
from streamcore.core.errors import ConflictError, NotFoundError
from streamcore.core.gatekeeper import Gatekeeper
from streamcore.core.loader import Found
from streamcore.core.module_data import ModuleData
from streamcore.core.modules.approvals import Approvals, valid_manifest
from streamcore.core.modules.ports import ModuleHooks
from streamcore.core.modules.reconciler import Reconciler
from streamcore.core.modules.record import (
    ModuleRecord,
    RemovedRecord,
    SandboxRecord,
    UsageRecord,
    module_state,
)
from streamcore.core.modules.stored_settings import StoredSettings
from streamcore.core.modules.trash import move_to_trash
from streamcore.core.process import LaunchSpec
from streamcore.core.run_status import ModuleState
from streamcore.core.secrets import SecretStore
from streamcore.core.supervisor import Supervisor
from streamcore.protocol.manifest import Manifest, View
from streamcore.protocol.permissions import Permission

__all__ = ["Modules"]

_GIVEN_UP = (ModuleState.FAILED, ModuleState.BACKING_OFF)


class Modules:
    """The streamer's decisions about modules, and their effect.

    Every decision only changes what is wanted; one worker for each module then brings the gate, the
    pages and the process in line with it, so that decisions in quick succession cannot cross.
    """

    def __init__(
        self,
        *,
        consents: Consents,
        gatekeeper: Gatekeeper,
        supervisor: Supervisor,
        data: ModuleData,
        secrets: SecretStore,
        audit: Audit,
        bridge_hooks: ModuleHooks,
        clock: Clock,
        on_change: Callable[[list[dict[str, Any]]], None],
        make_spec: Callable[[Bundle, int], LaunchSpec],
        data_root: Path,
        trash: Path,
        sandbox: SandboxRecord,
    ) -> None:
        self._approvals = Approvals(consents, clock)
        self._gatekeeper = gatekeeper
        self._supervisor = supervisor
        self._data = data
        self._settings = StoredSettings(data, secrets)
        self._audit = audit
        self._hooks = bridge_hooks
        self._on_change = on_change
        self._changed: dict[str, None] = {}
        self._make_spec = make_spec
        self._data_root = data_root
        self._trash = trash
        self._sandbox = sandbox
        self._found: dict[str, Found] = {}
        # What the gate, the pages and the process stand for now: the digest by module.
        self._live: dict[str, str] = {}
        self._reconciler = Reconciler(self._reconcile)

    # --- what the core tells -------------------------------------------------------------

    async def refresh(self, found: Mapping[str, Found]) -> None:
        """Take over what the loader found; what is no longer as approved is stopped."""
        removed = self._found.keys() - found.keys()
        self._found = dict(found)
        for module_id in sorted({*removed, *self._found}):
            self._reconciler.kick(module_id)

    def process_changed(self, module_id: str) -> None:
        """Tell the dashboards that a module's process is in another state."""
        self._announce(module_id)

    async def close(self) -> None:
        """Decide nothing more; the supervisor ends the processes."""
        await self._reconciler.close()

    # --- what is asked -------------------------------------------------------------------

    def list(self) -> list[ModuleRecord]:
        """Return every module's record, by id."""
        return [self._record(self._found[module_id]) for module_id in sorted(self._found)]

    def get(self, module_id: str) -> ModuleRecord:
        """Return one module's record; raises NotFoundError."""
        return self._record(self._known(module_id))

    def manifest(self, module_id: str) -> Manifest | None:
        """Return the manifest, None when there is no such module or it is invalid."""
        found = self._found.get(module_id)
        return found.bundle.manifest if found is not None else None

    def digest(self, module_id: str) -> str:
        """Return the content digest, empty when there is no such module."""
        found = self._found.get(module_id)
        return found.bundle.digest if found is not None else ""

    def data_dir(self, module_id: str) -> Path:
        """Return the only folder that the module may write."""
        return self._data_root / self._known(module_id).bundle.id

    def file(self, module_id: str, path: str) -> Path | None:
        """Return a file of a module's pages by its exact name, while it is approved and enabled."""
        found = self._found.get(module_id)
        if found is None or self._wanted(module_id) is None:
            return None
        return found.bundle.files.get(path)

    def views(self, module_id: str) -> tuple[View, ...]:
        """Return a module's pages; raises NotFoundError."""
        manifest = self._known(module_id).bundle.manifest
        return manifest.views if manifest is not None else ()

    def view(self, module_id: str, view_id: str) -> View:
        """Return one page; raises NotFoundError."""
        for view in self.views(module_id):
            if view.id == view_id:
                return view
        raise NotFoundError(f"The module '{module_id}' has no view '{view_id}'.")

    # --- what the streamer decides -------------------------------------------------------

    async def approve(
        self, module_id: str, digest: str, permissions: Sequence[str]
    ) -> ModuleRecord:
        """Consent to exactly what was looked at, enable and start; what is left out is denied."""
        bundle = await self._read_again(module_id)
        granted = await self._approvals.approve(bundle, digest, permissions)
        await self._settings.drop_unfit(valid_manifest(bundle))
        await self._approvals.set_enabled(module_id, is_enabled=True)
        detail = ", ".join(sorted(granted)) or "no permissions"
        self._audit.record("consent", module_id=module_id, command="approve", detail=detail)
        return await self._tried_again(module_id)

    async def enable(self, module_id: str) -> ModuleRecord:
        """Let an approved module run; one that has failed is tried again."""
        self._approvals.require(await self._read_again(module_id))
        await self._approvals.set_enabled(module_id, is_enabled=True)
        self._audit.record("action", module_id=module_id, command="enable")
        return await self._tried_again(module_id)

    async def disable(self, module_id: str) -> ModuleRecord:
        """Stop a module and leave it stopped."""
        self._known(module_id)
        await self._approvals.set_enabled(module_id, is_enabled=False)
        self._audit.record("action", module_id=module_id, command="disable")
        return await self._brought_in_line(module_id)

    async def restart(self, module_id: str) -> ModuleRecord:
        """Start a module afresh."""
        self._approvals.require(await self._read_again(module_id))
        if not self._approvals.is_enabled(module_id):
            raise ConflictError("The module is disabled. Enable it first.")
        self._audit.record("action", module_id=module_id, command="restart")
        await self._brought_in_line(module_id)
        await self._supervisor.restart(module_id)
        return self.get(module_id)

    async def set_permissions(self, module_id: str, changes: Mapping[str, bool]) -> ModuleRecord:
        """Withdraw permissions or give them back; a withdrawal holds before it is stored."""
        bundle = self._known(module_id).bundle
        changed = self._approvals.begin_change(bundle, changes)
        self._set_grants(module_id)
        await self._approvals.store_change(bundle, changes)
        self._set_grants(module_id)
        for permission in sorted(changed):
            command = "give_back" if changes[permission] else "withdraw"
            self._audit.record(
                "consent", module_id=module_id, command=command, permission=permission.value
            )
        self._announce(module_id)
        return self.get(module_id)

    async def remove(self, module_id: str) -> None:
        """Move a user's module to the trash and forget what it was allowed and what it kept."""
        found = self._known(module_id)
        if found.source != "user":
            raise ConflictError("This module came with StreamCore. Disable it instead.")
        await self._approvals.set_enabled(module_id, is_enabled=False)
        await self._brought_in_line(module_id)
        await asyncio.to_thread(move_to_trash, found.bundle.folder, self._trash, module_id)
        data = self._data_root / module_id
        if data.exists():
            # A later module of this id must not find what another one wrote.
            await asyncio.to_thread(move_to_trash, data, self._trash, f"{module_id}.data")
        if found.bundle.manifest is not None:
            await self._settings.forget(found.bundle.manifest)
        await self._approvals.forget(module_id)
        # First who remembers in memory: else it could write again what is deleted here.
        self._hooks.forget(module_id)
        await self._data.forget(module_id)
        self._found.pop(module_id, None)
        self._audit.record("action", module_id=module_id, command="remove")
        self._announce(module_id)

    def view_key_changed(self, module_id: str, view_id: str) -> None:
        """Cut off the pages that were opened with the former key."""
        self._audit.record("action", module_id=module_id, command="rotate_key", detail=view_id)
        self._hooks.end_pages(module_id, view_id, "the address of this page was replaced")

    # --- settings --------------------------------------------------------------------------

    async def get_settings(self, module_id: str) -> dict[str, Any]:
        """Return the values for the dashboard; of a secret only whether it is set."""
        return await self._settings.masked(valid_manifest(self._known(module_id).bundle))

    async def put_settings(self, module_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Replace the values; raises SettingsError with everything that does not fit."""
        manifest = valid_manifest(self._known(module_id).bundle)
        await self._settings.replace(manifest, values)
        self._audit.record("action", module_id=module_id, command="set_settings")
        await self._hooks.settings_changed(module_id)
        return await self._settings.masked(manifest)

    async def module_settings(self, module_id: str) -> dict[str, Any]:
        """Return values, defaults and secrets, for the module itself; none of an invalid one."""
        manifest = self.manifest(module_id)
        return await self._settings.complete(manifest) if manifest is not None else {}

    async def view_settings(self, module_id: str) -> dict[str, Any]:
        """Return values and defaults without secrets, for the module's pages."""
        manifest = self.manifest(module_id)
        return await self._settings.public(manifest) if manifest is not None else {}

    # --- bringing in line ------------------------------------------------------------------

    async def _brought_in_line(self, module_id: str) -> ModuleRecord:
        self._reconciler.kick(module_id)
        await self._reconciler.settled(module_id)
        return self.get(module_id)

    async def _tried_again(self, module_id: str) -> ModuleRecord:
        record = await self._brought_in_line(module_id)
        if record.state in _GIVEN_UP:
            await self._supervisor.restart(module_id)
        return self.get(module_id)

    async def _reconcile(self, module_id: str) -> None:
        if module_id in self._live and self._live[module_id] != self._wanted(module_id):
            # Until its end the process keeps what it was allowed: it may have to save its state.
            self._announce(module_id)
            await self._supervisor.stop(module_id)
            del self._live[module_id]
            self._gatekeeper.revoke(module_id)
            self._hooks.end_pages(module_id, None, "the module was stopped")
        wanted = self._wanted(module_id)
        if wanted is not None:
            bundle = self._found[module_id].bundle
            is_new = module_id not in self._live
            self._live[module_id] = wanted
            self._set_grants(module_id)
            if is_new and valid_manifest(bundle).entry_point is not None:
                await self._supervisor.start(
                    module_id, lambda generation: self._make_spec(bundle, generation)
                )
        self._announce(module_id)

    def _wanted(self, module_id: str) -> str | None:
        """Return the digest that should be live: valid, approved as it is, and enabled."""
        found = self._found.get(module_id)
        if found is None or not self._approvals.is_approved(found.bundle):
            return None
        return found.bundle.digest if self._approvals.is_enabled(module_id) else None

    def _set_grants(self, module_id: str) -> None:
        bundle = self._known(module_id).bundle
        # A process of an older version keeps what that version was allowed until it ends.
        if self._live.get(module_id) == bundle.digest and self._approvals.is_approved(bundle):
            self._gatekeeper.set_grants(self._approvals.grants(bundle))

    async def _read_again(self, module_id: str) -> Bundle:
        """Read the folder once more, so that a decision is about what is there now."""
        found = self._known(module_id)
        bundle = await asyncio.to_thread(read_bundle, found.bundle.folder)
        if bundle.digest != found.bundle.digest:
            self._found[module_id] = dataclasses.replace(found, bundle=bundle)
            self._reconciler.kick(module_id)
        return bundle

    def _known(self, module_id: str) -> Found:
        found = self._found.get(module_id)
        if found is None:
            raise NotFoundError(f"There is no module '{module_id}'.")
        return found

    def _announce(self, module_id: str) -> None:
        """Tell of it at the end of this turn of the loop: when many start, many change at once."""
        if not self._changed:
            asyncio.get_running_loop().call_soon(self._tell)
        self._changed[module_id] = None

    def _tell(self) -> None:
        changed, self._changed = self._changed, {}
        self._on_change([msgspec.to_builtins(self._now(module_id)) for module_id in changed])

    def _now(self, module_id: str) -> ModuleRecord | RemovedRecord:
        found = self._found.get(module_id)
        return RemovedRecord(id=module_id) if found is None else self._record(found)

    def _record(self, found: Found) -> ModuleRecord:
        bundle, approvals = found.bundle, self._approvals
        status = self._supervisor.status(bundle.id)
        events_per_s, commands_per_s = self._hooks.counters(bundle.id)
        return ModuleRecord(
            id=bundle.id,
            source=found.source,
            manifest=bundle.manifest,
            state=module_state(
                bundle,
                status.state if status is not None else None,
                is_approved=approvals.is_approved(bundle),
                is_enabled=approvals.is_enabled(bundle.id),
            ),
            problems=bundle.problems,
            warnings=bundle.warnings,
            digest=bundle.digest,
            enabled=approvals.is_enabled(bundle.id),
            granted=_in_order(bundle.manifest, approvals.granted(bundle)),
            consent=approvals.record(bundle.id),
            changed=approvals.change(bundle),
            sandbox=self._sandbox,
            usage=UsageRecord(
                cpu_percent=status.cpu_percent if status is not None else 0.0,
                rss_mb=status.rss_mb if status is not None else 0.0,
                events_per_s=events_per_s,
                commands_per_s=commands_per_s,
            ),
            restarts=status.restarts if status is not None else 0,
            pid=status.pid if status is not None else None,
            started_at=status.started_at if status is not None else None,
            last_error=status.last_error if status is not None else None,
        )


def _in_order(manifest: Manifest | None, granted: frozenset[Permission]) -> tuple[str, ...]:
    wished = manifest.permissions if manifest is not None else ()
    return tuple(permission.value for permission in wished if permission in granted)
