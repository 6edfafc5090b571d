"""Which events one reader gets."""

from __future__ import annotations

from dataclasses import dataclass

from streamcore.core.logged import LoggedEvent

__all__ = ["EventFilter"]


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What one reader gets; made by the gatekeeper, never by the reader.

    `platforms` is None for all of them; events without a platform are StreamCore's own and pass.
    `module_id` names the module whose `module_event`s pass, None lets all of them pass.
    """

    types: frozenset[str]
    platforms: frozenset[str] | None
    module_id: str | None = ""

    def admits(self, event: LoggedEvent) -> bool:
        """Tell whether the event may go to the reader."""
        if event.type not in self.types:
            return False
        if event.module_id and self.module_id is not None and event.module_id != self.module_id:
            return False
        return self.platforms is None or not event.platform or event.platform in self.platforms
