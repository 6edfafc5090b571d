"""The keys of modules' pages: each opens one page's connection and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import sqlite3

from streamcore.core.database import Database
from streamcore.core.principals import ViewPrincipal

__all__ = ["ViewKeys"]

KEY_BYTES = 32


class ViewKeys:
    """A key is made on first use and stays, since OBS keeps the address it was given.

    Keys are looked up by their hash, so that the time it takes says nothing about them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys: dict[ViewPrincipal, str] = {}
        self._views: dict[bytes, ViewPrincipal] = {}
        self._lock = asyncio.Lock()

    async def load(self) -> None:
        """Read all keys."""

        def read(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
            return connection.execute("SELECT module_id, view_id, key FROM view_keys").fetchall()

        for module_id, view_id, key in await self._database.read(read):
            self._keep(ViewPrincipal(module_id, view_id), key)

    async def key(self, module_id: str, view_id: str) -> str:
        """Return a page's key."""
        async with self._lock:
            key = self._keys.get(ViewPrincipal(module_id, view_id))
            return key if key is not None else await self._make(module_id, view_id)

    def check(self, key: str) -> ViewPrincipal | None:
        """Return the page that a key opens."""
        return self._views.get(_hash(key))

    async def rotate(self, module_id: str, view_id: str) -> str:
        """Give a page a new key; the old one opens nothing from now on."""
        async with self._lock:
            return await self._make(module_id, view_id)

    async def forget(self, module_id: str) -> None:
        """Remove all keys of a module."""
        async with self._lock:
            for view in [view for view in self._keys if view.module_id == module_id]:
                self._views.pop(_hash(self._keys.pop(view)), None)
            await self._database.write(
                lambda c: c.execute("DELETE FROM view_keys WHERE module_id = ?", (module_id,))
            )

    async def _make(self, module_id: str, view_id: str) -> str:
        key = secrets.token_urlsafe(KEY_BYTES)
        row = (module_id, view_id, key)
        await self._database.write(
            lambda c: c.execute("INSERT OR REPLACE INTO view_keys VALUES (?, ?, ?)", row)
        )
        self._keep(ViewPrincipal(module_id, view_id), key)
        return key

    def _keep(self, view: ViewPrincipal, key: str) -> None:
        former = self._keys.get(view)
        if former is not None:
            self._views.pop(_hash(former), None)
        self._keys[view] = key
        self._views[_hash(key)] = view


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode(errors="surrogatepass")).digest()
