"""The first answer to a command with an idempotency key, kept for 24 hours."""

from __future__ import annotations

import hashlib
import sqlite3

from streamcore.core.clock import Clock
from streamcore.core.database import Database

__all__ = ["Idempotency"]

KEEP_MS = 24 * 3600 * 1000


class Idempotency:
    """Lets a retried command take effect once, also across a restart of the core."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def seen(self, module_id: str, key: str) -> bytes | None:
        """Return the first answer as JSON, None when the key is new."""
        asked = (module_id, _short(key), self._now_ms() - KEEP_MS)
        row = await self._database.read(
            lambda c: c.execute(
                "SELECT answer FROM answers WHERE module_id = ? AND key = ? AND at_ms > ?", asked
            ).fetchone()
        )
        return bytes(row[0]) if row is not None else None

    async def remember(self, module_id: str, key: str, answer: bytes) -> None:
        """Keep the first answer; a later one to the same key changes nothing."""
        now = self._now_ms()

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM answers WHERE at_ms <= ?", (now - KEEP_MS,))
            connection.execute(
                "INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?)",
                (module_id, _short(key), now, answer),
            )

        await self._database.write(write)

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)


def _short(key: str) -> str:
    """Return a key of fixed length: a module's may be as long as a packet."""
    return hashlib.sha256(key.encode()).hexdigest()
