"""`events import`: adds the events of an export to the log, each of them once."""

from __future__ import annotations

import argparse
import asyncio
import functools
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from streamcore.cli.events.lines import read_lines
from streamcore.cli.home import resting, settings_from
from streamcore.core.clock import SystemClock
from streamcore.core.errors import StartError
from streamcore.core.journal import Journal, LoggedEvent
from streamcore.core.journal.reading import read_upwards
from streamcore.core.store import Store
from streamcore.protocol.events import EVENTS, Event, Origin

__all__ = ["import_events"]

BATCH = 500


class _Identified(msgspec.Struct):
    id: str


def import_events(flags: argparse.Namespace) -> int:
    """Add what the log does not hold yet; all of the file is looked at before."""
    home, file = settings_from(flags).home, flags.file
    ids, unknown = _look_through(file)
    with resting(home):
        added = asyncio.run(_append(home.database, file, ids))
    print(f"{added:,} events added, {len(ids) - added:,} were there already")
    if unknown:
        print(f"{unknown:,} of types that this version does not log were left out")
    return 0


def _look_through(file: Path) -> tuple[set[str], int]:
    """Return the ids of the events, and how many lines hold what is not logged here."""
    ids: set[str] = set()
    unknown = 0
    for number, event in _events(file):
        if event is None:
            unknown += 1
        elif not event.id:
            raise StartError(f"{file}, line {number}: expected an event with its id; found none.")
        else:
            ids.add(event.id)
    return ids, unknown


def _events(file: Path) -> Iterator[tuple[int, Event | None]]:
    for number, fields in read_lines(file):
        cls = EVENTS.get(str(fields.get("type")))
        if cls is None or not cls.durable:
            yield number, None
            continue
        try:
            event = msgspec.convert(fields, cls)
        except msgspec.ValidationError as error:
            raise StartError(f"{file}, line {number}: {error}. Nothing was added.") from error
        yield number, msgspec.structs.replace(event, origin=Origin.REPLAY)


async def _append(database: Path, file: Path, ids: set[str]) -> int:
    store = await Store.open(database)
    try:
        journal = Journal(store, SystemClock(), lambda _: None)
        await journal.open()
        try:
            missing = ids - await _known(store, journal.head, ids)
            added = 0
            batch: list[Event] = []
            for _, event in _events(file):
                if event is not None and event.id in missing:
                    missing.discard(event.id)
                    batch.append(event)
                if len(batch) == BATCH:
                    added += _count(await journal.append(batch))
                    batch = []
            return added + _count(await journal.append(batch))
        finally:
            await journal.close()
    finally:
        await store.close()


async def _known(store: Store, head: int, ids: set[str]) -> set[str]:
    """Return which ids stand in the log."""
    decode = msgspec.json.Decoder(_Identified).decode
    known: set[str] = set()
    after = 0
    while page := await store.read(functools.partial(_page, after=after, until=head)):
        known.update(ids.intersection(decode(event.body).id for event in page))
        after = page[-1].seq
    return known


def _page(connection: sqlite3.Connection, *, after: int, until: int) -> list[LoggedEvent]:
    return read_upwards(connection, lambda _: True, after=after, until=until, limit=BATCH)


def _count(logged: list[Event | None]) -> int:
    return sum(event is not None for event in logged)
