"""What the streamer agreed to for each module: in memory to ask, on the disk to stay."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable
from datetime import datetime

import msgspec

from streamcore.core.database import Database
from streamcore.protocol.manifest import Manifest

__all__ = ["Consent", "Consents", "Difference", "Wishes", "difference"]

log = logging.getLogger(__name__)


class Consent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The streamer looked at exactly this and said yes."""

    digest: str
    permissions: tuple[str, ...]
    requirements: tuple[str, ...]
    network: tuple[str, ...]
    at: datetime


class Wishes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a module asks for."""

    permissions: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    network: tuple[str, ...] = ()


class Difference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a module differs from what was agreed to; `code` says that its files changed."""

    code: bool
    added: Wishes
    removed: Wishes


def difference(consent: Consent, manifest: Manifest, digest: str) -> Difference | None:
    """Compare a module with the consent; None when it is exactly what was agreed to."""
    now = Wishes(
        tuple(permission.value for permission in manifest.permissions),
        manifest.requirements,
        manifest.network,
    )
    agreed = Wishes(consent.permissions, consent.requirements, consent.network)
    if digest == consent.digest and now == agreed:
        return None  # as nearly always, and asked several times for each change of state
    found = Difference(digest != consent.digest, _less(now, agreed), _less(agreed, now))
    return None if found == Difference(False, Wishes(), Wishes()) else found


def _less(wishes: Wishes, others: Wishes) -> Wishes:
    def less(names: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
        known = set(other)
        return tuple(dict.fromkeys(name for name in names if name not in known))

    return Wishes(
        less(wishes.permissions, others.permissions),
        less(wishes.requirements, others.requirements),
        less(wishes.network, others.network),
    )


class Consents:
    """Every module's consent, withdrawn permissions, and whether it is to run.

    Memory follows the disk: what could not be stored does not hold after a restart, so it is not
    said to hold now.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._consents: dict[str, Consent] = {}
        self._withdrawn: dict[str, frozenset[str]] = {}
        self._enabled: set[str] = set()

    async def load(self) -> None:
        """Read everything."""

        def read(
            connection: sqlite3.Connection,
        ) -> tuple[list[tuple[str, bytes]], list[tuple[str, str]], list[tuple[str]]]:
            return (
                connection.execute("SELECT module_id, body FROM consents").fetchall(),
                connection.execute("SELECT module_id, permission FROM withdrawn").fetchall(),
                connection.execute("SELECT module_id FROM enabled").fetchall(),
            )

        consents, withdrawn, enabled = await self._database.read(read)
        self._consents = {}
        for module_id, body in consents:
            try:
                self._consents[module_id] = msgspec.json.decode(body, type=Consent)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                # A damaged disk must neither grant anything nor stop the start.
                log.warning(
                    "the consent to %s cannot be read (%s): it asks again", module_id, error
                )
        self._withdrawn = {}
        for module_id, permission in withdrawn:
            self._withdrawn[module_id] = self.withdrawn(module_id) | {permission}
        self._enabled = {module_id for (module_id,) in enabled}

    def get(self, module_id: str) -> Consent | None:
        """Return the consent to a module."""
        return self._consents.get(module_id)

    async def put(self, module_id: str, consent: Consent) -> None:
        """Store a consent in place of the one before."""
        body = msgspec.json.encode(consent)
        await self._database.write(
            lambda c: c.execute("INSERT OR REPLACE INTO consents VALUES (?, ?)", (module_id, body))
        )
        self._consents[module_id] = consent

    def withdrawn(self, module_id: str) -> frozenset[str]:
        """Return the permissions that are held back although the module asks for them."""
        return self._withdrawn.get(module_id, frozenset())

    async def set_withdrawn(self, module_id: str, permission: str, is_withdrawn: bool) -> None:
        """Hold a permission back, or give it again."""
        change = (
            "INSERT OR IGNORE INTO withdrawn VALUES (?, ?)"
            if is_withdrawn
            else "DELETE FROM withdrawn WHERE module_id = ? AND permission = ?"
        )
        await self._database.write(lambda c: c.execute(change, (module_id, permission)))
        held_back = self.withdrawn(module_id)
        self._withdrawn[module_id] = (
            held_back | {permission} if is_withdrawn else held_back - {permission}
        )

    @property
    def any_enabled(self) -> bool:
        """Tell whether a module is likely to be started."""
        return bool(self._enabled)

    def enabled(self, module_id: str) -> bool:
        """Tell whether the streamer wants the module to run."""
        return module_id in self._enabled

    async def set_enabled(self, module_id: str, is_enabled: bool) -> None:
        """Remember whether the module is to run."""
        change = (
            "INSERT OR IGNORE INTO enabled VALUES (?)"
            if is_enabled
            else "DELETE FROM enabled WHERE module_id = ?"
        )
        await self._database.write(lambda c: c.execute(change, (module_id,)))
        if is_enabled:
            self._enabled.add(module_id)
        else:
            self._enabled.discard(module_id)

    async def forget(self, module_id: str) -> None:
        """Forget a module altogether."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM consents WHERE module_id = ?", (module_id,))
            connection.execute("DELETE FROM withdrawn WHERE module_id = ?", (module_id,))
            connection.execute("DELETE FROM enabled WHERE module_id = ?", (module_id,))

        await self._database.write(write)
        self._consents.pop(module_id, None)
        self._withdrawn.pop(module_id, None)
        self._enabled.discard(module_id)
