"""The database: one SQLite file, one writer thread with group commit, readers beside it."""

from __future__ import annotations

from streamcore.core.store.health import StorageState, StorageStatus
from streamcore.core.store.store import Store
from streamcore.core.store.writer import Job

__all__ = ["Job", "StorageState", "StorageStatus", "Store"]
