"""Schema 2: the word index moves to a file of its own, which is made anew from the log."""

from __future__ import annotations

__all__ = ["STATEMENTS"]

STATEMENTS: tuple[str, ...] = (
    "DROP TABLE search",
    "DELETE FROM meta WHERE name = 'indexed'",
    # By this the word index knows that it belongs to this log and to no other.
    "INSERT OR REPLACE INTO meta VALUES ('log_id', abs(random() % 9007199254740992))",
)
