"""What the core gives to every integration."""

from __future__ import annotations

import random
import secrets as system_chance
from collections.abc import Callable, Mapping, Sequence

from streamcore.core.clock import Clock
from streamcore.core.gatekeeper import Gatekeeper
from streamcore.core.journal import Journal
from streamcore.core.notes import Notes
from streamcore.core.secrets import SecretStore
from streamcore.protocol.events import Event
from streamcore.protocol.permissions import Permission

__all__ = ["IntegrationHost"]


class IntegrationHost:
    """The log, secrets, notes, the clock and chance, and what modules want of a platform."""

    def __init__(
        self,
        journal: Journal,
        secrets: SecretStore,
        notes: Notes,
        gatekeeper: Gatekeeper,
        clock: Clock,
        status_changed: Callable[[str], None],
    ) -> None:
        self._journal = journal
        self.secrets = secrets
        self.notes = notes
        self._gatekeeper = gatekeeper
        self.clock = clock
        self.random = random.Random(system_chance.randbits(64))  # noqa: S311 - jitter and demo only
        self._status_changed = status_changed

    async def publish(self, events: Sequence[Event]) -> None:
        """Hand over what a platform told and will not tell again."""
        await self._journal.take(events)

    def status_changed(self, platform_id: str) -> None:
        """Tell that a platform's state is a new one."""
        self._status_changed(platform_id)

    def wishes(self, platform_id: str) -> Mapping[Permission, Sequence[str]]:
        """Return what the streamer has allowed modules that run on this platform, and whom."""
        return self._gatekeeper.wishes(platform_id)
