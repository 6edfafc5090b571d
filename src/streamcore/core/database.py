"""What the keepers of single tables need of the database: a read and a write."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Protocol, TypeVar

__all__ = ["Database"]

T = TypeVar("T")


class Database(Protocol):
    """The store, seen from a layer below it; functions run on the store's threads."""

    async def read(self, fn: Callable[[sqlite3.Connection], T], /) -> T:
        """Run `fn` on one consistent view of the database."""

    async def write(self, fn: Callable[[sqlite3.Connection], T], /, *, durable: bool = True) -> T:
        """Run `fn` in a transaction and return when that is committed.

        `fn` may be run a second time when the first transaction failed as a whole: it must have
        no effect but on the database.
        """
