"""EventSub's side of the HTTP API: making, listing and ending subscriptions.

https://dev.twitch.tv/docs/api/reference/#create-eventsub-subscription
"""

from __future__ import annotations

import msgspec

from streamcore.core.integrations.twitch.api.helix import Helix, RefusedError
from streamcore.core.integrations.twitch.api.pages import pages
from streamcore.core.integrations.twitch.eventsub.wanted import Wanted, condition

__all__ = ["Calls", "Existing"]

_EXISTS = 409


class _Transport(msgspec.Struct, frozen=True, kw_only=True):
    session_id: str = ""


class Existing(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription that Twitch knows."""

    id: str
    type: str = ""
    status: str = ""
    transport: _Transport = _Transport()
    condition: dict[str, object] = {}

    @property
    def is_dead(self) -> bool:
        """Tell whether its socket is gone; it counts against the limits until it is deleted."""
        return self.status.startswith("websocket_")


class _Made(msgspec.Struct, frozen=True, kw_only=True):
    id: str = ""


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Made, ...] = ()


class Calls:
    """The calls for one streamer's channel; all raise what `Helix` raises."""

    def __init__(self, helix: Helix, url: str, user_id: str) -> None:
        self._helix = helix
        self._url = url
        self._user_id = user_id

    async def make(self, wanted: Wanted, session_id: str) -> str:
        """Subscribe and return the subscription's id; empty when it existed already."""
        body = {
            "type": wanted.type,
            "version": wanted.version,
            "condition": condition(wanted, self._user_id),
            "transport": {"method": "websocket", "session_id": session_id},
        }
        try:
            answer = await self._helix.post(self._url, body, _Answer)
        except RefusedError as error:
            if error.status == _EXISTS:
                return ""
            raise
        return answer.data[0].id if answer.data else ""

    async def end(self, wanted: Wanted, subscription_id: str, session_id: str) -> None:
        """End a subscription; one whose id we were never told is looked for."""
        ids = [subscription_id]
        if not subscription_id:
            about = msgspec.to_builtins(condition(wanted, self._user_id))
            ids = [
                existing.id
                for existing in await self.list()
                if existing.transport.session_id == session_id
                and existing.type == wanted.type
                and about.items() <= existing.condition.items()
            ]
        for each in ids:
            await self.delete(each)

    async def delete(self, subscription_id: str) -> None:
        """End a subscription by its id; one that is gone is as good."""
        await self._helix.delete(self._url, {"id": subscription_id})

    async def list(self) -> list[Existing]:
        """Return every subscription of this app and user, those of dead sockets too."""
        found = pages(self._helix, self._url, Existing, {}, is_background=False)
        return [existing async for page in found for existing in page.data]
