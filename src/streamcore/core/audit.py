"""What was denied, consented to and done: a list for the streamer that outlives the app."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.database import Database
from streamcore.core.errors import StorageError
from streamcore.protocol.ids import new_id

__all__ = ["Audit", "AuditKind", "AuditRow"]

log = logging.getLogger(__name__)

AuditKind = Literal["denied", "consent", "action"]

QUIET_S = 60.0
"""Identical denials within it are counted, not listed."""
MAX_STREAKS = 50
"""Different denials of one module that are told apart; the rest is counted together."""
MAX_TEXT = 500
MAX_PENDING = 2_000
KEEP = timedelta(days=180)
PRUNE_EVERY = 1_000

_COLUMNS = "id, at_ms, kind, module_id, command, permission, detail"


class AuditRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that was denied, consented to or done."""

    id: str
    at: datetime
    kind: AuditKind
    module_id: str | None
    command: str | None
    permission: str | None
    detail: str


class _Denial(NamedTuple):
    """What makes two denials the same: another reason is news, and gets a row of its own."""

    module_id: str | None
    command: str | None
    permission: str | None
    detail: str


@dataclass
class _Streak:
    """A denial that repeats itself."""

    until: float
    repeats: int = 0


class Audit:
    """`record` takes a row at once and never fails; the disk follows."""

    def __init__(
        self, database: Database, clock: Clock, on_row: Callable[[AuditRow], None]
    ) -> None:
        self._database = database
        self._clock = clock
        self._on_row = on_row
        self._streaks: dict[_Denial, _Streak] = {}
        self._pending: list[AuditRow] = []
        self._task: asyncio.Task[None] | None = None
        self._until_prune = 0

    def record(
        self,
        kind: AuditKind,
        *,
        module_id: str | None = None,
        command: str | None = None,
        permission: str | None = None,
        detail: str = "",
    ) -> None:
        """Add a row; of identical denials one a minute, with the number of the others."""
        if kind != "denied":
            self._add(kind, module_id, command, permission, detail)
            return
        key = _Denial(module_id, command, permission, detail)
        if key not in self._streaks and self._count(module_id) >= MAX_STREAKS:
            # Made-up names are cheap: what has no end is counted together.
            key = _Denial(module_id, "…", None, "many different commands")
        streak = self._streaks.get(key)
        if streak is not None and self._clock.monotonic() < streak.until:
            streak.repeats += 1
            return
        self._tell_repeats()
        self._streaks[key] = _Streak(self._clock.monotonic() + QUIET_S)
        self._add(kind, *key)

    async def page(
        self,
        *,
        before: str | None,
        limit: int,
        module_id: str | None = None,
        kind: str | None = None,
    ) -> tuple[list[AuditRow], str | None]:
        """Return rows, newest first, and what goes into `before` for the next page."""
        self._tell_repeats()
        await self._write_pending()
        wanted = [("module_id = ?", module_id), ("kind = ?", kind), ("id < ?", before)]
        given = [(condition, value) for condition, value in wanted if value is not None]
        where = " AND ".join(["true", *(condition for condition, _ in given)])
        statement = f"SELECT {_COLUMNS} FROM audit WHERE {where} ORDER BY id DESC LIMIT ?"  # noqa: S608 - conditions from above
        parameters = (*(value for _, value in given), limit + 1)
        rows = await self._database.read(lambda c: c.execute(statement, parameters).fetchall())
        page = [_row(*row) for row in rows[:limit]]
        return page, page[-1].id if len(rows) > limit and page else None

    async def flush(self) -> None:
        """Write everything that was recorded, counts included."""
        self._tell_repeats(is_end=True)
        await self._write_pending()

    def _count(self, module_id: str | None) -> int:
        return sum(1 for known in self._streaks if known.module_id == module_id)

    def _tell_repeats(self, *, is_end: bool = False) -> None:
        """Close streaks whose minute is over, with a row for what was not listed."""
        now = self._clock.monotonic()
        over = [key for key, streak in self._streaks.items() if is_end or streak.until <= now]
        for key in over:
            streak = self._streaks.pop(key)
            if streak.repeats:
                detail = f"{key.detail} ({streak.repeats} more times)".strip()
                self._add("denied", *key._replace(detail=detail))

    def _add(
        self,
        kind: AuditKind,
        module_id: str | None,
        command: str | None,
        permission: str | None,
        detail: str,
    ) -> None:
        row = AuditRow(
            id=new_id(),
            at=self._clock.now(),
            kind=kind,
            module_id=_short(module_id),
            command=_short(command),
            permission=_short(permission),
            detail=_short(detail) or "",
        )
        self._pending.append(row)
        del self._pending[:-MAX_PENDING]
        try:
            self._on_row(row)
        except Exception:
            log.exception("a row of the audit log could not be handed on")
        if self._task is None or self._task.done():
            # `flush` and `page` wait for it.
            loop = asyncio.get_running_loop()
            self._task = loop.create_task(self._drain(), name="audit")

    async def _write_pending(self) -> None:
        while self._pending or (self._task is not None and not self._task.done()):
            if self._task is None or self._task.done():
                loop = asyncio.get_running_loop()
                self._task = loop.create_task(self._drain(), name="audit")
            await asyncio.shield(self._task)

    async def _drain(self) -> None:
        while self._pending:
            rows, self._pending = self._pending, []
            try:
                await self._database.write(lambda c, rows=rows: self._write(c, rows))  # type: ignore[misc]
            except StorageError as error:
                log.warning("%d rows of the audit log could not be kept: %s", len(rows), error)

    def _write(self, connection: sqlite3.Connection, rows: list[AuditRow]) -> None:
        values = [
            (row.id, _ms(row.at), row.kind, row.module_id, row.command, row.permission, row.detail)
            for row in rows
        ]
        connection.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        self._until_prune -= len(rows)
        if self._until_prune <= 0:
            self._until_prune = PRUNE_EVERY
            connection.execute("DELETE FROM audit WHERE at_ms < ?", (_ms(rows[-1].at - KEEP),))


def _short(text: str | None) -> str | None:
    """Return a text that any database takes, however a module made it up."""
    return text[:MAX_TEXT].encode(errors="replace").decode() if text is not None else None


def _row(
    id_: str,
    at_ms: int,
    kind: AuditKind,
    module_id: str | None,
    command: str | None,
    permission: str | None,
    detail: str,
) -> AuditRow:
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return AuditRow(id_, at, kind, module_id, command, permission, detail)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
