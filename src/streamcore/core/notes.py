"""Small values that platforms' adapters keep over a restart."""

from __future__ import annotations

from streamcore.core.database import Database

__all__ = ["Notes"]


class Notes:
    """A name and its bytes; `set` returns when the value would survive a power cut."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> bytes | None:
        """Return a value, None when there is none."""
        row = await self._database.read(
            lambda c: c.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        )
        return bytes(row[0]) if row is not None else None

    async def set(self, name: str, value: bytes) -> None:
        """Keep a value in place of the one before."""
        await self._database.write(
            lambda c: c.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))
        )

    async def delete(self, name: str) -> None:
        """Forget a value."""
        await self._database.write(lambda c: c.execute("DELETE FROM notes WHERE name = ?", (name,)))
