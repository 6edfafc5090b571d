"""Catch-up: the event types that a module wants to be told of after it was away."""

from __future__ import annotations

from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, nearest, show
from streamcore.bundle.rules._lists import list_problems, texts
from streamcore.protocol.events import EVENTS

__all__ = ["check_catch_up"]


def check_catch_up(facts: Facts) -> Iterator[Problem]:
    """Types that are kept in the log and that the module may read."""
    yield from list_problems(facts, "catch_up", "event types")
    asked = {name for _, name in texts(facts, "permissions")}
    for path, name in texts(facts, "catch_up"):
        event = EVENTS.get(name)
        if event is None:
            yield facts.error(path, "an event type", show(name), nearest(name, EVENTS))
        elif not event.durable:
            yield facts.error(path, "an event type that is kept in the log", show(name))
        elif event.permission is not None and event.permission.value not in asked:
            yield facts.warning(
                path,
                f'an event that the permissions cover ("{event.permission.value}")',
                show(name),
            )
