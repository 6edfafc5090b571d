"""What the bridge asks about modules: their manifests, settings and folders."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from streamcore.protocol.manifest import Manifest

__all__ = ["ModuleDirectory"]


class ModuleDirectory(Protocol):
    """Knows the modules that were found and approved."""

    def manifest(self, module_id: str) -> Manifest | None:
        """Return the manifest, None when there is no such module or it is invalid."""

    def digest(self, module_id: str) -> str:
        """Return the content digest, empty when unknown."""

    def data_dir(self, module_id: str) -> Path:
        """Return the only folder that the module may write."""

    async def module_settings(self, module_id: str) -> dict[str, object]:
        """Return the settings with defaults and secrets, for the module itself."""

    async def view_settings(self, module_id: str) -> dict[str, object]:
        """Return the settings with defaults, without secrets, for the module's pages."""
