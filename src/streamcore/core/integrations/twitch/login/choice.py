"""What the streamer has switched on: kept over restarts, and what it is before any choice."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable

from streamcore.core.errors import StorageError
from streamcore.core.integrations.base import Host, PermissionStatus
from streamcore.core.integrations.note import Note
from streamcore.core.integrations.twitch.login.scopes import DEFAULT, SERVED, Rights
from streamcore.protocol.permissions import Permission

__all__ = ["Choice"]

_log = logging.getLogger(__name__)


class Choice:
    """The permissions that a login asks for.

    Until the streamer chooses, that is what the dashboard uses and what allowed modules want;
    afterwards it is the choice, and what modules want beyond it is only shown.
    """

    def __init__(self, host: Host, platform_id: str) -> None:
        self._host = host
        self._platform_id = platform_id
        self._note = Note(host.notes, f"{platform_id}.permissions", list[str])
        self._chosen: frozenset[Permission] | None = None
        self._is_loaded = False

    @property
    def on(self) -> frozenset[Permission]:
        """What is switched on now."""
        if self._chosen is not None:
            return self._chosen
        return DEFAULT | served(self._host.wishes(self._platform_id))

    async def load(self) -> None:
        """Read what was chosen, once; what cannot be read counts as no choice."""
        if self._is_loaded:
            return
        self._is_loaded = True
        try:
            names = await self._note.read()
        except StorageError as error:
            _log.warning("%s: the chosen permissions: %s", self._platform_id, error)
            return
        if names is not None:
            self._chosen = served(each for each in Permission if each.value in names)

    async def choose(self, permissions: Collection[Permission]) -> None:
        """Take over a choice; one that cannot be kept holds until the app ends."""
        self._chosen = served(permissions)
        try:
            await self._note.keep(sorted(self._chosen))
        except StorageError as error:
            _log.warning("%s: the chosen permissions: %s", self._platform_id, error)

    def shown(self, rights: Rights, *, is_connected: bool) -> tuple[PermissionStatus, ...]:
        """Return every permission as the dashboard shows it."""
        wishes = self._host.wishes(self._platform_id)
        return tuple(
            PermissionStatus(
                permission=each,
                is_on=each in rights.on,
                is_granted=is_connected and rights.allow(each),
                wanted_by=tuple(wishes.get(each, ())),
            )
            for each in SERVED
        )


def served(permissions: Iterable[Permission]) -> frozenset[Permission]:
    """Return those that a login can allow."""
    return frozenset(permissions) & frozenset(SERVED)
