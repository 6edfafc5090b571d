"""Which handler of which module is running right now, known to the code it calls."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

import msgspec

from streamcore.protocol.events import Event

if TYPE_CHECKING:
    from streamcore.sdk._runtime.once import OnceGuards

__all__ = ["EffectScope", "Running", "current", "effect", "running"]


class Running(msgspec.Struct):
    """A handler at work; `guards` counts its `once` blocks."""

    guards_log: OnceGuards
    handler: str
    event: Event
    guards: int = 0

    def once(self, event: Event, name: str) -> OnceGuards.Guard:
        """Return the guard of the handler's next effect."""
        self.guards += 1
        return self.guards_log.guard(event, name or f"{self.handler}#{self.guards}")


class EffectScope(msgspec.Struct):
    """The inside of a `once` block: gives each command of it the same key in every life."""

    key: str
    commands: int = 0

    def next_key(self) -> str:
        """Return the idempotency key of the block's next command."""
        self.commands += 1
        return f"{self.key}:{self.commands}"


current: ContextVar[Running | None] = ContextVar("streamcore_running", default=None)
effect: ContextVar[EffectScope | None] = ContextVar("streamcore_effect", default=None)


def running(event: Event) -> Running:
    """Return the running handler; outside of one, `event.once()` has no module to ask."""
    found = current.get()
    if found is None:
        raise RuntimeError(
            f"once() of {type(event).__name__} works inside a handler; elsewhere use "
            "`async with self.once(event, name):`"
        )
    return found
