"""A module's record, as the interface and the dashboard have it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from streamcore.bundle import Bundle, Problem
from streamcore.core.consents import Difference
from streamcore.core.run_status import LastError, ModuleState
from streamcore.protocol.manifest import Manifest

__all__ = [
    "ConsentRecord",
    "ModuleRecord",
    "RemovedRecord",
    "SandboxRecord",
    "UsageRecord",
    "module_state",
]

_WITH_PROCESS = (
    ModuleState.STARTING,
    ModuleState.RUNNING,
    ModuleState.BACKING_OFF,
    ModuleState.STOPPING,
)


class ConsentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the streamer agreed to, less what was withdrawn since."""

    digest: str
    permissions: tuple[str, ...]
    requirements: tuple[str, ...]
    network: tuple[str, ...]
    at: datetime


class SandboxRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How well this module's process is really confined (S0, not at all, to S3)."""

    level: str
    launcher: str = ""


class UsageRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the module takes from the machine and how busy it is."""

    cpu_percent: float = 0.0
    rss_mb: float = 0.0
    events_per_s: float = 0.0
    commands_per_s: float = 0.0


class ModuleRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A module; `digest` is what `approve` takes back, `changed` what is new since the consent."""

    id: str
    source: str
    manifest: Manifest | None
    state: ModuleState
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    digest: str
    enabled: bool
    granted: tuple[str, ...]
    consent: ConsentRecord | None
    changed: Difference | None
    sandbox: SandboxRecord
    usage: UsageRecord
    restarts: int
    pid: int | None
    started_at: datetime | None
    last_error: LastError | None


class RemovedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Says that a module is no longer there."""

    id: str
    removed: bool = True


def module_state(
    bundle: Bundle,
    process: ModuleState | None,
    *,
    is_approved: bool,
    is_enabled: bool,
) -> ModuleState:
    """Return where a module stands; `process` is the supervisor's word, None for none."""
    is_wanted = is_approved and is_enabled
    if process in _WITH_PROCESS and not is_wanted:
        return ModuleState.STOPPING
    if bundle.problems or bundle.manifest is None:
        return ModuleState.INVALID
    if not is_approved:
        return ModuleState.AWAITING_CONSENT
    if not is_enabled:
        return ModuleState.DISABLED
    if bundle.manifest.entry_point is None:
        # Pages alone: there is no process, and what the streamer allowed is in force.
        return ModuleState.RUNNING
    return process if process is not None else ModuleState.STARTING
