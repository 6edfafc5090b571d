"""Makes test events: marked as such, logged and delivered like real ones, never sent outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.errors import InvalidInputError
from streamcore.core.simulator.believable import BELIEVABLE, VIEWER
from streamcore.core.simulator.scenarios import SCENARIOS
from streamcore.protocol.events import EVENTS, Event, Origin
from streamcore.protocol.ids import new_id

__all__ = ["Simulator"]

_FIXED = frozenset({"id", "seq", "received_at", "origin", "is_test"})
"""What a test event cannot choose."""
_NOBODY = frozenset({"stream_online", "stream_offline", "stream_updated", "ad_break", "obs_state"})
MAX_SPEED = 100.0


class Simulator:
    """Turns a request into logged events."""

    def __init__(
        self,
        append: Callable[[Sequence[Event]], Awaitable[Sequence[Event | None]]],
        default_platform: Callable[[], str],
        clock: Clock,
    ) -> None:
        self._append = append
        self._default_platform = default_platform
        self._clock = clock

    async def simulate(self, request: dict[str, Any]) -> list[bytes]:
        """Log one event (`type` and any of its fields) or a `scenario`; return them encoded.

        Returns after the events are durable. A scenario takes as long as its pauses over `speed`.
        Raises InvalidInputError.
        """
        if "scenario" in request:
            return await self._play(request)
        return await self._log([self._event(request)])

    async def _play(self, request: dict[str, Any]) -> list[bytes]:
        unknown = sorted(request.keys() - {"scenario", "speed", "platform"})
        if unknown:
            raise InvalidInputError(
                f"A scenario takes 'scenario', 'speed' and 'platform'; found {unknown}.",
                field=unknown[0],
            )
        scenario = SCENARIOS.get(str(request["scenario"]))
        if scenario is None:
            known = ", ".join(sorted(SCENARIOS))
            raise InvalidInputError(f"Expected one of: {known}.", field="scenario")
        speed = request.get("speed", 1)
        is_number = isinstance(speed, int | float) and not isinstance(speed, bool)
        if not is_number or not 0 < speed <= MAX_SPEED:
            raise InvalidInputError(
                f"Expected a number above 0, up to {MAX_SPEED:.0f}.", field="speed"
            )
        platform = request.get("platform", self._default_platform())
        logged: list[bytes] = []
        waited = 0.0
        batch: list[Event] = []
        for pause, fields in scenario():
            waited += pause / speed
            if waited >= 0.02 and batch:
                logged += await self._log(batch)
                batch = []
                await self._clock.sleep(waited)
                waited = 0.0
            batch.append(self._event(fields | {"platform": platform}))
        return logged + await self._log(batch)

    def _event(self, request: dict[str, Any]) -> Event:
        name = request.get("type")
        cls = EVENTS.get(name) if isinstance(name, str) else None
        if cls is None or not isinstance(name, str):
            known = ", ".join(sorted(EVENTS))
            raise InvalidInputError(f"Expected one of: {known}; found {name!r}.", field="type")
        known_fields = {field.encode_name for field in msgspec.structs.fields(cls)}
        unknown = sorted(request.keys() - known_fields - {"type"})
        if unknown:
            expected = ", ".join(sorted(known_fields - _FIXED))
            raise InvalidInputError(
                f"'{name}' has no such field; it takes: {expected}.", field=unknown[0]
            )
        given = {key: value for key, value in request.items() if key not in _FIXED}
        platform = given.get("platform", self._default_platform())
        identity = new_id()
        fields: dict[str, Any] = {
            "at": self._clock.now(),
            "channel_id": "simulator",
            "source_id": f"sim:{identity}",
            "user": None if name in _NOBODY else VIEWER,
        }
        if "message_id" in known_fields:
            fields["message_id"] = f"sim-{identity}"
        fields |= BELIEVABLE.get(name, {})
        fields |= given
        fields["platform"] = platform
        if "text" in given and "fragments" in known_fields and "fragments" not in given:
            fields["fragments"] = [{"kind": "text", "text": given["text"]}]
        fields |= {"type": name, "origin": Origin.SIMULATED, "is_test": True}
        try:
            return _in_utc(msgspec.convert(fields, cls))
        except msgspec.ValidationError as error:
            raise InvalidInputError(f"'{name}' does not fit its type: {error}.") from error

    async def _log(self, events: Sequence[Event]) -> list[bytes]:
        if not events:
            return []
        logged = await self._append(events)
        return [msgspec.json.encode(event) for event in logged if event is not None]


def _in_utc(event: Event) -> Event:
    """Turn the times that somebody wrote with an offset into UTC, as all of ours are."""
    changed: dict[str, datetime] = {}
    for field in msgspec.structs.fields(event):
        value = getattr(event, field.name)
        if not isinstance(value, datetime):
            continue
        if value.tzinfo is None:
            message = f"Expected a time with its offset, like 2026-01-31T20:00:00Z; found {value}."
            raise InvalidInputError(message, field=field.encode_name)
        changed[field.name] = value.astimezone(UTC)
    return msgspec.structs.replace(event, **changed)
