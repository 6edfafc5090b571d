"""A store on a real file, and a journal that remembers what it published."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from streamcore.core.journal import Journal, LoggedEvent
from streamcore.core.store import Store
from tests.fakes.clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path / "streamcore.db")
    yield opened
    await opened.close()


@dataclass
class Published:
    """Takes what the journal publishes."""

    events: list[LoggedEvent] = field(default_factory=list)
    calls: int = 0

    def __call__(self, events: Sequence[LoggedEvent]) -> None:
        self.calls += 1
        self.events += events

    @property
    def seqs(self) -> list[int]:
        return [event.seq for event in self.events]


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
async def journal(store: Store, clock: ManualClock, published: Published) -> AsyncIterator[Journal]:
    opened = Journal(store, clock, published)
    await opened.open()
    yield opened
    await opened.close()
