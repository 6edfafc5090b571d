"""What modules keep: their storage (with a quota), replicated state and settings."""

from __future__ import annotations

import sqlite3

import msgspec

from streamcore.core.database import Database
from streamcore.core.errors import CommandError
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.frames import StateValue
from streamcore.protocol.limits import STORAGE_QUOTA_BYTES

__all__ = ["STATE_QUOTA_BYTES", "ModuleData"]

STATE_QUOTA_BYTES = 1024 * 1024
"""All of a module's state together: it travels whole to every page that opens."""
BEYOND = "\U0010ffff" * 8
"""Sorts after everything that a key goes on with."""


class ModuleData:
    """Every method works on one module's own rows; nobody else's can be named."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def storage_get(self, module_id: str, key: str) -> tuple[bool, bytes]:
        """Return whether a key is there, and its value as JSON."""
        row = await self._database.read(
            lambda c: c.execute(
                "SELECT value FROM storage WHERE module_id = ? AND key = ?", (module_id, key)
            ).fetchone()
        )
        return (True, bytes(row[0])) if row is not None else (False, b"")

    async def storage_set(self, module_id: str, key: str, value: bytes) -> None:
        """Keep a JSON value; CommandError when the quota does not allow it."""

        def write(connection: sqlite3.Connection) -> None:
            size = _stored(connection, module_id) - _entry(connection, module_id, key)
            size += len(key.encode()) + len(value)
            if size > STORAGE_QUOTA_BYTES:
                raise _too_large("storage", STORAGE_QUOTA_BYTES, size)
            connection.execute(
                "INSERT OR REPLACE INTO storage VALUES (?, ?, ?)", (module_id, key, value)
            )
            _set_stored(connection, module_id, size)

        await self._database.write(write)

    async def storage_delete(self, module_id: str, key: str) -> bool:
        """Forget a value; False when there was none."""

        def write(connection: sqlite3.Connection) -> bool:
            size = _entry(connection, module_id, key)
            deleted = connection.execute(
                "DELETE FROM storage WHERE module_id = ? AND key = ?", (module_id, key)
            ).rowcount
            if deleted:
                _set_stored(connection, module_id, _stored(connection, module_id) - size)
            return deleted > 0

        return await self._database.write(write)

    async def storage_list(self, module_id: str, prefix: str, after: str, limit: int) -> list[str]:
        """Return keys in order."""
        statement = (
            "SELECT key FROM storage WHERE module_id = ? AND key > ? AND key >= ? AND key < ? "
            "ORDER BY key LIMIT ?"
        )
        rows = await self._database.read(
            lambda c: c.execute(
                statement, (module_id, after, prefix, prefix + BEYOND, limit)
            ).fetchall()
        )
        return [key for (key,) in rows]

    async def state_all(self, module_id: str) -> dict[str, StateValue]:
        """Return the whole replicated state."""
        rows = await self._database.read(
            lambda c: c.execute(
                "SELECT key, value, revision FROM state WHERE module_id = ?", (module_id,)
            ).fetchall()
        )
        return {
            key: StateValue(value=msgspec.json.decode(value), revision=revision)
            for key, value, revision in rows
        }

    async def state_get(self, module_id: str, key: str) -> StateValue | None:
        """Return one state value."""
        row = await self._database.read(
            lambda c: c.execute(
                "SELECT value, revision FROM state WHERE module_id = ? AND key = ?",
                (module_id, key),
            ).fetchone()
        )
        if row is None:
            return None
        return StateValue(value=msgspec.json.decode(row[0]), revision=row[1])

    async def state_set(
        self, module_id: str, key: str, value: object, expected_revision: int | None
    ) -> int:
        """Change a state value and return its new revision.

        CommandError `conflict` when it is not at `expected_revision` (0: not there yet).
        """
        encoded = msgspec.json.encode(value)

        def write(connection: sqlite3.Connection) -> int:
            row = connection.execute(
                "SELECT revision FROM state WHERE module_id = ? AND key = ?", (module_id, key)
            ).fetchone()
            revision = row[0] if row is not None else 0
            if expected_revision is not None and expected_revision != revision:
                message = (
                    f"The state '{key}' is at revision {revision}, expected {expected_revision}. "
                    "Read it again and repeat the change."
                )
                raise CommandError(ErrorCode.CONFLICT, message)
            (others,) = connection.execute(
                "SELECT ifnull(sum(length(CAST(key AS BLOB)) + length(value)), 0) FROM state "
                "WHERE module_id = ? AND key <> ?",
                (module_id, key),
            ).fetchone()
            size = others + len(key.encode()) + len(encoded)
            if size > STATE_QUOTA_BYTES:
                raise _too_large("state", STATE_QUOTA_BYTES, size)
            connection.execute(
                "INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?)",
                (module_id, key, encoded, revision + 1),
            )
            return int(revision) + 1

        # State follows events that are logged; a sync for each change would slow those down.
        return await self._database.write(write, durable=False)

    async def settings(self, module_id: str) -> dict[str, object]:
        """Return a module's settings, without its secrets."""
        row = await self._database.read(
            lambda c: c.execute(
                "SELECT body FROM module_settings WHERE module_id = ?", (module_id,)
            ).fetchone()
        )
        return msgspec.json.decode(row[0], type=dict[str, object]) if row is not None else {}

    async def set_settings(self, module_id: str, settings: dict[str, object]) -> None:
        """Replace a module's settings."""
        row = (module_id, msgspec.json.encode(settings))
        await self._database.write(
            lambda c: c.execute("INSERT OR REPLACE INTO module_settings VALUES (?, ?)", row)
        )

    async def forget(self, module_id: str) -> None:
        """Remove everything that a module kept."""

        def write(connection: sqlite3.Connection) -> None:
            for statement in (
                "DELETE FROM storage WHERE module_id = ?",
                "DELETE FROM storage_size WHERE module_id = ?",
                "DELETE FROM state WHERE module_id = ?",
                "DELETE FROM module_settings WHERE module_id = ?",
                "DELETE FROM answers WHERE module_id = ?",
                "DELETE FROM cursors WHERE module_id = ?",
            ):
                connection.execute(statement, (module_id,))

        await self._database.write(write)


def _stored(connection: sqlite3.Connection, module_id: str) -> int:
    """Return the bytes of all of a module's keys and values."""
    row = connection.execute(
        "SELECT bytes FROM storage_size WHERE module_id = ?", (module_id,)
    ).fetchone()
    return int(row[0]) if row is not None else 0


def _set_stored(connection: sqlite3.Connection, module_id: str, size: int) -> None:
    connection.execute("INSERT OR REPLACE INTO storage_size VALUES (?, ?)", (module_id, size))


def _entry(connection: sqlite3.Connection, module_id: str, key: str) -> int:
    """Return the bytes of one key and its value, 0 when it is not there."""
    row = connection.execute(
        "SELECT length(CAST(key AS BLOB)) + length(value) FROM storage "
        "WHERE module_id = ? AND key = ?",
        (module_id, key),
    ).fetchone()
    return int(row[0]) if row is not None else 0


def _too_large(what: str, quota: int, size: int) -> CommandError:
    message = (
        f"A module's {what} may hold {quota} bytes, with this change it would be {size}. "
        "Delete what is no longer needed."
    )
    return CommandError(ErrorCode.TOO_LARGE, message)
