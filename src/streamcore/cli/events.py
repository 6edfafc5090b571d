"""Commands about the event log: take it out, bring it back, play it again."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from streamcore.cli.home import settings_from
from streamcore.cli.instance import CallError, call, running_instance
from streamcore.core.config import Settings
from streamcore.core.errors import StartError, StorageError
from streamcore.core.run_file import RunFile, read_run_file

__all__ = ["run_events_command"]

PAGE = 200
BATCH = 500
SLOWEST, FASTEST = 1.0, 50.0
_BASE = {"id", "seq", "at", "received_at", "origin", "is_test", "source_id"}

Pages = Callable[[str | None], tuple[list[Any], str | None]]
"""One page of the log, newest first, and the cursor of the next."""


def run_events_command(flags: argparse.Namespace) -> int:
    """Run one `events` command and return its exit code."""
    try:
        match flags.events_command:
            case "export":
                return _export(flags)
            case "import":
                return _import(flags)
            case _:
                return _replay(flags)
    except (StartError, StorageError, CallError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def _export(flags: argparse.Namespace) -> int:
    settings = settings_from(flags)
    run = read_run_file(settings.home.run_file)
    with (
        tempfile.TemporaryFile(dir=flags.file.absolute().parent) as pages,
        flags.file.open("wb") as out,
    ):
        count = _write_backwards(
            _running_pages(run) if run else _stored_pages(settings), pages, out
        )
    print(f"{flags.file}: {count:,} events")
    return 0


def _write_backwards(page: Pages, pages: IO[bytes], out: IO[bytes]) -> int:
    """Turn pages that come newest first into one file that begins with the oldest event."""
    count, sizes, cursor = 0, [], None
    while True:
        items, cursor = page(cursor)
        lines = b"".join(
            json.dumps(item, ensure_ascii=False).encode() + b"\n" for item in reversed(items)
        )
        sizes.append(pages.write(lines))
        count += len(items)
        if cursor is None:
            break
    end = sum(sizes)
    for size in reversed(sizes):
        end -= size
        pages.seek(end)
        out.write(pages.read(size))
    return count


def _running_pages(run: RunFile) -> Pages:
    def page(cursor: str | None) -> tuple[list[Any], str | None]:
        before = f"&before={cursor}" if cursor else ""
        answer = call(run, "GET", f"/api/events?limit={PAGE}{before}")
        return answer["items"], answer["next"]

    return page


def _stored_pages(settings: Settings) -> Pages:
    """Read a log that no core has open."""
    from streamcore.core.clock import SystemClock
    from streamcore.core.journal import EventQuery, Journal
    from streamcore.core.store import Store

    if not settings.home.database.exists():
        raise StartError(f"there is no event log in {settings.home.root} yet.")

    async def read(cursor: str | None) -> tuple[list[Any], str | None]:
        store = await Store.open(settings.home.database)
        try:
            journal = Journal(store, SystemClock(), lambda _: None)
            await journal.open()
            query = EventQuery(before=int(cursor) if cursor else None, limit=PAGE)
            page = await journal.page(query)
            await journal.close()
            return [json.loads(body) for body in page.items], page.next
        finally:
            await store.close()

    return lambda cursor: asyncio.run(read(cursor))


def _import(flags: argparse.Namespace) -> int:
    settings = settings_from(flags)
    if read_run_file(settings.home.run_file) is not None:
        raise StartError("end StreamCore first: the log can be added to only while it rests.")
    settings.home.prepare()
    added, known = asyncio.run(_append_all(settings, flags.file))
    print(f"{added:,} events added, {known:,} were there already")
    return 0


async def _append_all(settings: Settings, file: Path) -> tuple[int, int]:
    import msgspec

    from streamcore.core.clock import SystemClock
    from streamcore.core.journal import Journal
    from streamcore.core.store import Store
    from streamcore.protocol.events import EVENTS, Event, Origin

    store = await Store.open(settings.home.database)
    try:
        journal = Journal(store, SystemClock(), lambda _: None)
        await journal.open()
        added = known = 0
        batch: list[Event] = []
        for number, fields in _lines(file):
            cls = EVENTS.get(str(fields.get("type")))
            if cls is None or not cls.durable:
                continue
            try:
                event = msgspec.convert(fields, cls, strict=False)
            except msgspec.ValidationError as error:
                raise StartError(f"{file}, line {number}: {error}") from error
            batch.append(msgspec.structs.replace(event, origin=Origin.REPLAY))
            if len(batch) == BATCH:
                logged = await journal.append(batch)
                added += sum(event is not None for event in logged)
                known += sum(event is None for event in logged)
                batch = []
        logged = await journal.append(batch)
        added += sum(event is not None for event in logged)
        known += sum(event is None for event in logged)
        await journal.close()
        return added, known
    finally:
        await store.close()


def _replay(flags: argparse.Namespace) -> int:
    if not SLOWEST <= flags.speed <= FASTEST:
        raise StartError(f"--speed takes {SLOWEST:.0f} to {FASTEST:.0f}; found {flags.speed}.")
    run = running_instance(flags)
    count, last = 0, None
    try:
        for number, fields in _lines(flags.file):
            at = _time_of(fields)
            if at is not None and last is not None and at > last:
                time.sleep((at - last).total_seconds() / flags.speed)
            last = at or last
            body = {key: value for key, value in fields.items() if key not in _BASE}
            try:
                call(run, "POST", "/api/events/simulate", body)
                count += 1
            except CallError as error:
                print(f"line {number} was left out: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        pass
    print(f"{count:,} events replayed as test events")
    return 0


def _lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                fields = json.loads(line)
            except ValueError as error:
                raise StartError(f"{file}, line {number}: expected JSON: {error}") from error
            if not isinstance(fields, dict):
                raise StartError(f"{file}, line {number}: expected an event, an object.")
            yield number, fields


def _time_of(fields: dict[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(fields.get("at")))
    except ValueError:
        return None
