"""How a group of subscription types is put down: for each type its reader and its mapping."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from streamcore.core.integrations.twitch.events.reading import reader
from streamcore.core.integrations.twitch.events.source import Source
from streamcore.protocol.events import Event
from streamcore.protocol.objects import Phase

__all__ = ["Events", "Mapping", "mapping", "phase_id", "phases"]

W = TypeVar("W", bound=msgspec.Struct)
Events = tuple[Event, ...]
Mapping = Callable[[Source, msgspec.Raw], Events]


def mapping(shape: type[W], function: Callable[[Source, W], Event | None]) -> Mapping:
    """Return how a payload of `shape` becomes an event; None is a fact that is told elsewhere."""
    read = reader(shape)

    def mapped(source: Source, raw: msgspec.Raw) -> Events:
        event = function(source, read(raw))
        return () if event is None else (event,)

    return mapped


def phases(
    prefix: str,
    shape: type[W],
    function: Callable[[Source, W, Phase], Event | None],
    **ends: Phase,
) -> dict[str, Mapping]:
    """Return the mappings of `<prefix>.begin`, `<prefix>.progress` …, one for each of `ends`."""

    def of(phase: Phase) -> Mapping:
        return mapping(shape, lambda source, data: function(source, data, phase))

    return {f"{prefix}.{end}": of(phase) for end, phase in ends.items()}


def phase_id(kind: str, fact: str, phase: Phase) -> str:
    """Return the natural id of a phase; progress has none, since each tells the whole state."""
    return "" if phase is Phase.PROGRESS else f"{kind}:{fact}:{phase.value}"
