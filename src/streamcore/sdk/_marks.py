"""What a handler is for: the marks that decorators put on functions, checked when written."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from streamcore.protocol.events import EVENTS, Event, event_type
from streamcore.protocol.objects import Role

__all__ = [
    "CallMark",
    "CommandMark",
    "EventMark",
    "Mark",
    "TimeMark",
    "add_mark",
    "command_mark",
    "event_mark",
    "marks_of",
    "time_mark",
]

_ATTRIBUTE = "__streamcore_marks__"


class EventMark(msgspec.Struct, frozen=True):
    """`on_event`: which types, and whether the handler may run beside others."""

    types: tuple[str, ...]
    concurrent: bool


class CommandMark(msgspec.Struct, frozen=True):
    """`command`: which first words, who may use it, and how often."""

    names: tuple[str, ...]
    cooldown_s: float
    user_cooldown_s: float
    roles: tuple[Role, ...]


class CallMark(msgspec.Struct, frozen=True):
    """`on_call`: under which name."""

    name: str


class TimeMark(msgspec.Struct, frozen=True):
    """`every`: how often."""

    interval_s: float


Mark = EventMark | CommandMark | CallMark | TimeMark


def event_mark(types: tuple[str | type[Event], ...], *, concurrent: bool) -> EventMark:
    """Return the mark of `on_event`."""
    if not types:
        raise ValueError('on_event needs at least one event type, for example on_event("follow")')
    return EventMark(tuple(_type_name(item) for item in types), concurrent)


def command_mark(
    names: tuple[str, ...], cooldown_s: float, user_cooldown_s: float, roles: Iterable[Role | str]
) -> CommandMark:
    """Return the mark of `command`."""
    if not names:
        raise ValueError('command needs at least one word, for example command("!hello")')
    for name in names:
        if len(name.split()) != 1 or name != name.strip():
            raise ValueError(f"a chat command is one word without spaces; found {name!r}")
    words = tuple(name.casefold() for name in names)
    return CommandMark(words, cooldown_s, user_cooldown_s, tuple(Role(role) for role in roles))


def time_mark(seconds: float, minutes: float, hours: float) -> TimeMark:
    """Return the mark of `every`."""
    interval_s = seconds + 60 * minutes + 3600 * hours
    if interval_s <= 0:
        raise ValueError("every needs a time above zero, for example every(minutes=10)")
    return TimeMark(interval_s)


def add_mark(function: object, mark: Mark) -> None:
    """Put a mark on a function."""
    # Decorators nearer to the function come first; marks are kept in reading order.
    setattr(function, _ATTRIBUTE, (mark, *marks_of(function)))


def marks_of(function: object) -> tuple[Mark, ...]:
    """Return the marks of a function."""
    marks: tuple[Mark, ...] = getattr(function, _ATTRIBUTE, ())
    return marks


def _type_name(item: str | type[Event]) -> str:
    name = item if isinstance(item, str) else event_type(item)
    if name in EVENTS:
        return name
    import difflib  # only ever needed to help with a mistake

    near = difflib.get_close_matches(name, EVENTS, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"there is no event of type {name!r}{hint}")
