"""The events as handlers get them: the protocol's, each with `once()`.

Every class is a subclass of its namesake in `streamcore.protocol.events`, made when it is first
asked for: a module process pays only for the types that it uses.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, cast

from streamcore.protocol.events import EVENTS, Event
from streamcore.sdk._runtime.context import running

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

__all__ = ["EVENT_NAMES", "class_of"]

EVENT_NAMES = {cls.__name__: name for name, cls in EVENTS.items()}
"""The `type` of every event class by the class's name."""


def _once(self: Event, name: str = "") -> AbstractAsyncContextManager[None]:
    """Guard an effect so that it happens a single time, even across crashes of the module."""
    return running(self).once(self, name)


@functools.cache
def class_of(type_name: str) -> type[Event]:
    """Return the class of an event type (`chat_message`)."""
    base = EVENTS[type_name]
    body = {"__module__": __name__, "__doc__": base.__doc__, "once": _once}
    # A struct's class keywords cannot be told to `type()` in a typed way.
    made: Any = cast(Any, type(base))(
        base.__name__, (base,), body, frozen=True, kw_only=True, tag=type_name
    )
    return cast("type[Event]", made)


def __getattr__(name: str) -> type[Event]:
    type_name = EVENT_NAMES.get(name)
    if type_name is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return class_of(type_name)
