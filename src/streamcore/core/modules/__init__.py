"""Modules as the streamer sees them: what was found, allowed, set and is running."""

from __future__ import annotations

from streamcore.core.modules.ports import ModuleHooks
from streamcore.core.modules.record import ModuleRecord, SandboxRecord
from streamcore.core.modules.service import Modules
from streamcore.core.modules.settings import SettingsError

__all__ = ["ModuleHooks", "ModuleRecord", "Modules", "SandboxRecord", "SettingsError"]
