"""What a session needs of a connection, and what a connection needs of a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from streamcore.core.bus import Batch

__all__ = ["Link", "Session"]


class Link(Protocol):
    """One Socket.IO connection in one namespace, seen from inside."""

    namespace: str

    @property
    def buffered(self) -> int:
        """Return the bytes that the peer has not taken yet."""

    @property
    def is_behind(self) -> bool:
        """Say whether the peer has not taken everything that was sent."""

    def when_drained(self, callback: Callable[[], None]) -> None:
        """Call back each time the peer has taken everything after it was behind."""

    def send(self, name: str, payload: object) -> None:
        """Send one event; does nothing when the connection is gone."""

    def send_batch(self, batch: Batch) -> None:
        """Send a batch as one `events` packet."""

    async def call(self, name: str, payload: object, timeout_s: float) -> bytes:
        """Send one event and return the first argument of its ack as JSON.

        Raises TimeoutError, and ConnectionError when the connection goes first.
        """

    def close(self, reason: str) -> None:
        """End the connection, politely if the peer lets us."""


class Session(Protocol):
    """One connected party."""

    allowed: frozenset[str]
    """The names of the events that the party may send."""

    async def opened(self) -> None:
        """The connection was accepted."""

    def handle_now(self, name: str, payload: msgspec.Raw) -> bool:
        """Deal with an event at once; False when it needs `handle`."""

    def handle(self, name: str, payload: msgspec.Raw) -> object | None:
        """Deal with an event: return the ack, or its coroutine when something is waited for."""

    def closed(self, reason: str) -> None:
        """The connection is gone."""
