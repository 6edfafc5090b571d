"""What the modules' service tells the connected parties."""

from __future__ import annotations

from typing import Protocol

__all__ = ["ModuleHooks"]


class ModuleHooks(Protocol):
    """The bridge, as the modules' service sees it."""

    async def settings_changed(self, module_id: str) -> None:
        """Tell a running module and its open pages their new settings."""

    def counters(self, module_id: str) -> tuple[float, float]:
        """Return events and commands a second."""

    def end_pages(self, module_id: str, view_id: str | None, reason: str) -> None:
        """Cut off a module's open pages, or those of one view; they come back by themselves."""

    def forget(self, module_id: str) -> None:
        """The module is gone for good."""
