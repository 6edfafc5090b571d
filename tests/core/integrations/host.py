"""The core as an integration sees it, with time that runs a hundred times faster."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from streamcore.core.clock import Clock
from streamcore.core.errors import SecretsError, StorageError
from streamcore.core.integrations.base import Integration
from streamcore.core.secrets import Secret
from streamcore.protocol.events import Event
from streamcore.protocol.permissions import Permission

__all__ = ["FastClock", "MemoryNotes", "MemorySecrets", "TestHost", "eventually"]

E = TypeVar("E", bound=Event)

SPEED = 100.0
_DEADLINE_S = 8.0


class FastClock(Clock):
    """Both clocks run `speed` times as fast as the machine's."""

    def __init__(self, speed: float = SPEED) -> None:
        self._speed = speed
        self._began = time.monotonic()
        self._wall = datetime.now(UTC)

    def now(self) -> datetime:
        return self._wall + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (time.monotonic() - self._began) * self._speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)


class MemorySecrets:
    """Secrets that are lost with the object; `stored` survives what a crash would leave."""

    def __init__(self) -> None:
        self.stored: dict[str, str] = {}
        self.writes = 0
        self.fail_writes = 0
        self.hold_writes: asyncio.Event | None = None
        self.held = 0

    async def get(self, name: str) -> Secret | None:
        value = self.stored.get(name)
        return None if value is None else Secret(value)

    async def set(self, name: str, value: Secret) -> None:
        if self.hold_writes is not None:
            self.held += 1
            await self.hold_writes.wait()
        if self.fail_writes:
            self.fail_writes -= 1
            raise SecretsError("The secrets file cannot be written.")
        self.writes += 1
        self.stored[name] = value.reveal()

    async def delete(self, name: str) -> None:
        self.stored.pop(name, None)


class MemoryNotes:
    """Notes that are lost with the object; `stored` survives what a crash would leave."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}
        self.fail_writes = 0

    async def get(self, name: str) -> bytes | None:
        return self.stored.get(name)

    async def set(self, name: str, value: bytes) -> None:
        if self.fail_writes:
            self.fail_writes -= 1
            raise StorageError("The disk is full.")
        self.stored[name] = value

    async def delete(self, name: str) -> None:
        self.stored.pop(name, None)


class TestHost:
    """Keeps what an integration publishes, and what it says about itself."""

    __test__ = False

    def __init__(
        self, secrets: MemorySecrets | None = None, notes: MemoryNotes | None = None
    ) -> None:
        self.secrets = secrets or MemorySecrets()
        self.notes = notes or MemoryNotes()
        self.wanted: dict[Permission, Sequence[str]] = {}
        self.clock: Clock = FastClock()
        self.random = random.Random(7)
        self.events: list[Event] = []
        self.changes: list[str] = []
        self.full_disk = False

    async def publish(self, events: Sequence[Event]) -> None:
        await asyncio.sleep(0)
        if self.full_disk:
            raise StorageError("The disk is full.")
        self.events.extend(events)

    def status_changed(self, platform_id: str) -> None:
        self.changes.append(platform_id)

    def wishes(self, platform_id: str) -> Mapping[Permission, Sequence[str]]:
        return self.wanted

    def of(self, kind: type[E]) -> list[E]:
        """Return the published events of one type."""
        return [event for event in self.events if isinstance(event, kind)]

    async def wait_events(self, kind: type[E], count: int = 1) -> list[E]:
        """Wait until that many events of one type were published."""
        await eventually(lambda: len(self.of(kind)) >= count)
        return self.of(kind)


async def eventually(
    condition: Callable[[], bool], *, integration: Integration | None = None
) -> None:
    """Wait for a condition, at most a few seconds."""
    deadline = time.monotonic() + _DEADLINE_S
    while not condition():
        if time.monotonic() > deadline:
            state = "" if integration is None else f" (status: {integration.status})"
            raise AssertionError(f"it never happened{state}")
        await asyncio.sleep(0.002)
