"""The handlers of one module, gathered from its class and from what `setup` adds."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from streamcore.sdk._marks import CallMark, CommandMark, EventMark, Mark, TimeMark, marks_of

__all__ = ["EventHandler", "Function", "Registry", "TimedHandler", "WordHandler"]

Function = Callable[..., Any]
"""A handler as the author wrote it, bound to the module when it is a method."""


class EventHandler(NamedTuple):
    """For events of some types."""

    function: Function
    name: str
    concurrent: bool


class WordHandler(NamedTuple):
    """For chat messages that begin with one of some words."""

    function: Function
    name: str
    mark: CommandMark
    wants_rest: bool


class TimedHandler(NamedTuple):
    """For the passing of time."""

    function: Function
    name: str
    interval_s: float


class Registry:
    """Who handles what; `changed` is called when something is added later."""

    def __init__(self, module: object) -> None:
        self.events: dict[str, list[EventHandler]] = {}
        self.words: dict[str, list[WordHandler]] = {}
        self.calls: dict[str, Function] = {}
        self.timed: list[TimedHandler] = []
        self.changed: Callable[[], None] = lambda: None
        for name in _attribute_names(type(module)):
            for mark in marks_of(getattr(type(module), name, None)):
                self._add(mark, getattr(module, name))

    def add(self, mark: Mark, function: Function) -> None:
        """Add a handler and say so."""
        self._add(mark, function)
        self.changed()

    @property
    def event_types(self) -> tuple[str, ...]:
        """Every type that somebody handles."""
        words = ("chat_message",) if self.words else ()
        return tuple(dict.fromkeys((*words, *self.events)))

    def _add(self, mark: Mark, function: Function) -> None:
        name = getattr(function, "__name__", type(function).__name__)
        match mark:
            case EventMark():
                handler = EventHandler(function, name, mark.concurrent)
                for type_name in mark.types:
                    self.events.setdefault(type_name, []).append(handler)
            case CommandMark():
                word_handler = WordHandler(function, name, mark, _arity(function) > 1)
                for word in mark.names:
                    self.words.setdefault(word, []).append(word_handler)
            case CallMark():
                if mark.name in self.calls:
                    raise ValueError(f"there are two handlers for the call {mark.name!r}")
                self.calls[mark.name] = function
            case TimeMark():
                self.timed.append(TimedHandler(function, name, mark.interval_s))


def _attribute_names(cls: type) -> list[str]:
    """Return names in the order of definition, base classes first."""
    names: dict[str, None] = {}
    for part in reversed(cls.__mro__):
        names.update(dict.fromkeys(vars(part)))
    return list(names)


def _arity(function: Function) -> int:
    return sum(
        1
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    )
