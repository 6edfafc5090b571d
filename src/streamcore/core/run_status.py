"""What the dashboard shows about a module's life."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

__all__ = ["LastError", "ModuleState", "RunStatus"]


class ModuleState(StrEnum):
    """Where a module stands; the first three are said of modules that nobody runs."""

    INVALID = "invalid"
    AWAITING_CONSENT = "awaiting_consent"
    DISABLED = "disabled"
    STARTING = "starting"
    RUNNING = "running"
    BACKING_OFF = "backing_off"
    FAILED = "failed"
    STOPPING = "stopping"


class LastError(msgspec.Struct, frozen=True, kw_only=True):
    """How the last process ended when nobody had asked it to; `lines` are its last words."""

    at: datetime
    exit: str
    lines: tuple[str, ...] = ()


class RunStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A module that is being kept running, at one moment."""

    state: ModuleState
    generation: int
    pid: int | None = None
    restarts: int = 0
    last_error: LastError | None = None
    started_at: datetime | None = None
    cpu_percent: float = 0.0
    rss_mb: float = 0.0
