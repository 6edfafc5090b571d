"""The database's schema as numbered steps; a released step is never edited, only followed."""

from __future__ import annotations

from streamcore.core.migrations import m0001_ground, m0002_words_apart, m0003_notes

__all__ = ["MIGRATIONS", "SCHEMA_VERSION"]

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    m0001_ground.STATEMENTS,
    m0002_words_apart.STATEMENTS,
    m0003_notes.STATEMENTS,
)
"""Step n (from 1) is at index n - 1 and brings a database of version n - 1 to n."""

SCHEMA_VERSION = len(MIGRATIONS)
