"""What the routes stand on; built once by the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from streamcore.core.audit import Audit
    from streamcore.core.integrations.base import Integration
    from streamcore.core.journal import Journal
    from streamcore.core.logs import ModuleLogs
    from streamcore.core.modules import Modules
    from streamcore.core.principals import Principal
    from streamcore.core.sessions import Sessions
    from streamcore.core.view_keys import ViewKeys

__all__ = ["EventMaker", "Platforms", "Services"]


class Platforms(Protocol):
    """The registry, as the routes see it."""

    def platforms(self) -> Sequence[Mapping[str, object]]:
        """Return every platform's record."""

    def get(self, platform_id: str, /) -> Integration | None:
        """Return one platform's adapter."""


class EventMaker(Protocol):
    """The simulator, as the routes see it."""

    async def simulate(self, request: dict[str, object], /) -> Sequence[bytes]:
        """Log test events and return them encoded; raises InvalidInputError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of the core that the routes call.

    `disconnect` drops the connections of somebody whose right to be here has ended. `send_chat`
    takes text and target and returns the result by platform; `allowed_hosts` are our own names with
    the port.
    """

    modules: Modules
    journal: Journal
    platforms: Platforms
    audit: Audit
    sessions: Sessions
    view_keys: ViewKeys
    logs: ModuleLogs
    simulator: EventMaker
    system: Callable[[], Mapping[str, object]]
    send_chat: Callable[[str, str], Awaitable[Mapping[str, object]]]
    stop: Callable[[], None]
    disconnect: Callable[[Principal], None]
    static_dir: Path
    boot_id: str
    allowed_hosts: Callable[[], frozenset[str]]
