"""Decorators for a module's methods: events, chat commands, calls and times."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from streamcore.protocol.events import Event
from streamcore.protocol.objects import Role
from streamcore.sdk._marks import (
    CallMark,
    Mark,
    add_mark,
    command_mark,
    event_mark,
    time_mark,
)

__all__ = ["Handler", "command", "every", "on_call", "on_event"]

Handler = TypeVar("Handler", bound=Callable[..., Any])
"""A handler, plain or `async`; a decorator gives it back as it was."""


def on_event(*types: str | type[Event], concurrent: bool = False) -> Callable[[Handler], Handler]:
    """Handle events: `@on_event("donation")`, or `@on_event(Donation)`.

    Handlers run in the order of the log, one at a time; with `concurrent=True` the next event does
    not wait for this handler.
    """
    return _marker(event_mark(types, concurrent=concurrent))


def command(
    *names: str,
    cooldown: float = 0,
    user_cooldown: float = 0,
    roles: Iterable[Role | str] = (),
) -> Callable[[Handler], Handler]:
    """Handle a chat command: `@command("!hello", cooldown=5)`.

    A message whose first word is one of `names` (upper and lower case are the same) calls the
    handler with the message, and with the rest of the text when it takes a second argument.
    `cooldown` is the pause in seconds for everybody, `user_cooldown` for each person; `roles` are
    those of which the person needs at least one.
    """
    return _marker(command_mark(names, cooldown, user_cooldown, roles))


def on_call(name: str) -> Callable[[Handler], Handler]:
    """Handle a call of the module's own page, or of another module.

    The handler gets the arguments by keyword; what it returns is the answer.
    """
    return _marker(CallMark(name))


def every(
    *, seconds: float = 0, minutes: float = 0, hours: float = 0
) -> Callable[[Handler], Handler]:
    """Run again and again; the first time after one interval."""
    return _marker(time_mark(seconds, minutes, hours))


def _marker(mark: Mark) -> Callable[[Handler], Handler]:
    def mark_it(handler: Handler) -> Handler:
        add_mark(handler, mark)
        return handler

    return mark_it
