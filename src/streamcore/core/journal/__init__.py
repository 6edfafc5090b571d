"""The durable event log: committed before delivery, numbered, searchable, read from any cursor."""

from __future__ import annotations

from streamcore.core.journal.journal import Journal
from streamcore.core.journal.reading import EventPage, EventQuery
from streamcore.core.logged import LoggedEvent

__all__ = ["EventPage", "EventQuery", "Journal", "LoggedEvent"]
