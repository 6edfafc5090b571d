"""What all deeds need: where to tell them, and what they left running."""

from __future__ import annotations

from tests.fakes.twitch.eventsub import FakeEventSub
from tests.fakes.twitch.helix.crowd import FakeCrowd
from tests.fakes.twitch.payloads import Payload

__all__ = ["Doing"]


class Doing:
    """Tells deeds to `eventsub`, and keeps the state of what lasts by its id."""

    eventsub: FakeEventSub
    crowd: FakeCrowd

    def __init__(self) -> None:
        self._running: dict[str, Payload] = {}

    async def _tell(self, kind: str, event: Payload) -> None:
        await self.eventsub.deliver(kind, event)

    async def _begin(self, kind: str, state: Payload) -> str:
        """Tell a state that lasts from now on; returns its id."""
        name = str(state["id"])
        self._running[name] = state
        await self._tell(kind, state)
        return name

    async def _go_on(self, kind: str, name: str, **changed: object) -> Payload:
        """Tell the next state of what runs."""
        state = self._running[name] = {**self._running[name], **changed}
        await self._tell(kind, state)
        return state
