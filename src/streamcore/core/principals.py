"""Who is on the other side of a connection; the channel gives it, never a message's field."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DashboardPrincipal", "ModulePrincipal", "Principal", "ViewPrincipal"]


@dataclass(frozen=True, slots=True)
class ModulePrincipal:
    """A process that the loader started; `generation` tells its lives apart."""

    module_id: str
    generation: int

    def __str__(self) -> str:
        return f"module:{self.module_id}"


@dataclass(frozen=True, slots=True)
class ViewPrincipal:
    """A page of a module, opened with that view's key."""

    module_id: str
    view_id: str

    def __str__(self) -> str:
        return f"view:{self.module_id}/{self.view_id}"


@dataclass(frozen=True, slots=True)
class DashboardPrincipal:
    """The streamer, by a session."""

    session_id: str

    def __str__(self) -> str:
        return "dashboard"


Principal = ModulePrincipal | ViewPrincipal | DashboardPrincipal
